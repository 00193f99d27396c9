package rest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// settingsRoutes are the settings as a form, one by one, and what became of them.
func settingsRoutes() []*route {
	const one = "/api/v1/settings/:id"
	return []*route{
		{method: "PATCH", path: one, summary: "Change some settings of a center, or give them back to whose they were; all others stay", may: configure,
			verb: takes((*call).changeSettings), params: ifMatch},
		{method: "GET", path: one + "/form", summary: "Every setting of a center: what it may be, what holds, and whose word that is", may: configure,
			verb: answers((*call).settingsForm)},
		{method: "GET", path: one + "/changes", summary: "Who changed the settings of a center when, and what, the latest first", may: configure,
			verb:   answers((*call).settingsChanges),
			params: []param{{name: "before", doc: "the revision before which to begin; left out, the latest"}, changesShown.param()}},
		{method: "POST", path: one + "/changes/:revision/undo", summary: "Take one change of settings back; what was changed besides stays", may: configure,
			verb: takes((*call).undoSettings), params: ifMatch},
	}
}

// A Free is any JSON.
type Free struct{ Of any }

// MarshalJSON writes it.
func (f Free) MarshalJSON() ([]byte, error) { return json.Marshal(f.Of) }

// UnmarshalJSON reads it.
func (f *Free) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &f.Of) }

func (Free) describe(*schemas) schema { return schema{} }

// SettingsForm is every setting of a place.
type SettingsForm struct {
	CenterID string         `json:"center_id" doc:"empty for the whole organisation"`
	Settings []FormSetting  `json:"settings"`
	Open     map[string]int `json:"open" doc:"how many conversations are open now, by center"`
	Mark
}

// FormSetting is one setting: what it may be, and what holds.
type FormSetting struct {
	ID         string   `json:"id" doc:"the path of its field"`
	Whole      string   `json:"whole,omitempty" doc:"the path of the part that a center has whole or not at all"`
	Group      string   `json:"group"`
	Kind       string   `json:"kind" doc:"switch, duration, number, text, address, lines, choice, several, clock, marks, silence, fields or other"`
	Unit       string   `json:"unit,omitempty"`
	Min        int64    `json:"min" doc:"seconds of a duration, a number itself, characters of a text or of a line"`
	Max        int64    `json:"max"`
	Most       int64    `json:"most,omitempty" doc:"how many there may be"`
	Choices    []string `json:"choices,omitempty"`
	Holds      []string `json:"holds,omitempty" doc:"what is filled in where the text says {it}"`
	Never      bool     `json:"never,omitempty" doc:"0 stands for never, or for ever"`
	Everywhere bool     `json:"everywhere,omitempty" doc:"no center has its own"`
	Takes      string   `json:"takes" doc:"from when on a change holds: now, opened, which is for conversations that open from then on, or night"`
	Page       string   `json:"page,omitempty" doc:"where it is decided, if not here"`
	Value      Free     `json:"value" doc:"what holds; null for none"`
	Own        bool     `json:"own" doc:"the place says it itself"`
	From       string   `json:"from" doc:"whose word holds: default, organisation or center"`
	Above      Free     `json:"above" doc:"what would hold if the place did not say it"`
	Default    Free     `json:"default"`
	Except     []string `json:"except,omitempty" doc:"of the whole organisation: the centers that say it themselves"`
}

func (c *call) settingsForm() (SettingsForm, error) {
	d := c.directory()
	id, e, err := c.settingsOf(d)
	if err != nil {
		return SettingsForm{}, err
	}
	out := SettingsForm{CenterID: id, Settings: []FormSetting{}, Open: map[string]int{}, Mark: markOf(e)}
	if c.config.OpenIn != nil {
		out.Open = c.config.OpenIn()
	}
	held, others, defaults := docOf(d.SettingsFor(id)), docOf(above(d, id)), docOf(directory.State{}.SettingsFor(""))
	for _, t := range directory.Registry() {
		f := FormSetting{ID: t.ID, Whole: t.Whole, Group: t.Group, Kind: string(t.Kind), Unit: t.Unit, Min: t.Min, Max: t.Max, Most: t.Most,
			Choices: t.Choices, Holds: t.Holds, Never: t.Never, Everywhere: t.Everywhere, Takes: string(t.Takes), Page: t.Page,
			Value: Free{held.at(t.ID)}, Above: Free{others.at(t.ID)}, Default: Free{defaults.at(t.ID)},
			Own: directory.Said(e.Value, t.Part()), From: d.SettingFrom(id, t)}
		if id == "" {
			f.Except = d.SayingThemselves(t)
		}
		out.Settings = append(out.Settings, f)
	}
	c.tag(e.Revision)
	return out, nil
}

// above is what would hold in a place that says nothing.
func above(d directory.State, center string) *event.Settings {
	if center == "" {
		d = directory.State{}
	}
	return d.SettingsFor("")
}

