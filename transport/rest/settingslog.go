package rest

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/journal"
)

// A settingsLog knows where in the directory's stream settings were changed. The
// stream holds each change with its author, so nothing is kept but its version,
// and what has been read once is not read again.
type settingsLog struct {
	journal *journal.Journal

	mu      sync.Mutex // guards what follows
	read    uint64     // how much of the stream has been
	changes []settingsMark
}

// A settingsMark is where the settings of a center were put, or went with it.
type settingsMark struct {
	version uint64
	center  string
	gone    bool
}

// of returns the changes of a center's settings, the earliest first.
func (l *settingsLog) of(center string) ([]settingsMark, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for e, err := range l.journal.Durable(event.DirectoryStream, l.read) {
		if err != nil {
			return nil, fmt.Errorf("read changes of settings after %d: %w", l.read, err)
		}
		l.read = e.Version
		switch f := e.Event.(type) {
		case *event.SettingsPut:
			l.changes = append(l.changes, settingsMark{e.Version, f.Settings.GetCenterId(), false})
		case *event.CenterRemoved:
			l.changes = append(l.changes, settingsMark{e.Version, f.CenterId, true})
		}
	}
	var own []settingsMark
	for _, m := range l.changes {
		if m.center == center {
			own = append(own, m)
		}
	}
	return own, nil
}

// at reads the change at a version.
func (l *settingsLog) at(m settingsMark) (*event.SettingsPut, error) {
	if m.version == 0 || m.gone {
		return &event.SettingsPut{Settings: &event.Settings{}}, nil
	}
	for e, err := range l.journal.Events(event.DirectoryStream, m.version-1) {
		if err != nil {
			return nil, fmt.Errorf("read the change of settings at %d: %w", m.version, err)
		}
		if put, ok := e.Event.(*event.SettingsPut); ok && e.Version == m.version {
			return put, nil
		}
		break
	}
	return nil, fmt.Errorf("the change of settings at %d is not there", m.version)
}

// SettingsChange is one change of settings.
type SettingsChange struct {
	Revision    uint64              `json:"revision"`
	At          time.Time           `json:"at"`
	By          string              `json:"by"`
	Name        string              `json:"name" doc:"of the author, if that is somebody who still works here"`
	Differences []SettingDifference `json:"differences"`
}

// SettingDifference is what a change did to one setting.
type SettingDifference struct {
	ID     string `json:"id"`
	Before Free   `json:"before" doc:"null if the place did not say it itself"`
	After  Free   `json:"after"`
}

// SettingsChanges are some changes of settings.
type SettingsChanges struct {
	Items []SettingsChange `json:"items"`
	Next  uint64           `json:"next" doc:"goes on as before; 0 if these are the last"`
}

func (c *call) settingsChanges() (out SettingsChanges, err error) {
	id, _, err := c.settingsOf(c.directory())
	if err != nil {
		return out, err
	}
	limit, err := c.limit(changesShown)
	if err != nil {
		return out, err
	}
	before, err := c.number("before")
	if err != nil {
		return out, err
	}
	marks, err := c.changes.of(id)
	if err != nil {
		return out, err
	}
	out.Items = []SettingsChange{}
	for i, m := range slices.Backward(marks) {
		switch {
		case m.gone || before != 0 && m.version >= before:
			continue
		case len(out.Items) == limit:
			out.Next = out.Items[limit-1].Revision
			return out, nil
		}
		change, err := c.settingsChange(marks, i)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, change)
	}
	return out, nil
}

// settingsChange tells of the i'th change of a place, by settings: one of them may
// be several fields of the fact or a part of one, and its values are those that the
// form takes back. [compare] tells of any entry by its fields, as words.
func (c *call) settingsChange(marks []settingsMark, i int) (SettingsChange, error) {
	earlier := settingsMark{}
	if i > 0 {
		earlier = marks[i-1]
	}
	before, err := c.changes.at(earlier)
	if err != nil {
		return SettingsChange{}, err
	}
	after, err := c.changes.at(marks[i])
	if err != nil {
		return SettingsChange{}, err
	}
	out := SettingsChange{Revision: marks[i].version, At: after.At.AsTime(), By: after.By, Differences: []SettingDifference{}}
	if u := c.directory().User(after.By); u != nil {
		out.Name = fullName(u)
	}
	x, y := docOf(before.Settings), docOf(after.Settings)
	for _, t := range directory.Registry() {
		if a, b := x.at(t.ID), y.at(t.ID); !same(a, b) {
			out.Differences = append(out.Differences, SettingDifference{t.ID, Free{a}, Free{b}})
		}
	}
	return out, nil
}

// undoSettings takes one change back: what it changed becomes what it was
// before, and all else stays, also what was changed since.
func (c *call) undoSettings(in Revised) (SettingsForm, error) {
	id, e, err := c.settingsOf(c.directory())
	if err != nil {
		return SettingsForm{}, err
	}
	change, before, err := c.changeToUndo(id)
	if err != nil {
		return SettingsForm{}, err
	}
	doc, was := docOf(e.Value), docOf(before.Settings)
	for _, x := range change.Differences {
		t, err := settingAt(x.ID)
		if err != nil {
			return SettingsForm{}, err
		}
		switch {
		case was.at(t.Part()) == nil:
			doc.take(t.Part())
		case doc.at(t.Part()) == nil:
			doc.put(t.Part(), was.at(t.Part()))
		default:
			doc.put(t.ID, x.Before.Of)
		}
	}
	if same(doc, docOf(e.Value)) {
		return SettingsForm{}, refusal.New(refusal.Conflict, "what this change did has been taken back already")
	}
	return c.putSettings(id, doc, in.revision())
}

// changeToUndo finds the change that the call names, and what was before it.
func (c *call) changeToUndo(center string) (SettingsChange, *event.SettingsPut, error) {
	marks, err := c.changes.of(center)
	if err != nil {
		return SettingsChange{}, nil, err
	}
	revision, _ := strconv.ParseUint(c.params.ByName("revision"), 10, 64)
	i := slices.IndexFunc(marks, func(m settingsMark) bool { return m.version == revision && !m.gone })
	if i < 0 {
		return SettingsChange{}, nil, refusal.New(refusal.NotFound, "there is no change of these settings at revision %d", revision)
	}
	change, err := c.settingsChange(marks, i)
	if err != nil {
		return SettingsChange{}, nil, err
	}
	earlier := settingsMark{}
	if i > 0 {
		earlier = marks[i-1]
	}
	before, err := c.changes.at(earlier)
	return change, before, err
}
