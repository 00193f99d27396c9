package rest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"google.golang.org/protobuf/types/known/durationpb"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels/webhook"
)

// AgentFields are what may be said of an automatic agent and is shown again.
type AgentFields struct {
	Kind      string                       `json:"kind" need:"yes" doc:"greeting, hours, bot, external or model"`
	Name      string                       `json:"name"`
	Disabled  bool                         `json:"disabled" doc:"passed over; a conversation that it keeps goes onward"`
	ArticleID string                       `json:"article_id" doc:"what a greeting and one of hours say"`
	Then      string                       `json:"then" doc:"what one of hours does with a customer outside them: onward, queue, close; empty is onward"`
	Bot       *Message[*event.BotSettings] `json:"bot,omitempty"`
}

// ExternalFields are where an agent is asked over HTTP, and how long it may take.
type ExternalFields struct {
	URL         string                         `json:"url" doc:"where an agent is asked; of a model, what /chat/completions is under"`
	Deadline    *Message[*durationpb.Duration] `json:"deadline,omitempty" doc:"for an answer; left out it is 10s"`
	Patience    *Message[*durationpb.Duration] `json:"patience,omitempty" doc:"for an answer that comes later; left out it is 300s"`
	Model       string                         `json:"model" doc:"the name the endpoint knows the model by"`
	Instruction string                         `json:"instruction" doc:"what a model is told before the sources"`
}

// PutExternal is where an agent is asked, as it is put.
type PutExternal struct{ ExternalFields }

// ExternalAgent is where an agent is asked, as it is shown.
type ExternalAgent struct{ ExternalFields }

// PutAgent is an automatic agent as it is put. Manual: Агенты.
type PutAgent struct {
	AgentFields
	External *PutExternal    `json:"external,omitempty" doc:"of kind external and model"`
	Secrets  json.RawMessage `json:"secrets" doc:"signing: what requests to an external agent are signed with, a list; bearer: what a model's endpoint is shown. Sealed and never shown again; what is left out is kept as it is, null takes out"`
	Revised
}

// Agent is an automatic agent as it is shown, without what is secret.
type Agent struct {
	AgentID string `json:"agent_id"`
	AgentFields
	External   *ExternalAgent `json:"external,omitempty"`
	HasSecrets bool           `json:"has_secrets"`
	Signing    string         `json:"signing,omitempty" doc:"what requests to a new external agent are signed with; told this once"`
	Mark
}

// AgentSecrets are what an agent keeps sealed.
type AgentSecrets struct {
	Signing []string `json:"signing,omitempty"` // as Standard Webhooks writes it; the first is the newest
	Bearer  string   `json:"bearer,omitempty"`
}

// OpenAgentSecrets opens what an agent keeps sealed. No agent has none.
func OpenAgentSecrets(v Vault, a *event.Agent) (s AgentSecrets, err error) {
	plain, err := openAgent(v, a)
	if err == nil && plain != nil {
		err = json.Unmarshal(plain, &s)
	}
	if err != nil {
		return s, fmt.Errorf("secrets of agent %s: %w", a.GetAgentId(), err)
	}
	return s, nil
}

func openAgent(v Vault, a *event.Agent) (json.RawMessage, error) {
	sealed := a.GetExternal().GetSecrets()
	if len(sealed) == 0 {
		return nil, nil
	}
	return v.Open(sealed, secretsOfAgent(a.AgentId))
}

// secretsOfAgent binds sealed secrets to their agent.
func secretsOfAgent(agent string) []byte { return []byte("agent/" + agent) }

// checkAgentSecrets refuses secrets that no agent has, and a signing secret that
// could sign nothing.
func checkAgentSecrets(plain json.RawMessage) error {
	var s AgentSecrets
	d := json.NewDecoder(bytes.NewReader(plain))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return refusal.Of("secrets", "the secrets are signing, a list of texts, and bearer, a text")
	}
	if len(s.Signing) > 0 {
		if _, err := webhook.NewSigners(s.Signing); err != nil {
			return err
		}
	}
	if strings.ContainsAny(s.Bearer, "\r\n") {
		return refusal.Of("secrets", "the bearer token is one line")
	}
	return nil
}