// settingsOf finds the settings that a call is about, also those of a center
// that says nothing of its own.
func (c *call) settingsOf(d directory.State) (id string, e directory.Entry[*event.Settings], err error) {
	id = settings.key(c)
	e, ok := everySettings(d)[id]
	if !ok {
		return id, e, refusal.New(refusal.NotFound, "there is no center %q", id)
	}
	return id, e, nil
}

// ChangeSettings is what is to be otherwise.
type ChangeSettings struct {
	Set   map[string]Free `json:"set" doc:"by the id of the setting"`
	Unset []string        `json:"unset" doc:"ids of settings that the place does not say itself any more"`
	Revised
}

func (c *call) changeSettings(in ChangeSettings) (SettingsForm, error) {
	d := c.directory()
	id, e, err := c.settingsOf(d)
	if err != nil {
		return SettingsForm{}, err
	}
	doc := docOf(e.Value)
	for _, path := range in.Unset {
		t, err := settingAt(path)
		if err != nil {
			return SettingsForm{}, err
		}
		doc.take(t.Part())
	}
	for _, path := range slices.Sorted(maps.Keys(in.Set)) {
		t, err := settingAt(path)
		if err != nil {
			return SettingsForm{}, err
		}
		if err := fits(path, in.Set[path].Of); err != nil {
			return SettingsForm{}, err
		}
		if t.Whole != "" && doc.at(t.Whole) == nil {
			doc.put(t.Whole, docOf(above(d, id)).at(t.Whole))
		}
		doc.put(path, in.Set[path].Of)
	}
	return c.putSettings(id, doc, in.revision())
}

// putSettings puts settings through the same checks, whoever made them.
func (c *call) putSettings(id string, doc settingsDoc, seen uint64) (SettingsForm, error) {
	revision, err := c.revision(seen)
	if err != nil {
		return SettingsForm{}, err
	}
	if e := c.directory().Settings[id]; revision == 0 && e.Revision != 0 {
		return SettingsForm{}, as(http.StatusPreconditionRequired, "name the revision of the settings you have seen to change them")
	}
	entry, err := doc.settings(id)
	if err != nil {
		return SettingsForm{}, err
	}
	if err := c.change(directory.Put{By: c.by(), Entry: entry, Revision: revision}); err != nil {
		return SettingsForm{}, err
	}
	return c.settingsForm()
}

func settingAt(id string) (directory.Setting, error) {
	for _, t := range directory.Registry() {
		if t.ID == id {
			return t, nil
		}
	}
	return directory.Setting{}, refusal.Of(id, "there is no such setting")
}

// fits refuses a value of another shape, and names the setting.
func fits(path string, value any) error {
	alone := settingsDoc{}
	alone.put(path, value)
	if _, err := alone.settings(""); err != nil {
		return refusal.Of(path, "the value is not one that fits")
	}
	return nil
}

// A settingsDoc is settings as JSON, so that a path finds what it names. What
// has its zero value and is not said is not there.
type settingsDoc map[string]any

// docOf writes settings down.
func docOf(s *event.Settings) settingsDoc {
	doc := settingsDoc{}
	b, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(s)
	if err == nil {
		err = json.Unmarshal(b, &doc)
	}
	if err != nil {
		panic(fmt.Sprintf("settings that are no JSON: %v", err)) // they came from JSON
	}
	delete(doc, "center_id")
	return doc
}

// settings reads them back.
func (s settingsDoc) settings(center string) (*event.Settings, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("settings of center %q: %w", center, err)
	}
	out := &event.Settings{}
	if err := protojson.Unmarshal(b, out); err != nil {
		return nil, refusal.New(refusal.Invalid, "the settings do not fit")
	}
	out.CenterId = center
	return out, nil
}

// at is what lies at a path; nil for nothing.
func (s settingsDoc) at(path string) any {
	var here any = map[string]any(s)
	for name := range strings.SplitSeq(path, ".") {
		inner, _ := here.(map[string]any)
		here = inner[name]
	}
	return here
}

// put lays a value down at a path. Nothing takes out what is there, and the part
// around it stays: it says that there is none.
func (s settingsDoc) put(path string, value any) {
	outer, last := s.around(path)
	if value == nil {
		delete(outer, last)
		return
	}
	outer[last] = value
}

// take takes out what lies at a path.
func (s settingsDoc) take(path string) {
	if s.at(path) != nil {
		s.put(path, nil)
	}
}

// around is the innermost part around a path, made if it is not there, and the
// last name of the path.
func (s settingsDoc) around(path string) (map[string]any, string) {
	names := strings.Split(path, ".")
	here := map[string]any(s)
	for _, name := range names[:len(names)-1] {
		inner, _ := here[name].(map[string]any)
		if inner == nil {
			inner = map[string]any{}
			here[name] = inner
		}
		here = inner
	}
	return here, names[len(names)-1]
}

// same reports whether two values at a path are one.
func same(a, b any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}
