package rest

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/auth"
)

// AccountFields are what may be said of an account and is shown again.
type AccountFields struct {
	Kind     string                   `json:"kind" need:"yes" doc:"widget, api, telegram …"`
	Name     string                   `json:"name"`
	CenterID string                   `json:"center_id" need:"yes"`
	Routing  *Message[*event.Routing] `json:"routing,omitempty" doc:"what its conversations ask for at first"`
	Settings json.RawMessage          `json:"settings,omitempty" doc:"of the kind's own shape; no secrets"`
	Disabled bool                     `json:"disabled"`
}

// PutAccount is an account as it is put. Manual: Каналы.
type PutAccount struct {
	AccountFields
	OwnAgents *bool           `json:"own_agents" doc:"its conversations pass its own chain of agents and not the center's; left out, it stays as it is, and so do the agents"`
	Agents    []string        `json:"agents"`
	Secrets   json.RawMessage `json:"secrets" doc:"of the kind's own shape; sealed and never shown again; what is left out is kept as it is, null takes out"`
	Revised
}

// Account is an account as it is shown, without what is secret.
type Account struct {
	AccountID string `json:"account_id"`
	AccountFields
	OwnAgents  bool     `json:"own_agents"`
	Agents     []string `json:"agents" doc:"what its conversations pass before they wait for a person, if it has its own"`
	HasSecrets bool     `json:"has_secrets"`
	Key        string   `json:"key,omitempty" doc:"of a new account of kind api, told this once"`
	Signing    string   `json:"signing,omitempty" doc:"what its outbound messages are signed with, or its site signs identities with; told this once"`
	Mark
}

// apiKind is the kind of account that a third party talks to with a key.
const apiKind = "api"

// widgetKind is the kind of account whose site may sign who its visitor is.
const widgetKind = "widget"

var ourAccounts = accountCollection{collection[*event.Account, PutAccount, Account]{
	name: "accounts", kind: "Account", view: signedIn, change: configure,
	entries: func(d directory.State) map[string]directory.Entry[*event.Account] { return d.Accounts },
	show:    accountOf,
}}

// accountCollection is a collection whose new entries may come with a key.
type accountCollection struct {
	collection[*event.Account, PutAccount, Account]
}

func (k accountCollection) routes() []*route {
	routes := k.collection.routes()
	for _, rt := range routes {
		if rt.method == "PUT" {
			rt.verb = takes(k.put)
		}
	}
	return routes
}

func accountOf(_ directory.State, id string, e directory.Entry[*event.Account]) Account {
	a := e.Value
	out := Account{AccountID: id, HasSecrets: len(a.Secrets) > 0, Mark: markOf(e), AccountFields: AccountFields{
		Kind: a.Kind, Name: a.Name, CenterID: a.CenterId, Routing: wrap(a.Routing), Disabled: a.Disabled},
		OwnAgents: a.OwnAgents, Agents: list(a.Agents)}
	if a.Settings != "" {
		out.Settings = json.RawMessage(a.Settings)
	}
	return out
}

// put is collection.put that tells the key or the signing secret of a new
// account, once.
func (k accountCollection) put(c *call, in PutAccount) (Account, error) {
	var made fresh
	k.build = func(c *call, id string, in PutAccount, old *event.Account) (*event.Account, func() error, error) {
		a := &event.Account{AccountId: id, Kind: in.Kind, Name: in.Name, CenterId: in.CenterID, Routing: orNone(in.Routing),
			Settings: string(in.Settings), Disabled: in.Disabled, OwnAgents: old.GetOwnAgents(), Agents: old.GetAgents()}
		if in.OwnAgents != nil {
			a.OwnAgents, a.Agents = *in.OwnAgents, in.Agents
		}
		s, err := OpenSecrets(c.config.Vault, old)
		if err != nil {
			return nil, nil, err
		}
		if old != nil && old.Kind != a.Kind {
			s = Secrets{} // they were another kind's
		}
		if s.Channel, err = laidOver(s.Channel, in.Secrets); err != nil {
			return nil, nil, err
		}
		if old == nil {
			if made, err = s.begin(a.Kind); err != nil {
				return nil, nil, err
			}
		}
		if check := c.config.CheckAccount; check != nil {
			if err := check(id, in.Kind, in.Settings, s.Channel); err != nil {
				return nil, nil, err
			}
		}
		if in.Secrets == nil && made == (fresh{}) && old != nil && old.Kind == a.Kind {
			a.Secrets = old.Secrets
			return a, nil, nil
		}
		if s.Channel != nil || len(s.Keys) > 0 {
			a.Secrets, err = s.seal(c.config.Vault, id)
		}
		return a, nil, err
	}
	out, err := k.collection.put(c, in)
	if err != nil {
		return Account{}, err
	}
	out.Key, out.Signing = made.key, made.signing
	return out, nil
}

