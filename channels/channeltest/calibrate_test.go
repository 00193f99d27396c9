package channeltest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// taken is a request as the recorder takes it apart.
func taken(t *testing.T, method, url, kind, body string) request {
	t.Helper()
	r := httptest.NewRequest(method, url, nil)
	r.Header = http.Header{"Content-Type": {kind}, "User-Agent": {"x"}}
	q := request{method + " " + r.URL.Path, map[string]string{}}
	if err := q.read(r, []byte(body)); err != nil {
		t.Fatal(err)
	}
	return q
}

// What differs is told by its name, and what is the same in JSON and in a form
// differs in nothing but that.
func TestDifferences(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	ours := taken(t, "POST", "/send", "application/json", `{"to":7,"text":"a","keys":[{"caption":"x"}],"none":null}`)
	for _, c := range []struct {
		name   string
		theirs []request
		want   []string
	}{
		{"the same", []request{ours}, nil},
		{"a form", []request{taken(t, "POST", "/send", form, `to=7&text=a&keys=[{"caption":"x"}]`)}, []string{"POST /send kind"}},
		{"a number as text", []request{taken(t, "POST", "/send", "application/json", `{"to":"7","text":"a","keys":[{"caption":"x"}]}`)}, []string{"POST /send to"}},
		{"a field more and one less", []request{taken(t, "POST", "/send?v=5", "application/json", `{"to":7,"text":"a"}`)},
			[]string{"only ours: POST /send keys[0].caption", "only theirs: POST /send query v"}},
		{"another method", []request{taken(t, "PUT", "/send", "application/json", `{}`)}, []string{"only ours: POST /send", "only theirs: PUT /send"}},
		{"a request more", []request{ours, ours}, []string{"only theirs: POST /send"}},
	} {
		var got []string
		for _, d := range differences([]request{ours}, c.theirs) {
			got = append(got, d.name)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestExplained(t *testing.T) {
	differ := map[string]string{"only ours: POST /method/* token": "so it is", "POST /a b": "too"}
	for name, want := range map[string]bool{"POST /a b": true, "POST /a bc": false, "only ours: POST /method/x token": true,
		"only ours: POST /method/x tokens": false, "only theirs: POST /method/x token": false} {
		if got := explained(differ, name) != ""; got != want {
			t.Errorf("explained(%q) = %t, want %t", name, got, want)
		}
	}
	if line := explained(differ, "only ours: POST /method/x token"); !strings.Contains(line, "*") {
		t.Errorf("the line is %q", line)
	}
}
