package rest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/transport/accounts"
)

// Channels are the accounts at work.
type Channels interface {
	Condition(id string) (accounts.Condition, error)
	Conditions() []accounts.Condition
	// Probe asks the provider who the account is.
	Probe(ctx context.Context, id string) (channels.Identity, error)
	// Link makes the address that binds who follows it, "" if there is none.
	Link(ctx context.Context, id, token string) (string, error)
}

// channelRoutes are how accounts are set up and looked after. Manual: Каналы.
func channelRoutes() []*route {
	const one = "/api/v1/accounts/:id"
	return []*route{
		{method: "POST", path: "/api/v1/widget/preview", summary: "What a page would be told of a widget with these settings; nothing is kept", may: configure, verb: takes((*call).showWidget)},
		{method: "GET", path: "/api/v1/kinds", summary: "The kinds of channels: what they can do, and what is entered for an account", may: configure,
			verb: remembers((*call).kinds), params: ifNoneMatch},
		{method: "GET", path: "/api/v1/conditions", summary: "How the accounts are", may: may(directory.ModifyConfiguration, directory.ViewMonitoring),
			verb: answers(func(c *call) (List[accounts.Condition], error) { return List[accounts.Condition]{c.conditions()}, nil })},
		{method: "GET", path: one + "/health", summary: "How one account is, and what is entered at its provider", may: configure, verb: answers((*call).condition)},
		{method: "POST", path: one + "/test", summary: "Ask the provider who the account is", act: audit.AccountTested, may: configure, verb: answers((*call).probe)},
	}
}

// Kind is a kind of channel.
type Kind struct {
	Kind      string      `json:"kind"`
	Name      string      `json:"name"`
	Abilities Abilities   `json:"abilities"`
	Fields    []KindField `json:"fields" doc:"for a form, in its order"`
	// The same as JSON Schema. What is entered is judged by the channel itself,
	// which knows more than can be said so.
	SettingsSchema json.RawMessage `json:"settings_schema"`
	SecretsSchema  json.RawMessage `json:"secrets_schema"`
}

// Abilities are what administrators want to know of a kind.
type Abilities struct {
	Text     int   `json:"text" doc:"characters of one message; 0 for no limit"`
	Files    bool  `json:"files" doc:"files go as files, not as links"`
	Largest  int64 `json:"largest" doc:"bytes of a file; 0 for no limit"`
	Buttons  int   `json:"buttons" doc:"most buttons of a message; 0 if they go as numbered text"`
	Location bool  `json:"location"`
	Links    bool  `json:"links" doc:"invite links bind an account to a customer"`
	ByID     bool  `json:"by_id" doc:"an operator can write to who never wrote to us"`
	Window   int   `json:"window" doc:"hours after the customer's last message in which we may write; 0 for always"`
	Webhook  bool  `json:"webhook"`
	Polls    bool  `json:"polls" doc:"works without a public address"`
	Keyed    bool  `json:"third_party" doc:"third parties bring its messages with the account's key"`
}

// KindField is one thing that is entered for an account.
type KindField struct {
	Key      string       `json:"name" doc:"in the settings or the secrets; a full stop leads into an object"`
	Title    string       `json:"title"`
	Hint     string       `json:"hint,omitempty"`
	Kind     string       `json:"kind" doc:"text, lines, secret, url, number, bool or choice; a secret belongs to the secrets, all others to the settings"`
	Required bool         `json:"required"`
	Default  string       `json:"default,omitempty"`
	Empty    bool         `json:"empty" doc:"an empty text says something of its own, and is not the default"`
	Choices  []KindChoice `json:"choices,omitempty"`
	Advanced bool         `json:"advanced" doc:"of no interest to most"`
}

// KindChoice is a value that a field may have.
type KindChoice struct {
	Value string `json:"value"`
	Title string `json:"title"`
}

func (c *call) kinds() (List[Kind], error) {
	out := List[Kind]{Items: []Kind{}}
	for _, name := range slices.Sorted(maps.Keys(c.config.Kinds)) {
		k := c.config.Kinds[name]
		a := k.Abilities
		one := Kind{Kind: name, Name: cmp.Or(a.Name, name), Fields: []KindField{},
			Abilities: Abilities{Text: a.Text, Files: a.Files > 0, Largest: a.Largest, Buttons: a.Buttons, Location: a.Place, Links: a.Links,
				ByID: a.ByID, Window: a.Window, Webhook: a.Webhook, Polls: a.Polls, Keyed: k.Keyed}}
		fields := slices.Concat(k.Fields, channels.Common(a))
		for _, f := range fields {
			one.Fields = append(one.Fields, fieldOf(f))
		}
		one.SettingsSchema, one.SecretsSchema = schemaOf(fields, false), schemaOf(fields, true)
		out.Items = append(out.Items, one)
	}
	return out, nil
}

