package rest

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/channels"
)

// workplaceRoutes are what the workplace of any user is furnished with.
func workplaceRoutes() []*route {
	const path = "/api/v1/workplace"
	return []*route{
		{method: "GET", path: path, summary: "What the own workplace is furnished with, within the own routing settings", may: person,
			verb: remembers((*call).workplace), params: ifNoneMatch},
		{method: "GET", path: path + "/transfer", summary: "Where a conversation may be transferred to, and who is free there",
			may: may(directory.ViewRerouteBtn), verb: answers((*call).transferTargets),
			params: []param{{name: "conversation", doc: "which is to be transferred", need: true}}},
	}
}

// Workplace is what a user's screen needs to know of the organisation.
type Workplace struct {
	User      User            `json:"user"`
	Operators []Colleague     `json:"operators" doc:"of the own centers, also those who are disabled now"`
	Topics    []WorkTopic     `json:"topics" doc:"in order, each followed by those under it"`
	Lines     []WorkLine      `json:"lines" doc:"of the own centers"`
	Languages []WorkLanguage  `json:"languages"`
	Skills    []WorkSkill     `json:"skills"`
	Accounts  []WorkAccount   `json:"accounts"`
	Centers   []WorkCenter    `json:"centers"`
	Settings  WorkSettings    `json:"settings" doc:"of the own center; of the whole organisation for who has several"`
	Phrases   []WorkPhrase    `json:"phrases"`
	Templates []WorkTemplate  `json:"templates"`
	Agents    []WorkAutomatic `json:"agents"`
}

// Colleague is an operator by name.
type Colleague struct {
	UserID string `json:"user_id"`
	Name   string `json:"name"`
}

// WorkTopic is a topic that a conversation may have.
type WorkTopic struct {
	TopicID  string `json:"topic_id"`
	Name     string `json:"name"`
	ParentID string `json:"parent_id"`
	Archived bool   `json:"archived"`
}

// WorkLine is a support line.
type WorkLine struct {
	LineID   string `json:"line_id"`
	Name     string `json:"name"`
	CenterID string `json:"center_id"`
}

// WorkLanguage is a language that is spoken with customers.
type WorkLanguage struct {
	Language string `json:"language"`
	Name     string `json:"name"`
}

// WorkSkill is a skill.
type WorkSkill struct {
	Skill string `json:"skill"`
	Name  string `json:"name"`
}

// WorkAccount is an account that customers write to.
type WorkAccount struct {
	AccountID    string        `json:"account_id"`
	Kind         string        `json:"kind"`
	Name         string        `json:"name"`
	CenterID     string        `json:"center_id"`
	ByIdentifier bool          `json:"by_identifier" doc:"an address can be added by what people know, such as an e-mail; else only by an invite link"`
	Abilities    WorkAbilities `json:"abilities"`
}

// WorkAbilities are what an account's channel can do.
type WorkAbilities struct {
	Asks    []string `json:"asks" doc:"what a customer can be asked for by a button: ASK_PHONE, ASK_LOCATION"`
	Buttons int      `json:"buttons" doc:"most buttons of a message; with 0 they go as numbered text"`
	Files   int      `json:"files" doc:"most files of a message; with 0 they go as links"`
	Links   bool     `json:"links" doc:"an invite link binds the customer who follows it"`
	Typing  bool     `json:"typing" doc:"the customer sees that an operator is typing"`
	Window  int      `json:"window" doc:"hours after the customer's last message in which an answer may be sent; 0 for always"`
}

// WorkCenter is a center, with what holds in it.
type WorkCenter struct {
	CenterID string       `json:"center_id"`
	Name     string       `json:"name"`
	TimeZone string       `json:"time_zone"`
	Settings WorkSettings `json:"settings"`
}

// WorkPhrase is a hold phrase.
type WorkPhrase struct {
	PhraseID string `json:"phrase_id"`
	Text     string `json:"text"`
}

// WorkTemplate is an answer that is given often.
type WorkTemplate struct {
	TemplateID string `json:"template_id"`
	Title      string `json:"title"`
	Text       string `json:"text"`
}

// WorkAutomatic is an automatic agent.
type WorkAutomatic struct {
	AgentID string `json:"agent_id"`
	Name    string `json:"name"`
}

func (c *call) workplace() (Workplace, error) {
	d := c.directory()
	out := Workplace{User: c.user(c.by()), Operators: c.colleagues(d), Topics: []WorkTopic{}, Centers: []WorkCenter{}, Agents: []WorkAutomatic{},
		Lines: c.workLines(d), Accounts: c.workAccounts(d), Phrases: c.workPhrases(d), Templates: c.workTemplates(d)}
	out.Languages, out.Skills = c.workLanguages(d), c.workSkills(d)
	for _, t := range d.TopicsInOrder() {
		out.Topics = append(out.Topics, WorkTopic{t.TopicId, t.Name, t.ParentId, t.Archived})
	}
	for id, x := range inOrder(d.Centers) {
		if c.worksIn(d, id) {
			out.Centers = append(out.Centers, WorkCenter{id, x.Name, x.TimeZone, workSettings(d.SettingsFor(id))})
		}
	}
	home := ""
	if len(out.Centers) == 1 {
		home = out.Centers[0].CenterID
	}
	out.Settings = workSettings(d.SettingsFor(home))
	for _, id := range c.agents(d, out.Centers) {
		out.Agents = append(out.Agents, WorkAutomatic{id, cmp.Or(d.Agent(id).GetName(), id)})
	}
	return out, nil
}

