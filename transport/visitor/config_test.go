package visitor_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/visitor"
	"crafttalkd/transport/wire"
)

// proves WG-04: settings that nobody has put yet are shown as a page would be told,
// and refused as they would be.
func TestWG04_Preview(t *testing.T) {
	b, err := visitor.Preview([]byte(`{"accent":"#123456","texts":{"ru":{"title":"Tea"}},"logo":"data:image/png;base64,AAAA"}`))
	if err != nil {
		t.Fatal(err)
	}
	var shown visitor.Shown
	if err := json.Unmarshal(b, &shown); err != nil {
		t.Fatal(err)
	}
	if shown.Accent != "#123456" || shown.Position != "right" || string(shown.Texts["ru"]["title"]) != `"Tea"` || shown.Logo != "" {
		t.Errorf("shown as %s", b)
	}
	if _, err := visitor.Preview([]byte(`{"accent":"red"}`)); refusal.KindOf(err) != refusal.Invalid {
		t.Errorf("a colour that is none: %v", err)
	}
}

// proves WG-03 and WG-04: what a widget could not be shown with is refused, by
// the name of the field.
func TestWG04_Settings(t *testing.T) {
	for settings, field := range map[string]string{
		``:                "",
		`{}`:              "",
		`{"rate":100000}`: "",
		`{"sites":["https://a.example","http://127.0.0.1:8080/"]}`:                                                                          "",
		`{"style":"light","theme":"dark","position":"left","accent":"#0B6e75","radius":0,"rating":false}`:                                   "",
		`{"languages":["en"],"texts":{"en":{"title":"Tea"}},"prechat":[{"name":"fname","required":true,"cyrillic":true},{"name":"phone"}]}`: "",
		`{"files":{"enabled":false,"max_size":1000,"max_count":1,"accept":["image/*",".pdf","image/svg+xml"]}}`:                             "",
		`{"logo":"data:image/png;base64,AAAA"}`:                                                                                             "",
		`{"colour":"red"}`:                                                                                                                  "settings",
		`[]`:                                                                                                                                "settings",
		`{"sites":["shop.example"]}`:                                                                                                        "settings.sites",
		`{"sites":["https://shop.example/page"]}`:                                                                                           "settings.sites",
		`{"style":"loud"}`:                                                                                                                  "settings.style",
		`{"theme":"night"}`:                                                                                                                 "settings.theme",
		`{"position":"top"}`:                                                                                                                "settings.position",
		`{"accent":"red;}*{display:none"}`:                                                                                                  "settings.accent",
		`{"radius":-1}`:                                                                                                                     "settings.radius",
		`{"logo":"https://elsewhere.example/logo.png"}`:                                                                                     "settings.logo",
		`{"logo":"data:text/html;base64,AAAA"}`:                                                                                             "settings.logo",
		`{"languages":["fr"]}`:                                                                                                              "settings.languages",
		`{"texts":{"ru":{"tittle":"x"}}}`:                                                                                                   "settings.texts.ru",
		`{"texts":{"ru":{"unread":"x"}}}`:                                                                                                   "settings.texts.ru",
		`{"prechat":[{"name":"passport"}]}`:                                                                                                 "settings.prechat",
		`{"prechat":[{"name":"fname"},{"name":"fname"}]}`:                                                                                   "settings.prechat",
		`{"prechat":[{"name":"email","cyrillic":true}]}`:                                                                                    "settings.prechat",
		`{"files":{"max_size":999999999999}}`:                                                                                               "settings.files.max_size",
		`{"files":{"max_count":21}}`:                                                                                                        "settings.files.max_count",
		`{"files":{"accept":["*"]}}`:                                                                                                        "settings.files.accept",
		`{"rate":-1}`:                                                                                                                       "settings.rate",
		`{"texts":{"ru":{"title":"` + strings.Repeat("я", 501) + `"}}}`:                                                                     "settings.texts.ru",
	} {
		err := visitor.CheckSettings([]byte(settings))
		got := ""
		if e, ok := err.(*refusal.Error); ok {
			got = e.Field
		} else if err != nil {
			t.Errorf("%s: %v is no refusal", settings, err)
		}
		if got != field {
			t.Errorf("%s is refused for %q (%v), want %q", settings, got, err, field)
		}
	}
}

func putSettings(s *livetest.Server, settings string) {
	a := *s.Directory.State().Account("site")
	s.Put(&event.Account{AccountId: "news", Kind: visitor.Kind, CenterId: a.CenterId, Routing: a.Routing, Settings: settings})
}

