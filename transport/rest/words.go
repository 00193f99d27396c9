package rest

import (
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
)

// For says whom words are for. An empty field is everybody.
type For struct {
	CenterID string `json:"center_id"`
	LineID   string `json:"line_id"`
	Language string `json:"language"`
}

// TemplateFields are what may be said of a template.
type TemplateFields struct {
	Title string `json:"title" need:"yes"`
	Text  string `json:"text" need:"yes"`
	For
}

// PutTemplate is a template as it is put.
type PutTemplate struct {
	TemplateFields
	Revised
}

// Template is a template as it is shown. Manual: Шаблоны ответов.
type Template struct {
	TemplateID string `json:"template_id"`
	TemplateFields
	Mark
}

var templates = collection[*event.Template, PutTemplate, Template]{
	name: "templates", kind: "Template", view: signedIn, change: configure,
	entries: func(d directory.State) map[string]directory.Entry[*event.Template] { return d.Templates },
	show: func(_ directory.State, id string, e directory.Entry[*event.Template]) Template {
		t := e.Value
		return Template{id, TemplateFields{t.Title, t.Text, For{t.CenterId, t.LineId, t.Language}}, markOf(e)}
	},
	build: func(_ *call, id string, in PutTemplate, _ *event.Template) (*event.Template, func() error, error) {
		return &event.Template{TemplateId: id, Title: in.Title, Text: in.Text,
			CenterId: in.CenterID, LineId: in.LineID, Language: in.Language}, nil, nil
	},
}

// PhraseFields are what may be said of a hold phrase.
type PhraseFields struct {
	Text string `json:"text" need:"yes"`
	For
}

// PutPhrase is a hold phrase as it is put.
type PutPhrase struct {
	PhraseFields
	Revised
}

// Phrase is a hold phrase as it is shown. Manual: «Удержание (HOLD)».
type Phrase struct {
	PhraseID string `json:"phrase_id"`
	PhraseFields
	Mark
}

var phrases = collection[*event.Phrase, PutPhrase, Phrase]{
	name: "phrases", kind: "Phrase", view: signedIn, change: configure,
	entries: func(d directory.State) map[string]directory.Entry[*event.Phrase] { return d.Phrases },
	show: func(_ directory.State, id string, e directory.Entry[*event.Phrase]) Phrase {
		p := e.Value
		return Phrase{id, PhraseFields{p.Text, For{p.CenterId, p.LineId, p.Language}}, markOf(e)}
	},
	build: func(_ *call, id string, in PutPhrase, _ *event.Phrase) (*event.Phrase, func() error, error) {
		return &event.Phrase{PhraseId: id, Text: in.Text, CenterId: in.CenterID, LineId: in.LineID, Language: in.Language}, nil, nil
	},
}
