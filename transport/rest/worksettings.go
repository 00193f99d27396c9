package rest

import "crafttalkd/actors/event"

// WorkSettings are the settings of a center that a screen goes by.
type WorkSettings struct {
	Timer           WorkTimer   `json:"timer"`
	AutoCapital     bool        `json:"auto_capital"`
	NotifyAssign    bool        `json:"notify_assign"`
	Fields          []WorkField `json:"fields" doc:"of the customer's form, in order"`
	Tabs            []WorkTab   `json:"tabs"`
	AskDissatisfied bool        `json:"ask_dissatisfied"`
	SpellCheck      bool        `json:"spell_check"`
	ForbidErrors    bool        `json:"forbid_errors"`
}

// WorkTimer is the timer on each conversation.
type WorkTimer struct {
	Count   string     `json:"count" doc:"up or down"`
	Minutes int32      `json:"minutes"`
	Marks   []WorkMark `json:"marks"`
}

// WorkMark is where the timer's background changes.
type WorkMark struct {
	Seconds int32  `json:"seconds" doc:"left when counting down, gone by when counting up"`
	Tone    string `json:"tone" doc:"warning or danger"`
}

// WorkField is a field of the customer's form.
type WorkField struct {
	Name     string `json:"name"`
	Label    string `json:"label"`
	Kind     string `json:"kind" doc:"text, phone, email, number or date"`
	Required bool   `json:"required"`
}

// WorkTab is a page of another program beside a conversation.
type WorkTab struct {
	TabID string `json:"tab_id"`
	Title string `json:"title"`
	URL   string `json:"url" doc:"{customer_id} and {conversation_id} in it are to be filled in, and {context} by what the call for it tells"`
}

// workSettings is what a screen goes by of the settings in force.
func workSettings(s *event.Settings) WorkSettings {
	out := WorkSettings{AutoCapital: s.GetAutoCapital(), NotifyAssign: s.GetNotifyAssign(), AskDissatisfied: s.GetAskDissatisfied(),
		SpellCheck: s.GetSpellCheck(), ForbidErrors: s.GetForbidErrors(),
		Timer:  WorkTimer{Count: s.Timer.GetCount(), Minutes: s.Timer.GetMinutes(), Marks: []WorkMark{}},
		Fields: []WorkField{}, Tabs: []WorkTab{}}
	for _, m := range s.Timer.GetMarks() {
		out.Timer.Marks = append(out.Timer.Marks, WorkMark{m.Seconds, m.Tone})
	}
	for _, f := range s.Form.GetFields() {
		out.Fields = append(out.Fields, WorkField{f.Name, f.Label, f.Kind, f.Required})
	}
	for _, t := range s.Integration.GetTabs() {
		out.Tabs = append(out.Tabs, WorkTab{t.TabId, t.Title, t.Url})
	}
	return out
}