// proves WG-04: a page is told everything, its own words first, and once.
func TestWG04_Configuration(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	putSettings(s, `{"accent":"#123456","languages":["ru"],"texts":{"ru":{"title":"Лавка"}},"logo":"data:image/png;base64,AAAA","sites":["https://tea.example"]}`)
	get := func(path, origin, known string) (*http.Response, string) {
		r, _ := http.NewRequest("GET", s.HTTP.URL+path, nil)
		r.Header.Set("Origin", origin)
		r.Header.Set("If-None-Match", known)
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		b, err := io.ReadAll(a.Body)
		if err != nil {
			t.Fatal(err)
		}
		return a, string(b)
	}
	a, body := get("/widget/v1/news/config", "https://tea.example", "")
	var got visitor.Shown
	if err := json.Unmarshal([]byte(body), &got); err != nil || a.StatusCode != 200 {
		t.Fatalf("%s: %s, %v", a.Status, body, err)
	}
	if got.Accent != "#123456" || got.Style != "classic" || *got.Radius != 16 || !*got.Rating || got.Files.MaxSize == 0 || got.PreChat == nil {
		t.Errorf("looks %+v", got.Looks)
	}
	if string(got.Texts["ru"]["title"]) != `"Лавка"` || len(got.Texts["ru"]["send"]) < 3 || got.Texts["en"] != nil {
		t.Errorf("texts %v", got.Texts)
	}
	if o := a.Header.Get("Access-Control-Allow-Origin"); o != "https://tea.example" {
		t.Errorf("allowed for %q", o)
	}
	if a, body := get("/widget/v1/news/config", "https://tea.example", a.Header.Get("ETag")); a.StatusCode != http.StatusNotModified || body != "" {
		t.Errorf("known already: %s, %q", a.Status, body)
	}
	if a, _ := get("/widget/v1/news/config", "https://other.example", ""); a.StatusCode != http.StatusForbidden {
		t.Errorf("another site: %s", a.Status)
	}
	if a, _ := get("/widget/v1/bot/config", "", ""); a.StatusCode != http.StatusNotFound {
		t.Errorf("no widget: %s", a.Status)
	}
	if a, body := get(got.Logo, "", ""); a.Header.Get("Content-Type") != "image/png" || len(body) != 3 {
		t.Errorf("logo at %q: %v, %d bytes", got.Logo, a.Header, len(body))
	}
	if a, _ := get("/widget/v1/site/logo", "", ""); a.StatusCode != http.StatusNotFound {
		t.Errorf("no logo: %s", a.Status)
	}
}

// Both languages say the same things.
func TestWG01_Words(t *testing.T) {
	ru, en := visitor.Show("a", visitor.Settings{}).Texts["ru"], visitor.Show("a", visitor.Settings{}).Texts["en"]
	names := func(m map[string]json.RawMessage) (out []string) {
		for k := range m {
			out = append(out, k)
		}
		slices.Sort(out)
		return out
	}
	if !slices.Equal(names(ru), names(en)) {
		t.Errorf("ru says %v, en says %v", names(ru), names(en))
	}
}

// proves WG-01: without a socket a visitor says who they are and rates, and the
// other tabs are told.
func TestWG01_WithoutSocket(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	oleg := s.Online(t, "oleg")
	token, anna := s.Token(t, "site")
	post := func(path, body, as string) int {
		r, _ := http.NewRequest("POST", s.HTTP.URL+path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+as)
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		return a.StatusCode
	}
	say, err := protojson.Marshal(&wire.Say{MessageId: "m1", Content: &event.Content{Text: "Hello"}, Identify: &wire.Identify{Fields: map[string]string{"fname": "Anna"}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := post("/widget/v1/site/messages", string(say), token); got != http.StatusAccepted {
		t.Fatalf("say: %d", got)
	}
	named := s.Count(event.CustomerStream+anna, func(e event.Event) bool {
		p, ok := e.(*event.ProfileChanged)
		return ok && p.Fields["fname"] == "Anna"
	})
	if named != 1 {
		t.Errorf("named %d times, want once", named)
	}
	conv := oleg.Assigned("oleg")
	tab := s.Visitor(t, token, nil)
	oleg.Must(livetest.Close(conv))
	tab.Until("closed", progress("closed"))
	rating := `{"conversation_id":"` + conv + `","rating":4}`
	stranger, _ := s.Token(t, "site")
	if got := post("/widget/v1/site/rating", rating, stranger); got != http.StatusNotFound {
		t.Errorf("a stranger's rating: %d", got)
	}
	if got := post("/widget/v1/site/rating", rating, token); got != http.StatusOK {
		t.Errorf("rating: %d", got)
	}
	tab.Until("rated", progress("rated"))
	if got := post("/widget/v1/site/rating", strings.Replace(rating, `"rating":4`, `"rating":9`, 1), token); got != http.StatusUnprocessableEntity && got != http.StatusBadRequest {
		t.Errorf("nine stars: %d", got)
	}
}
