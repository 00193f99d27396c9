package rest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"crafttalkd/store/view/surveys"
	"crafttalkd/transport/rest"
)

// proves SL-08: every survey of the period is counted, within the asker's scope,
// also those that no page of the list shows; the most frequent answers are told
// apart, and the others are a number.
func TestSL08_SurveysAreCounted(t *testing.T) {
	inHouse(t, func(h *house) {
		sum := func(user, query string) string {
			got := h.as(user, "GET", "/api/v1/surveys/summary"+query, "").want(200)
			out := fmt.Sprint(got.field("surveys"))
			for i := range got.field("articles").([]any) {
				out += fmt.Sprint(" ", got.field("articles", i, "article_id"), "=", got.field("articles", i, "surveys"))
			}
			for i := range got.field("questions").([]any) {
				out += fmt.Sprint("; ", got.field("questions", i, "slot"), " ", got.field("questions", i, "count"))
				for j := range got.field("questions", i, "answers").([]any) {
					out += fmt.Sprint(" ", got.field("questions", i, "answers", j, "said"), "=", got.field("questions", i, "answers", j, "count"))
				}
				out += fmt.Sprint(" others=", got.field("questions", i, "others"))
			}
			return out
		}
		if got := sum("boss", ""); got != "0" {
			t.Errorf("of nothing: %s", got)
		}
		for i := range 205 { // more than a page of the list has
			said := []string{"good", "good", "bad", ""}[i%4]
			h.surveyed(time.Duration(i)*time.Minute, fmt.Sprint("c", i, ".1"), "shop", "help", "quality", said)
		}
		h.surveyed(0, "clara.1", "bank", "loans", "tone", "kind")
		if got := sum("boss", ""); got != "205 quality=205; quality-speed 154 good=103 bad=51 others=0" {
			t.Errorf("all: %s", got)
		}
		if got := sum("rival", ""); got != "1 tone=1; tone-speed 1 kind=1 others=0" {
			t.Errorf("of the other center: %s", got)
		}
		if got := sum("boss", "?article_id=tone"); got != "0" {
			t.Errorf("of another survey: %s", got)
		}
		for i := range 9 {
			h.surveyed(0, fmt.Sprint("d", i, ".1"), "shop", "help", "free", fmt.Sprint("word ", i))
		}
		if got := sum("boss", "?article_id=free"); !strings.HasSuffix(got, "word 7=1 word 8=1 others=0") {
			t.Errorf("one more than is told: %s", got)
		}
		for i := range 3 {
			h.surveyed(0, fmt.Sprint("e", i, ".1"), "shop", "help", "free", fmt.Sprint("word ", 8+i))
		}
		if got := sum("boss", "?article_id=free"); got != "12 free=12; free-speed 12 word 8=2 word 0=1 word 1=1 word 10=1 word 2=1 word 3=1 word 4=1 word 5=1 others=3" {
			t.Errorf("many: %s", got)
		}
		h.as("boss", "GET", "/api/v1/surveys/summary?from=yesterday", "").want(422)
	})
}

// proves SL-08: what is too much to count is not counted, and that is said: since
// when the count is.
func TestSL08_CountIsBoundedAndSaysSo(t *testing.T) {
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	all := func(yield func(surveys.Result, error) bool) {
		for i := range 5 {
			if !yield(surveys.Result{Article: "a", Ended: noon.Add(-time.Duration(i) * time.Hour)}, nil) {
				return
			}
		}
	}
	n := 0
	say := func(surveys.Result) ([]surveys.Answer, error) {
		n++
		return []surveys.Answer{{Slot: "s", Value: fmt.Sprint(n)}}, nil
	}
	for _, tt := range []struct {
		most  int
		since time.Time
	}{{5, time.Time{}}, {3, noon.Add(-2 * time.Hour)}} {
		got, err := rest.Summary(all, tt.most, say)
		if err != nil || got.Surveys != tt.most || got.Questions[0].Count != tt.most || !got.Since.Equal(tt.since) {
			t.Errorf("at most %d: %+v, %v", tt.most, got, err)
		}
	}
	n = 0
	one := func(yield func(surveys.Result, error) bool) {
		for range 2000 {
			if !yield(surveys.Result{Article: "a"}, nil) {
				return
			}
		}
	}
	if got, _ := rest.Summary(one, 2000, say); got.Questions[0].Count != 2000 || got.Questions[0].Others != 1992 || len(got.Questions[0].Answers) != 8 {
		t.Errorf("of 2000 different answers: %+v", got.Questions)
	}
}