// fresh is what was made for a new account, and is told once.
type fresh struct{ key, signing string }

// begin gives a new account what its kind needs and nobody entered.
func (s *Secrets) begin(kind string) (made fresh, err error) {
	if kind == apiKind {
		made.key = s.addKey()
	}
	switch {
	case kind == widgetKind && s.Channel == nil:
		made.signing = "sign_" + rand.Text() + rand.Text()
	case (kind == apiKind || kind == phoneKind) && !s.signs():
		made.signing = newSigning()
	default:
		return made, nil
	}
	s.Channel, err = laidOver(s.Channel, json.RawMessage(`{"signing":["`+made.signing+`"]}`))
	return made, err
}

// signs tells whether the channel has something to sign with.
func (s *Secrets) signs() bool {
	var channel struct{ Signing json.RawMessage }
	return json.Unmarshal(s.Channel, &channel) == nil && channel.Signing != nil
}

// laidOver is the secrets that are kept with those that were put: what is put
// replaces, null takes out, and what is left out stays.
func laidOver(kept, put json.RawMessage) (json.RawMessage, error) {
	if put == nil {
		return kept, nil
	}
	var before, after map[string]json.RawMessage
	if err := json.Unmarshal(put, &after); err != nil || after == nil {
		return nil, refusal.Of("secrets", "the secrets are an object")
	}
	if kept != nil {
		if err := json.Unmarshal(kept, &before); err != nil {
			return nil, fmt.Errorf("the secrets that are kept: %w", err)
		}
	}
	for name, value := range before {
		if _, ok := after[name]; !ok {
			after[name] = value
		}
	}
	maps.DeleteFunc(after, func(_ string, value json.RawMessage) bool { return string(value) == "null" })
	return json.Marshal(after)
}

// NewKey is a key that a third party uses from now on.
type NewKey struct {
	Key string `json:"key" doc:"told this once"`
}

// rotateKey gives an account another key. The one before it stays good until
// the next turn, so that nobody has to change two places at once.
func (c *call) rotateKey() (NewKey, error) {
	old, ok := c.directory().Accounts[c.id()]
	switch {
	case !ok:
		return NewKey{}, refusal.New(refusal.NotFound, "there is no account %q", c.id())
	case old.Value.Kind != apiKind:
		return NewKey{}, refusal.New(refusal.Conflict, "only accounts of kind api have keys")
	}
	s, err := OpenSecrets(c.config.Vault, old.Value)
	if err != nil {
		return NewKey{}, err
	}
	key := s.addKey()
	a := proto.CloneOf(old.Value)
	if a.Secrets, err = s.seal(c.config.Vault, c.id()); err != nil {
		return NewKey{}, err
	}
	return NewKey{key}, c.change(directory.Put{By: c.by(), Entry: a, Revision: old.Revision})
}

// Secrets are what an account keeps sealed: those of its channel, and the
// hashes of the keys that open our door to the third party.
type Secrets struct {
	Channel json.RawMessage `json:"channel,omitempty"`
	Keys    []string        `json:"keys,omitempty"` // hashes, the newest first, at most two
}

// OpenSecrets opens what an account keeps sealed. No account has none.
func OpenSecrets(v Vault, a *event.Account) (s Secrets, err error) {
	if len(a.GetSecrets()) == 0 {
		return s, nil
	}
	plain, err := v.Open(a.Secrets, secretsOf(a.AccountId))
	if err == nil {
		err = json.Unmarshal(plain, &s)
	}
	if err != nil {
		return s, fmt.Errorf("secrets of account %s: %w", a.AccountId, err)
	}
	return s, nil
}

func (s Secrets) seal(v Vault, account string) ([]byte, error) {
	plain, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("secrets of account %s: %w", account, err)
	}
	return v.Seal(plain, secretsOf(account)), nil
}

// secretsOf binds sealed secrets to their account.
func secretsOf(account string) []byte { return []byte("account/" + account) }

// Allows reports whether a key is one of the account's.
func (s Secrets) Allows(key string) bool {
	good := false
	for _, hash := range s.Keys {
		good = auth.CheckAPIKey(key, hash) || good
	}
	return good
}

// addKey makes a key, and forgets all but the newest one before it.
func (s *Secrets) addKey() string {
	key, hash := auth.NewAPIKey()
	s.Keys = append([]string{hash}, s.Keys[:min(1, len(s.Keys))]...)
	return key
}

// newSigning makes a signing secret, as Standard Webhooks writes it.
func newSigning() string {
	var b [32]byte
	rand.Read(b[:])
	return "whsec_" + base64.StdEncoding.EncodeToString(b[:])
}