func fieldOf(f channels.Field) KindField {
	out := KindField{Key: f.Key, Title: f.Title, Hint: f.Hint, Kind: string(f.Kind), Required: f.Required, Default: f.Default, Empty: f.Empty, Advanced: f.Advanced}
	for _, choice := range f.Choices {
		out.Choices = append(out.Choices, KindChoice(choice))
	}
	return out
}

// schemaOf describes the settings of a kind, or its secrets.
func schemaOf(fields []channels.Field, secret bool) json.RawMessage {
	properties, required := schema{}, []string{}
	for _, f := range fields {
		if (f.Kind == channels.Secret) != secret {
			continue
		}
		p := schema{"type": "string", "title": f.Title}
		switch f.Kind {
		case channels.Number:
			p["type"] = "number"
		case channels.Bool:
			p["type"] = "boolean"
		case channels.URL:
			p["format"] = "uri"
		case channels.OneOf:
			values := []string{}
			for _, choice := range f.Choices {
				values = append(values, choice.Value)
			}
			p["enum"] = values
		}
		if f.Hint != "" {
			p["description"] = f.Hint
		}
		if f.Required {
			required = append(required, f.Key)
		}
		lay(properties, f.Key, p)
	}
	b, err := json.Marshal(schema{"type": "object", "properties": properties, "required": required})
	if err != nil {
		panic(err) // it is made of texts
	}
	return b
}

// lay puts the property of a field where its key leads.
func lay(properties schema, key string, p schema) {
	object, rest, deeper := strings.Cut(key, ".")
	if !deeper {
		properties[key] = p
		return
	}
	if properties[object] == nil {
		properties[object] = schema{"type": "object", "properties": schema{}}
	}
	lay(properties[object].(schema)["properties"].(schema), rest, p)
}

// conditions are those of the accounts that the asker may see. What is entered
// at providers is not among them.
func (c *call) conditions() []accounts.Condition {
	out := []accounts.Condition{}
	if c.config.Channels == nil {
		return out
	}
	for _, one := range c.config.Channels.Conditions() {
		a := c.directory().Account(one.AccountID)
		if a != nil && c.sees(a.CenterId, a.Routing) {
			out = append(out, one)
		}
	}
	return out
}

func (c *call) condition() (accounts.Condition, error) {
	if c.config.Channels == nil {
		return accounts.Condition{}, errNoPage
	}
	return c.config.Channels.Condition(c.id())
}

// Probed is what a provider says of an account, or why it does not.
type Probed struct {
	OK     bool   `json:"ok"`
	Name   string `json:"name,omitempty" doc:"as customers see it"`
	Handle string `json:"handle,omitempty" doc:"what leads there"`
	URL    string `json:"url,omitempty" doc:"of the conversation with it"`
	Error  string `json:"error,omitempty" doc:"what is wrong, in words"`
}

// probe asks the provider. That it says no is an answer, and no failure of the
// call.
func (c *call) probe() (Probed, error) {
	if c.config.Channels == nil {
		return Probed{}, errNoPage
	}
	who, err := c.config.Channels.Probe(c.r.Context(), c.id())
	switch k := refusal.KindOf(err); {
	case err == nil:
		return Probed{OK: true, Name: who.Name, Handle: who.Handle, URL: who.URL}, nil
	case k == refusal.NotFound && c.directory().Account(c.id()) == nil:
		return Probed{}, err
	case errors.Is(err, accounts.ErrNoProbe):
		return Probed{}, err
	case errors.Is(err, context.DeadlineExceeded):
		return Probed{Error: "the provider does not answer"}, nil
	}
	return Probed{Error: err.Error()}, nil
}

// linkURL is the address that binds who follows it.
func (c *call) linkURL(account, token string) (string, error) {
	a := c.directory().Account(account)
	if _, ok := c.config.Kinds[a.GetKind()]; !ok || c.config.Channels == nil || a.Disabled {
		return "", nil
	}
	address, err := c.config.Channels.Link(c.r.Context(), account, token)
	if err != nil && refusal.KindOf(err) == 0 {
		c.config.Log.Warn("make an invite link", "account", account, "err", err)
		err = refusal.New(refusal.Busy, "the provider does not say what leads to the account; try again")
	}
	return address, err
}

// WidgetLooks are the settings of a widget's account that nobody has put yet.
type WidgetLooks struct {
	Settings json.RawMessage `json:"settings" need:"yes" doc:"as an account of kind widget has them"`
}

// WidgetShown is what a page would be told.
type WidgetShown struct {
	Config json.RawMessage `json:"config" doc:"as GET /widget/v1/:account/config answers"`
}

// showWidget refuses what could not be put, and shows what could.
func (c *call) showWidget(in WidgetLooks) (WidgetShown, error) {
	if c.config.ShowWidget == nil {
		return WidgetShown{}, refusal.New(refusal.NotFound, "there is no widget here")
	}
	shown, err := c.config.ShowWidget(in.Settings)
	return WidgetShown{shown}, err
}
