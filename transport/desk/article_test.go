package desk_test

import (
	"io"
	"net/http"
	"slices"
	"testing"

	"crafttalkd/actors/event"
	"crafttalkd/store/blob"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/wire"
)

func present(conv, id, article string, about string) *wire.FromClient {
	m := &wire.Present{ConversationId: conv, SurveyId: id, ArticleId: article}
	if about != "" {
		m.Choice = &wire.Choice{About: about, Rank: 1, Probability: 0.75, Shown: []string{"delivery", "quality"}}
	}
	return &wire.FromClient{Is: &wire.FromClient_Present{Present: m}}
}

// know fills the knowledge base: a survey of one question, and an article whose
// answers are for different people.
func know(s *livetest.Server) {
	s.Put(&event.Line{LineId: "vip", Name: "VIP", CenterId: "shop"}, &event.Language{Language: "de", Name: "Deutsch"})
	s.Know(
		&event.Slot{SlotId: "speed", Identifier: "speed", Type: event.SlotType_DICTIONARY, Question: &event.Prompt{Text: "How fast were we?"},
			Entries: []*event.DictionaryEntry{{Id: "good", Caption: "Fast"}, {Id: "bad", Caption: "Slow"}}},
		&event.Slot{SlotId: "apple", Identifier: "apple", Type: event.SlotType_MATCH, Kind: event.SlotKind_INFERRED, Pattern: "(?i)parcel"},
		&event.Article{ArticleId: "quality", Identifier: "quality", SlotIds: []string{"speed", "apple"}, Answers: []*event.Answer{
			{AnswerId: "a1", Text: "We are glad!", Conditions: []*event.ConditionSet{{All: []*event.Condition{
				{SlotId: "speed", Value: "good"}, {SlotId: "apple", Value: "true"}}}}}}},
		&event.Article{ArticleId: "delivery", Identifier: "delivery", Answers: []*event.Answer{
			{AnswerId: "all", Text: "It comes tomorrow", Attachments: []*event.Attachment{{AttachmentId: "f1", Name: "map.txt", Mime: "text/plain", Blob: s.Keep(blob.Knowledge, "the way")}}},
			{AnswerId: "vip", Text: "It comes at once", Audience: &event.Audience{LineIds: []string{"vip"}}},
			{AnswerId: "german", Text: "Morgen", Audience: &event.Audience{Languages: []string{"de"}}},
			{AnswerId: "again", Text: "Ask once more"},
		}},
		&event.Article{ArticleId: "vip", Identifier: "vip", Answers: []*event.Answer{{AnswerId: "vip", Text: "It comes at once", Audience: &event.Audience{LineIds: []string{"vip"}}}}},
		&event.Article{ArticleId: "weather", Identifier: "weather", Answers: []*event.Answer{{AnswerId: "a1", Text: "/redirect weatherbot"}}},
	)
}

// proves KB-11, KB-12, SL-05: an operator sends an article with one frame. The
// customer is shown what is said, and nothing of what is known or chosen.
func TestKB12_AnArticleReachesTheCustomer(t *testing.T) {
	s, oleg, anna, conv := serve(t)
	know(s)
	about := said(s, conv)[0].MessageId
	oleg.Must(present(conv, "v1", "quality", about))
	question := anna.Bubble("How fast were we?")
	if n := len(question.Content.Buttons); n != 2 {
		t.Fatalf("the question has %d buttons", n)
	}
	if a := oleg.Must(present(conv, "v1", "quality", about)); !a.Repeated {
		t.Error("the same survey again is news")
	}
	anna.Must(&wire.FromClient{Is: &wire.FromClient_Say{Say: &wire.Say{MessageId: "m2", Content: &event.Content{Text: "Fast", Pressed: question.Content.Buttons[0]}}}})
	oleg.Fact("the value", func(e event.Event) bool {
		f, ok := e.(*event.SlotFilled)
		return ok && f.Value == "good"
	})
	anna.Bubble("We are glad!")
	for _, e := range s.Facts(event.ConversationStream + conv) {
		if c, ok := e.(*event.AnswerChosen); ok {
			if c.Text != "Where is my parcel?" || c.ArticleId != "quality" || c.Rank != 1 || c.Probability != 0.75 || len(c.Shown) != 2 || c.OperatorId != "oleg" {
				t.Errorf("kept of the choice: %v", c)
			}
			return
		}
	}
	t.Error("the choice is not kept")
}

