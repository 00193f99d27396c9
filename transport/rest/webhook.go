package rest

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels/webhook"
	"crafttalkd/transport/herald"
)

// Webhooks are those at work.
type Webhooks interface {
	Attempts(id string) ([]herald.Attempt, error)
	Failed(id string) ([]herald.Failed, error)
	Waiting(id string) (int, error)
	// Resend tries what has failed again: the items named, or with none all.
	Resend(id string, items []string) (int, error)
	// Try posts a test, once.
	Try(ctx context.Context, w *event.Webhook) herald.Attempt
}

// WebhookFields are what may be said of a webhook.
type WebhookFields struct {
	Name  string   `json:"name"`
	URL   string   `json:"url" need:"yes" doc:"where facts are posted"`
	Kinds []string `json:"kinds" doc:"of facts, as the feed calls them; none stands for all that the permissions open"`
	Grants
	Disabled bool `json:"disabled" doc:"what happens meanwhile is not told afterwards"`
}

// PutWebhook is a webhook as it is put.
type PutWebhook struct {
	WebhookFields
	Revised
}

// Webhook is a webhook as it is shown.
type Webhook struct {
	WebhookID string `json:"webhook_id"`
	WebhookFields
	Signing string `json:"signing,omitempty" doc:"of a new webhook: what its posts are signed with, told this once"`
	Mark
}

var ourWebhooks = webhookCollection{collection[*event.Webhook, PutWebhook, Webhook]{
	name: "webhooks", kind: "Webhook", view: letIn, change: letIn, allow: covered[*event.Webhook],
	entries: func(d directory.State) map[string]directory.Entry[*event.Webhook] { return d.Webhooks },
	show: func(_ directory.State, id string, e directory.Entry[*event.Webhook]) Webhook {
		w := e.Value
		return Webhook{WebhookID: id, Mark: markOf(e), WebhookFields: WebhookFields{Name: w.Name, URL: w.Url, Kinds: list(w.Kinds),
			Grants: grantsOf(w), Disabled: w.Disabled}}
	},
}}

// webhookCollection is a collection whose new entries come with a secret.
type webhookCollection struct {
	collection[*event.Webhook, PutWebhook, Webhook]
}

func (k webhookCollection) routes() []*route {
	routes := k.collection.routes()
	for _, rt := range routes {
		if rt.method == "PUT" {
			rt.verb = takes(k.put)
		}
	}
	const one = "/api/v1/webhooks/:id"
	return append(routes,
		&route{method: "POST", path: one + "/secret", summary: "Make a new signing secret; posts are signed with the one before it too, until the next", may: letIn, verb: answers((*call).rotateSigning)},
		&route{method: "POST", path: one + "/test", summary: "Post a test to a webhook, once", act: audit.WebhookTested, may: letIn, verb: answers((*call).tryWebhook)},
		&route{method: "GET", path: one + "/log", summary: "The latest posts of a webhook, and how much waits", may: letIn, verb: answers((*call).webhookLog)},
		&route{method: "GET", path: one + "/failed", summary: "What a webhook was not told within a day, the oldest first", may: letIn, verb: answers((*call).webhookFailed)},
		&route{method: "POST", path: one + "/resend", summary: "Tell what has failed again", act: audit.WebhookResent, may: letIn, verb: takes((*call).resend)},
	)
}

// put is collection.put that tells the signing secret of a new webhook, once.
func (k webhookCollection) put(c *call, in PutWebhook) (Webhook, error) {
	var signing string
	k.build = func(c *call, id string, in PutWebhook, old *event.Webhook) (*event.Webhook, func() error, error) {
		w := &event.Webhook{WebhookId: id, Name: in.Name, Url: in.URL, Kinds: in.Kinds, Roles: in.Roles, CenterIds: in.CenterIDs,
			LineIds: in.LineIDs, Languages: in.Languages, Skills: in.Skills, Disabled: in.Disabled, Secrets: old.GetSecrets()}
		if old != nil {
			return w, nil, nil
		}
		signing = newSigning()
		var err error
		w.Secrets, err = sealSigning(c.config.Vault, id, []string{signing})
		return w, nil, err
	}
	out, err := k.collection.put(c, in)
	if err != nil {
		return Webhook{}, err
	}
	out.Signing = signing
	return out, nil
}

// signings are what a webhook keeps sealed: the newest secret first.
type signings struct {
	Signing []string `json:"signing"`
}

func sealSigning(v Vault, id string, secrets []string) ([]byte, error) {
	plain, err := json.Marshal(signings{secrets})
	if err != nil {
		return nil, fmt.Errorf("secrets of webhook %s: %w", id, err)
	}
	return v.Seal(plain, []byte("webhook/"+id)), nil
}

