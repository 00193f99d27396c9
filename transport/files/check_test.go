package files

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/blob"
)

// proves SECURITY (5.4.3): what is refused is given by no way there is: not by a
// link, not to an edge, not to a program, not to a messenger.
func TestNobodyOpensAVirus(t *testing.T) {
	s, _ := openBlobs(t)
	l := links(s)
	hash := put(t, s, "anna", "a virus")
	a := &event.Attachment{Name: "me.txt", Blob: hash}
	if err := l.Complete(carried, a); err != nil {
		t.Fatal(err)
	}
	ways := map[string]func() (string, error){
		"a link": func() (string, error) { return follow(l, a.Source).Body.String(), nil },
		"an edge": func() (string, error) {
			f, _, err := s.Get("anna", hash)
			if err != nil {
				return "", err
			}
			defer f.Close()
			w := httptest.NewRecorder()
			err = l.Hand(w, httptest.NewRequest(http.MethodGet, "/", nil), f, a.Name)
			return w.Body.String() + w.Header().Get("Location"), err
		},
		"a program": func() (string, error) {
			w := httptest.NewRecorder()
			err := l.Answer(w, httptest.NewRequest(http.MethodGet, "/", nil), carried.Conversation, a)
			return w.Body.String() + w.Header().Get("Location"), err
		},
	}
	for _, apart := range []bool{false, true} {
		l.Apart, l.Check = apart, nil
		for name, way := range ways {
			if got, err := way(); err != nil || !strings.Contains(got, "a virus") && !strings.Contains(got, LinkPath) {
				t.Errorf("%s does not lead to a clean file: %q, %v", name, got, err)
			}
		}
		l.Check = func(*blob.File) error { return refusal.New(refusal.Denied, "held back") }
		for name, way := range ways {
			got, err := way()
			if strings.Contains(got, "a virus") || strings.Contains(got, LinkPath) || !strings.Contains(got, "held back") && refusal.KindOf(err) != refusal.Denied {
				t.Errorf("%s leads to a virus: %q, %v", name, got, err)
			}
		}
		if f, err := l.Open(carried.Conversation, a); refusal.KindOf(err) != refusal.Denied || f != nil {
			t.Errorf("a messenger gets %v, %v", f, err)
		}
	}
}