// proves KB-06, KB-11: answers are given as far as the conversation and the
// operator may see them, and to whom they are for.
func TestKB06_AnswersStayInReach(t *testing.T) {
	s, oleg, anna, conv := serve(t)
	know(s)
	oleg.Must(present(conv, "v1", "delivery", ""))
	first := anna.Bubble("It comes tomorrow")
	anna.Bubble("Ask once more")
	if got := messages(oleg.Fold, event.ConversationStream+conv); slices.Contains(got, "It comes at once") || slices.Contains(got, "Morgen") {
		t.Errorf("%q were sent", got)
	}
	one := present(conv, "v2", "delivery", "")
	one.GetPresent().AnswerId = "again"
	oleg.Must(one)
	anna.Bubble("Ask once more")
	for _, tt := range []struct{ article, answer, field string }{
		{"nothing", "", "article_id"}, {"vip", "", "article_id"}, {"delivery", "german", "answer_id"}, {"weather", "", "article_id"},
	} {
		f := present(conv, "v3", tt.article, "")
		f.GetPresent().AnswerId = tt.answer
		if a := oleg.Do(f); a.Kind != "invalid" || a.Field != tt.field {
			t.Errorf("article %s, answer %q: %v, want it refused for %s", tt.article, tt.answer, a, tt.field)
		}
	}
	if a := oleg.Do(present(conv, "", "delivery", "")); a.Field != "survey_id" {
		t.Errorf("without a name: %v", a)
	}
	u := livetest.User("oleg")
	u.Roles = []string{"view_reroute_btn"}
	s.Put(u)
	if a := oleg.Do(present(conv, "v4", "delivery", "")); a.Kind != "denied" {
		t.Errorf("without view_kb: %v", a)
	}
	theFileIsThere(t, s, first.Content.Attachments[0].Blob)
}

// theFileIsThere: a file of the knowledge base is fetched by a visitor as one of
// the visitor's own, and not copied.
func theFileIsThere(t *testing.T, s *livetest.Server, hash string) {
	t.Helper()
	token, _ := s.Token(t, "site")
	r, err := http.NewRequest("GET", s.HTTP.URL+"/widget/v1/site/files/"+hash, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = livetest.Bearer(token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if b, err := io.ReadAll(resp.Body); err != nil || string(b) != "the way" {
		t.Errorf("the visitor gets %d %q, %v", resp.StatusCode, b, err)
	}
}

func said(s *livetest.Server, conv string) (out []*event.MessageReceived) {
	for _, e := range s.Facts(event.ConversationStream + conv) {
		if m, ok := e.(*event.MessageReceived); ok {
			out = append(out, m)
		}
	}
	return out
}

// proves KB-12: what an operator makes of an article, and what is rejected, is
// kept with the words it was about, and only if it can be true.
func TestKB12_ChoicesAreKept(t *testing.T) {
	s, oleg, _, conv := serve(t)
	know(s)
	about := said(s, conv)[0].MessageId
	reply := livetest.Reply(conv, "r1", "It will come tomorrow")
	reply.GetReply().Choice = &wire.Choice{About: about, ArticleId: "delivery", AnswerId: "all", Edited: true}
	oleg.Must(reply)
	reject := func(about, article string) *wire.FromClient {
		return &wire.FromClient{Is: &wire.FromClient_Reject{Reject: &wire.Reject{ConversationId: conv, About: about, ArticleId: article}}}
	}
	oleg.Must(reject(about, "vip"))
	if a := oleg.Must(reject(about, "vip")); !a.Repeated {
		t.Error("the same rejection again is news")
	}
	if a := oleg.Do(reject("m9", "vip")); a.Field != "about" {
		t.Errorf("a rejection about nothing: %v", a)
	}
	for field, c := range map[string]*wire.Choice{
		"choice.article_id":  {About: about, ArticleId: "nothing"},
		"about":              {About: "m9", ArticleId: "delivery"},
		"choice.probability": {About: about, ArticleId: "delivery", Probability: 2},
		"choice.shown":       {About: about, ArticleId: "delivery", Rank: -1},
	} {
		f := livetest.Reply(conv, "r2", "No")
		f.GetReply().Choice = c
		if a := oleg.Do(f); a.Kind != "invalid" || a.Field != field {
			t.Errorf("%v: %v, want it refused for %s", c, a, field)
		}
	}
	var got []string
	for _, e := range s.Facts(event.ConversationStream + conv) {
		switch e := e.(type) {
		case *event.AnswerChosen:
			got = append(got, e.MessageId+" "+e.Text+" "+e.AnswerId)
		case *event.AnswerRejected:
			got = append(got, e.ArticleId+" "+e.Text)
		}
	}
	if want := []string{"r1 Where is my parcel? all", "vip Where is my parcel?"}; !slices.Equal(got, want) {
		t.Errorf("kept: %q, want %q", got, want)
	}
}

// proves SL-05: the operator ends a survey, and only one of a conversation of
// the operator's own.
func TestSL05_ASurveyIsCancelled(t *testing.T) {
	s, oleg, anna, conv := serve(t)
	know(s)
	olga := s.Online(t, "olga")
	oleg.Must(present(conv, "v1", "quality", ""))
	anna.Bubble("How fast were we?")
	cancel := &wire.FromClient{Is: &wire.FromClient_CancelSurvey{CancelSurvey: &wire.CancelSurvey{ConversationId: conv, SurveyId: "v1"}}}
	for name, f := range map[string]*wire.FromClient{"cancelling": cancel, "presenting": present(conv, "v2", "delivery", "")} {
		if a := olga.Do(f); a.Kind != "denied" {
			t.Errorf("%s in another's conversation: %v", name, a)
		}
	}
	oleg.Must(cancel)
	oleg.Fact("the end", func(e event.Event) bool {
		f, ok := e.(*event.SurveyEnded)
		return ok && f.Outcome == event.SurveyOutcome_SURVEY_CANCELLED && f.By == "oleg"
	})
}