func openSigning(v Vault, w *event.Webhook) ([]string, error) {
	plain, err := v.Open(w.Secrets, []byte("webhook/"+w.WebhookId))
	var s signings
	if err == nil {
		err = json.Unmarshal(plain, &s)
	}
	if err != nil {
		return nil, fmt.Errorf("secrets of webhook %s: %w", w.WebhookId, err)
	}
	return s.Signing, nil
}

// Signers opens what a webhook's posts are signed with.
func Signers(v Vault, w *event.Webhook) ([]webhook.Signer, error) {
	secrets, err := openSigning(v, w)
	if err != nil {
		return nil, err
	}
	return webhook.NewSigners(secrets)
}

// hook returns the webhook that a call is about.
func (c *call) hook() (directory.Entry[*event.Webhook], error) {
	e, ok := c.directory().Webhooks[c.id()]
	if !ok {
		return e, refusal.New(refusal.NotFound, "there is no webhook %q", c.id())
	}
	return e, nil
}

// NewSigning is what posts are signed with from now on.
type NewSigning struct {
	Signing string `json:"signing" doc:"told this once"`
}

func (c *call) rotateSigning() (NewSigning, error) {
	old, err := c.hook()
	if err != nil {
		return NewSigning{}, err
	}
	secrets, err := openSigning(c.config.Vault, old.Value)
	if err != nil {
		return NewSigning{}, err
	}
	w, signing := proto.CloneOf(old.Value), newSigning()
	if w.Secrets, err = sealSigning(c.config.Vault, c.id(), []string{signing, secrets[0]}); err != nil {
		return NewSigning{}, err
	}
	return NewSigning{signing}, c.change(directory.Put{By: c.by(), Entry: w, Revision: old.Revision})
}

// WebhookPost is one post to a receiver.
type WebhookPost struct {
	At         time.Time `json:"at"`
	Item       string    `json:"item" doc:"the id of what was told"`
	Kind       string    `json:"kind"`
	Status     int       `json:"status" doc:"of the answer; 0 for none"`
	DurationMS int64     `json:"duration_ms"`
	Error      string    `json:"error" doc:"empty if it was taken"`
	Next       time.Time `json:"next,omitzero" doc:"when it is tried again"`
}

func postOf(a herald.Attempt) WebhookPost {
	return WebhookPost{a.At, a.Item, a.Kind, a.Status, a.Duration.Milliseconds(), a.Error, a.Next}
}

func (c *call) tryWebhook() (WebhookPost, error) {
	e, err := c.hook()
	if err != nil {
		return WebhookPost{}, err
	}
	return postOf(c.config.Webhooks.Try(c.r.Context(), e.Value)), nil
}

// WebhookLog is how a webhook fares.
type WebhookLog struct {
	Waiting int           `json:"waiting" doc:"facts that are tried again; those behind them wait in the journal and are not counted"`
	Items   []WebhookPost `json:"items" doc:"at most 100, the latest first"`
}

func (c *call) webhookLog() (out WebhookLog, err error) {
	if _, err := c.hook(); err != nil {
		return out, err
	}
	if out.Waiting, err = c.config.Webhooks.Waiting(c.id()); err != nil {
		return out, err
	}
	posts, err := c.config.Webhooks.Attempts(c.id())
	out.Items = []WebhookPost{}
	for _, p := range posts {
		out.Items = append(out.Items, postOf(p))
	}
	return out, err
}

// FailedPost is a fact that a receiver did not take within a day.
type FailedPost struct {
	Item    string    `json:"item"`
	FirstAt time.Time `json:"first_at"`
	Tries   int       `json:"tries"`
	Error   string    `json:"error" doc:"of the last try"`
}

func (c *call) webhookFailed() (List[FailedPost], error) {
	out := List[FailedPost]{Items: []FailedPost{}}
	if _, err := c.hook(); err != nil {
		return out, err
	}
	letters, err := c.config.Webhooks.Failed(c.id())
	for _, l := range letters {
		out.Items = append(out.Items, FailedPost{l.Item, l.First, l.Tries, l.Error})
	}
	return out, err
}

// Resend names what is to be told again.
type Resend struct {
	Items []string `json:"items" doc:"ids of what has failed; none stands for all of it"`
}

// Resent tells how much that is.
type Resent struct {
	Count int `json:"count"`
}

func (c *call) resend(in Resend) (Resent, error) {
	if _, err := c.hook(); err != nil {
		return Resent{}, err
	}
	n, err := c.config.Webhooks.Resend(c.id(), in.Items)
	return Resent{n}, err
}
