package rest

import (
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/auth"
)

// KeyFields are what may be said of a key: who may do what with it, as of users.
type KeyFields struct {
	Name string `json:"name"`
	Grants
	Until time.Time `json:"until,omitzero" doc:"it is no key from then on; left out, it is one for good"`
	Rate  int32     `json:"rate" doc:"requests a minute; 0 stands for 600"`
	// Disabled is kept apart from the end: who turns a key off may turn it on again.
	Disabled bool `json:"disabled" doc:"it opens nothing as long as this is so"`
}

// PutKey is a key as it is put.
type PutKey struct {
	KeyFields
	Revised
}

// APIKey is a key as it is shown. Its secret is told to who has made it, once.
type APIKey struct {
	KeyID string `json:"key_id"`
	KeyFields
	Secret string    `json:"secret,omitempty" doc:"of a new key, told this once: what goes behind Authorization: Bearer"`
	UsedAt time.Time `json:"used_at,omitzero" doc:"when it was used last; left out if it was not since the server started"`
	Mark
}

// letIn is who may let others in, programs too. It takes a person: a key that
// could make keys would outlive its own end.
var letIn = rule{roles: []string{directory.ModifyUsers}, person: true}

var ourKeys = keyCollection{collection[*event.ApiKey, PutKey, APIKey]{
	name: "keys", kind: "Key", view: letIn, change: letIn, allow: covered[*event.ApiKey],
	entries: func(d directory.State) map[string]directory.Entry[*event.ApiKey] { return d.Keys },
	show: func(_ directory.State, id string, e directory.Entry[*event.ApiKey]) APIKey {
		k := e.Value
		out := APIKey{KeyID: id, Mark: markOf(e), KeyFields: KeyFields{Name: k.Name, Grants: grantsOf(k), Rate: k.Rate, Disabled: k.Disabled}}
		if k.Until != nil {
			out.Until = k.Until.AsTime()
		}
		return out
	},
}}

// keyCollection is a collection whose new entries come with a secret.
type keyCollection struct {
	collection[*event.ApiKey, PutKey, APIKey]
}

func (k keyCollection) routes() []*route {
	routes := k.collection.routes()
	for _, rt := range routes {
		switch {
		case rt.method == "PUT":
			rt.verb = takes(k.put)
		case rt.method == "GET" && strings.HasSuffix(rt.path, "/:id"):
			rt.verb = answers(k.get)
		case rt.method == "GET":
			rt.verb = remembers(k.list)
		}
	}
	return append(routes, &route{method: "POST", path: "/api/v1/keys/:id/secret", may: letIn, verb: answers((*call).rotateSecret),
		summary: "Make a new secret of a key; the one before it works on, and the one before that no more"})
}

func (k keyCollection) get(c *call) (APIKey, error) {
	out, err := k.collection.get(c)
	out.UsedAt = c.paces.usedAt(keyAuthor + out.KeyID)
	return out, err
}

func (k keyCollection) list(c *call) (List[APIKey], error) {
	out, err := k.collection.list(c)
	for i, key := range out.Items {
		out.Items[i].UsedAt = c.paces.usedAt(keyAuthor + key.KeyID)
	}
	return out, err
}

// put is collection.put that tells the secret of a new key, once.
func (k keyCollection) put(c *call, in PutKey) (APIKey, error) {
	var secret string
	k.build = func(_ *call, id string, in PutKey, old *event.ApiKey) (*event.ApiKey, func() error, error) {
		key := &event.ApiKey{KeyId: id, Name: in.Name, Roles: in.Roles, CenterIds: in.CenterIDs, LineIds: in.LineIDs,
			Languages: in.Languages, Skills: in.Skills, Rate: in.Rate, Disabled: in.Disabled, Hashes: old.GetHashes()}
		if !in.Until.IsZero() {
			key.Until = timestamppb.New(in.Until)
		}
		if old == nil {
			var hash string
			secret, hash = auth.NewAPIKey()
			key.Hashes = []string{hash}
		}
		return key, nil, nil
	}
	out, err := k.collection.put(c, in)
	if err != nil {
		return APIKey{}, err
	}
	out.Secret = secret
	return out, nil
}

// NewSecret is what a program sends from now on.
type NewSecret struct {
	Secret string `json:"secret" doc:"told this once"`
}

// rotateSecret gives a key another secret. The one before it stays good until
// the next turn; a key that is in wrong hands is taken out.
func (c *call) rotateSecret() (NewSecret, error) {
	old, ok := c.directory().Keys[c.id()]
	if !ok {
		return NewSecret{}, refusal.New(refusal.NotFound, "there is no key %q", c.id())
	}
	if err := covered(c, old.Value, nil); err != nil {
		return NewSecret{}, err
	}
	secret, hash := auth.NewAPIKey()
	key := proto.CloneOf(old.Value)
	key.Hashes = append([]string{hash}, key.Hashes[:min(1, len(key.Hashes))]...)
	return NewSecret{secret}, c.change(directory.Put{By: c.by(), Entry: key, Revision: old.Revision})
}

func grantsOf(g auth.Grantee) Grants {
	return Grants{list(g.GetRoles()), list(g.GetCenterIds()), list(g.GetLineIds()), list(g.GetLanguages()), list(g.GetSkills())}
}

// keyAuthor begins the name of a key where users' ids stand. No user's id has a
// colon.
const keyAuthor = "key:"

// program returns the program that a token is the key of, as the user that the
// rules are about; ok is false if the token is no key.
func (s *Server) program(token string) (a asker, ok bool) {
	for id, e := range s.config.System.Directory.State().Keys {
		k := e.Value
		good := false
		for _, hash := range k.Hashes {
			good = auth.CheckAPIKey(token, hash) || good
		}
		if good && !k.Disabled && (k.Until == nil || s.config.System.Now().Before(k.Until.AsTime())) {
			return asker{user: auth.Program(keyAuthor+id, k), token: token, key: k}, true
		}
	}
	return asker{}, false
}

func isKey(token string) bool { return strings.HasPrefix(token, auth.KeyPrefix) }