var ourAgents = agentCollection{collection[*event.Agent, PutAgent, Agent]{
	name: "agents", kind: "Agent", view: may(directory.ModifyConfiguration, directory.ModifyKnowledgebase), change: configure,
	entries: func(d directory.State) map[string]directory.Entry[*event.Agent] { return d.Agents },
	show:    agentOf,
}}

// agentCollection is a collection whose new entries may come with a secret.
type agentCollection struct {
	collection[*event.Agent, PutAgent, Agent]
}

func (k agentCollection) routes() []*route {
	routes := k.collection.routes()
	for _, rt := range routes {
		if rt.method == "PUT" {
			rt.verb = takes(k.put)
		}
	}
	return append(routes, &route{method: "POST", path: "/api/v1/agents/:id/try", summary: "Ask an external agent or a model for once; nothing is kept or done",
		act: audit.AgentTried, may: configure, verb: takes((*call).tryAgent)})
}

func agentOf(_ directory.State, id string, e directory.Entry[*event.Agent]) Agent {
	a := e.Value
	out := Agent{AgentID: id, HasSecrets: len(a.GetExternal().GetSecrets()) > 0, Mark: markOf(e), AgentFields: AgentFields{
		Kind: a.Kind, Name: a.Name, Disabled: a.Disabled, ArticleID: a.ArticleId, Then: a.Then, Bot: wrap(a.Bot)}}
	if x := a.External; x != nil {
		out.External = &ExternalAgent{ExternalFields{URL: x.Url, Deadline: wrap(x.Deadline), Patience: wrap(x.Patience), Model: x.Model, Instruction: x.Instruction}}
	}
	return out
}

// put is collection.put that tells the signing secret of a new external agent,
// once.
func (k agentCollection) put(c *call, in PutAgent) (Agent, error) {
	var made string
	k.build = func(c *call, id string, in PutAgent, old *event.Agent) (*event.Agent, func() error, error) {
		a := &event.Agent{AgentId: id, Kind: in.Kind, Name: in.Name, Disabled: in.Disabled, ArticleId: in.ArticleID, Then: in.Then, Bot: orNone(in.Bot)}
		if in.External == nil {
			return a, nil, nil
		}
		x := in.External
		a.External = &event.ExternalAgent{Url: x.URL, Deadline: orNone(x.Deadline), Patience: orNone(x.Patience), Model: x.Model, Instruction: x.Instruction}
		kept := old
		if old.GetKind() != a.Kind {
			kept = nil // they were another kind's
		}
		var err error
		a.External.Secrets, made, err = c.agentSecrets(a, kept, in.Secrets)
		return a, nil, err
	}
	out, err := k.collection.put(c, in)
	if err != nil {
		return Agent{}, err
	}
	out.Signing = made
	return out, nil
}

// agentSecrets seals what an agent keeps secret, and returns the signing secret
// that was made for one that came without. A bearer token is shown to the host
// that it was entered for: who moves the agent to another enters it anew.
func (c *call) agentSecrets(a, old *event.Agent, put json.RawMessage) (sealed []byte, made string, err error) {
	kept, err := openAgent(c.config.Vault, old)
	if err != nil {
		return nil, "", fmt.Errorf("secrets of agent %s: %w", a.AgentId, err)
	}
	moved := old != nil && host(old.External.GetUrl()) != host(a.External.Url)
	if kept != nil && moved {
		if kept, err = laidOver(kept, json.RawMessage(`{"bearer":null}`)); err != nil {
			return nil, "", err
		}
	}
	plain, err := laidOver(kept, put)
	if err != nil {
		return nil, "", err
	}
	if old == nil && a.Kind == directory.External && !(&Secrets{Channel: plain}).signs() {
		made = newSigning()
		if plain, err = laidOver(plain, json.RawMessage(`{"signing":["`+made+`"]}`)); err != nil {
			return nil, "", err
		}
	}
	switch {
	case plain == nil:
		return nil, "", nil
	case put == nil && made == "" && !moved:
		return old.GetExternal().GetSecrets(), "", nil
	}
	if err := checkAgentSecrets(plain); err != nil {
		return nil, "", err
	}
	return c.config.Vault.Seal(plain, secretsOfAgent(a.AgentId)), made, nil
}

// host is the scheme, the host and the port of an address.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
