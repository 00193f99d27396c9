package directory

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

const (
	maxText    = 4000    // characters in a template or a phrase
	maxMinutes = 24 * 60 // of an operator's timer
	maxMarks   = 8       // on it
	maxFields  = 64      // in a customer's form, as in a profile
	maxTabs    = 16      // beside a conversation
	maxURL     = 2000    // characters in a tab's address
)

// Fields are called what profiles call them. A tab's page is on the web, and
// its address holds nothing that a browser would read in another way.
var (
	fieldName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	webPage   = regexp.MustCompile(`^https?://[^\s"'<>\\^` + "`" + `|]+$`)
)

// Kinds of form fields, and tones of a timer's marks.
var (
	fieldKinds = [...]string{"text", "phone", "email", "number", "date"}
	markTones  = [...]string{"warning", "danger"}
)

func checkTemplate(s State, t *event.Template) error {
	if strings.TrimSpace(t.Title) == "" {
		return refusal.Of("title", "a template has a title")
	}
	return firstOf(checkID("template_id", t.TemplateId, plainID), checkName("title", t.Title), checkText(t.Text), checkSaying(s, t))
}

func checkPhrase(s State, p *event.Phrase) error {
	return firstOf(checkID("phrase_id", p.PhraseId, plainID), checkText(p.Text), checkSaying(s, p))
}

func checkText(text string) error {
	if strings.TrimSpace(text) == "" || utf8.RuneCountInString(text) > maxText {
		return refusal.Of("text", "the text has 1 to %d characters", maxText)
	}
	return nil
}

// checkSaying refuses a template or a phrase for somebody who is not there.
func checkSaying(s State, t saying) error {
	if id := t.GetCenterId(); id != "" {
		if err := checkAll(s.Centers, "center_id", "center", []string{id}); err != nil {
			return err
		}
	}
	if id := t.GetLineId(); id != "" {
		switch l := s.Line(id); {
		case l == nil:
			return refusal.Of("line_id", "there is no line %q", id)
		case t.GetCenterId() != "" && l.CenterId != t.GetCenterId():
			return refusal.Of("line_id", "line %q is of center %s", id, l.CenterId)
		}
	}
	if id := t.GetLanguage(); id != "" {
		return checkAll(s.Languages, "language", "language", []string{id})
	}
	return nil
}

// checkMoved refuses a line another center than the one that words for it name.
func checkMoved[M saying](words map[string]Entry[M], l *event.Line) error {
	for _, e := range words {
		if t := e.Value; t.GetLineId() == l.LineId && t.GetCenterId() != "" && t.GetCenterId() != l.CenterId {
			return refusal.New(refusal.Conflict, "line %q is in use by templates or phrases of center %s", l.LineId, t.GetCenterId())
		}
	}
	return nil
}

func checkTimer(t *event.OperatorTimer) error {
	switch {
	case t == nil:
		return nil
	case t.Count != "up" && t.Count != "down":
		return refusal.Of("timer.count", "a timer counts up or down")
	case t.Minutes < 0 || t.Minutes > maxMinutes || t.Count == "down" && t.Minutes == 0:
		return refusal.Of("timer.minutes", "a timer has at most %d minutes, and counts down from at least one", maxMinutes)
	case len(t.Marks) > maxMarks:
		return refusal.Of("timer.marks", "a timer has at most %d marks", maxMarks)
	}
	for _, m := range t.Marks {
		if m.Seconds < 0 || m.Seconds > maxMinutes*60 || !slices.Contains(markTones[:], m.Tone) {
			return refusal.Of("timer.marks", "a mark has the tone warning or danger, at 0 to %d seconds", maxMinutes*60)
		}
	}
	return nil
}

func checkForm(f *event.CustomerForm) error {
	names := map[string]bool{}
	for _, x := range f.GetFields() {
		switch {
		case !fieldName.MatchString(x.Name):
			return refusal.Of("form.fields", "a field is named in small letters, such as fname")
		case names[x.Name]:
			return refusal.Of("form.fields", "the field %q is there twice", x.Name)
		case !slices.Contains(fieldKinds[:], x.Kind):
			return refusal.Of("form.fields", "a field is text, phone, email, number or date")
		case checkName("form.fields", x.Label) != nil:
			return checkName("form.fields", x.Label)
		}
		names[x.Name] = true
	}
	if len(names) > maxFields {
		return refusal.Of("form.fields", "a form has at most %d fields", maxFields)
	}
	return nil
}

func checkIntegration(i *event.Integration) error {
	ids := map[string]bool{}
	for _, x := range i.GetTabs() {
		if err := firstOf(checkID("integration.tabs", x.TabId, plainID), checkName("integration.tabs", x.Title)); err != nil {
			return err
		}
		switch {
		case ids[x.TabId]:
			return refusal.Of("integration.tabs", "the tab %q is there twice", x.TabId)
		case len(x.Url) > maxURL || !webPage.MatchString(x.Url):
			return refusal.Of("integration.tabs", "a tab shows a page at http:// or https://")
		case x.Turn < 0:
			return refusal.Of("integration.tabs", "keys are numbered from 0")
		}
		ids[x.TabId] = true
	}
	if len(ids) > maxTabs {
		return refusal.Of("integration.tabs", "there are at most %d tabs", maxTabs)
	}
	return nil
}