// inOrder goes through a collection by id.
func inOrder[M any](entries map[string]directory.Entry[M]) func(func(string, M) bool) {
	return func(yield func(string, M) bool) {
		for _, id := range slices.Sorted(maps.Keys(entries)) {
			if !yield(id, entries[id].Value) {
				return
			}
		}
	}
}

// colleagues are the operators whose names conversations of the own centers
// may show, the asker among them.
func (c *call) colleagues(d directory.State) []Colleague {
	out := []Colleague{}
	for id, u := range inOrder(d.Users) {
		if id == c.by() || c.worksBeside(d, u) {
			out = append(out, Colleague{id, fullName(u)})
		}
	}
	return out
}

// fullName is what others call a user.
func fullName(u *event.User) string {
	return cmp.Or(strings.TrimSpace(u.FirstName+" "+u.LastName), u.Login)
}

func (c *call) workLines(d directory.State) []WorkLine {
	out := []WorkLine{}
	for id, l := range inOrder(d.Lines) {
		if c.worksIn(d, l.CenterId) {
			out = append(out, WorkLine{id, l.Name, l.CenterId})
		}
	}
	return out
}

func (c *call) workLanguages(d directory.State) []WorkLanguage {
	out := []WorkLanguage{}
	for id, l := range inOrder(d.Languages) {
		if c.sees("", &event.Routing{Language: id}) {
			out = append(out, WorkLanguage{id, l.Name})
		}
	}
	return out
}

func (c *call) workSkills(d directory.State) []WorkSkill {
	out := []WorkSkill{}
	for id, k := range inOrder(d.Skills) {
		if c.sees("", &event.Routing{Skills: []string{id}}) {
			out = append(out, WorkSkill{id, k.Name})
		}
	}
	return out
}

func (c *call) workAccounts(d directory.State) []WorkAccount {
	out := []WorkAccount{}
	for id, a := range inOrder(d.Accounts) {
		if !a.Disabled && c.worksIn(d, a.CenterId) && c.sees(a.CenterId, a.Routing) {
			out = append(out, WorkAccount{id, a.Kind, a.Name, a.CenterId, c.byIdentifier(a.Kind), c.abilities(a.Kind)})
		}
	}
	return out
}

// byIdentifier reports whether a person's address in a channel is something
// that people know and can tell.
func (c *call) byIdentifier(kind string) bool {
	return c.config.Kinds[kind].Abilities.ByID || slices.Contains([]string{"api", "email", "phone", "sms", "whatsapp"}, kind)
}

// abilities are what the interface offers of what a kind can do.
func (c *call) abilities(kind string) WorkAbilities {
	a := c.config.Kinds[kind].Abilities
	if kind == "widget" { // which shows all there is
		a = channels.Abilities{Files: 20, Buttons: 40, Typing: true}
	}
	out := WorkAbilities{Asks: []string{}, Buttons: a.Buttons, Files: a.Files, Links: a.Links, Typing: a.Typing, Window: a.Window}
	for _, ask := range a.Asks {
		out.Asks = append(out.Asks, ask.String())
	}
	return out
}

// workPhrases are in the order of their texts, as people look for them.
func (c *call) workPhrases(d directory.State) []WorkPhrase {
	out := []WorkPhrase{}
	for id, p := range inOrder(d.Phrases) {
		if c.seesWords(d, p) {
			out = append(out, WorkPhrase{id, p.Text})
		}
	}
	slices.SortStableFunc(out, func(a, b WorkPhrase) int { return alphabetically(a.Text, b.Text) })
	return out
}

// workTemplates are in the order of their titles.
func (c *call) workTemplates(d directory.State) []WorkTemplate {
	out := []WorkTemplate{}
	for id, t := range inOrder(d.Templates) {
		if c.seesWords(d, t) {
			out = append(out, WorkTemplate{id, t.Title, t.Text})
		}
	}
	slices.SortStableFunc(out, func(a, b WorkTemplate) int { return alphabetically(a.Title, b.Title) })
	return out
}

func alphabetically(a, b string) int { return cmp.Compare(strings.ToLower(a), strings.ToLower(b)) }

// seesWords reports whether words are for the asker's work.
func (c *call) seesWords(d directory.State, w interface {
	GetCenterId() string
	GetLineId() string
	GetLanguage() string
}) bool {
	center := cmp.Or(w.GetCenterId(), d.Line(w.GetLineId()).GetCenterId())
	return (center == "" || c.worksIn(d, center)) && c.sees(center, &event.Routing{LineId: w.GetLineId(), Language: w.GetLanguage()})
}

// agents are the automatic agents of some centers and of the own accounts, each
// once.
func (c *call) agents(d directory.State, centers []WorkCenter) []string {
	var out []string
	for _, x := range centers {
		out = append(out, d.SettingsFor(x.CenterID).Policy.Agents...)
	}
	for _, a := range c.workAccounts(d) {
		out = append(out, d.Account(a.AccountID).Agents...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
