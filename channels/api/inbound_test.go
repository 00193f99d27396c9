package api

import (
	"bytes"
	"fmt"
	"maps"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// proves AP-04: everything that a message may hold.
func TestInbound(t *testing.T) {
	in, err := Inbound([]byte(` {"id":"x-1","user":{"id":"u 5","name":" Анна  Петрова-Водкина ","phone":"+79990001122","email":"a@b.example"},
		"text":"Здравствуйте 👋\n\ud83d\udc4b","attachments":[{"url":"https://files.example/a.png","name":"a.png","mime":"image/png","size":10},
		{"upload_id":"up7"}],"button":{"caption":"Да","value":"yes"},"location":{"latitude":55.75,"longitude":37.62},
		"order":9007199254740993,"sent_at":"2030-01-02T03:04:05.5+03:00","link":"tok"} `))
	if err != nil {
		t.Fatal(err)
	}
	want := &event.Content{
		Text: "Здравствуйте 👋\n👋",
		Attachments: []*event.Attachment{
			{AttachmentId: "1", Name: "a.png", Mime: "image/png", Size: 10, Source: "https://files.example/a.png"},
			{AttachmentId: "2", Source: "upload:up7"},
		},
		Pressed: &event.Button{Caption: "Да", Value: "yes"}, Location: &event.Location{Latitude: 55.75, Longitude: 37.62},
	}
	if !proto.Equal(in.Content, want) {
		t.Errorf("Content = %v, want %v", protojson.Format(in.Content), protojson.Format(want))
	}
	fields := map[string]string{"fname": "Анна", "lname": "Петрова-Водкина", "phone": "+79990001122", "email": "a@b.example"}
	if !maps.Equal(in.Fields, fields) {
		t.Errorf("Fields = %v, want %v", in.Fields, fields)
	}
	if in.ID != "x-1" || in.Address != "u 5" || in.Order != 9007199254740993 || in.Link != "tok" ||
		!in.SentAt.Equal(time.Date(2030, 1, 2, 0, 4, 5, 5e8, time.UTC)) {
		t.Errorf("Inbound = %+v", in)
	}
}

// taken are bodies that are in order.
func taken() []string {
	return []string{
		`{"id":"1","user":{"id":"u"},"text":"a"}`,
		`{"id":"1","user":{"id":"u"},"attachments":[{"upload_id":"x"}]}`,
		`{"id":"1","user":{"id":"u"},"button":{"caption":"a"}}`,
		`{"id":"1","user":{"id":"u"},"location":{"latitude":-90,"longitude":180}}`,
		`{"id":"1","user":{"id":"u","name":null,"phone":null},"text":"a","attachments":null,"button":null,"location":null,"order":null,"sent_at":null,"link":null}`,
		`{"id":"1","user":{"id":"u"},"text":"` + strings.Repeat("я", maxText) + `"}`,
		`{"id":"` + strings.Repeat("i", maxID) + `","user":{"id":"` + strings.Repeat("u", maxID) + `"},"text":"a"}`,
		`{"id":"1","user":{"id":"u"},"attachments":[` + strings.Repeat(`{"upload_id":"x"},`, maxFiles-1) + `{"upload_id":"x"}]}`,
		`{"id":"1","user":{"id":"u"},"text":"\u202bשלום\u202c e\u0301 ﷽"}`,
	}
}

func TestInboundTakes(t *testing.T) {
	for _, body := range taken() {
		if _, err := Inbound([]byte(body)); err != nil {
			t.Errorf("Inbound(%.80s) = %v", body, err)
		}
	}
}

// Half of a surrogate pair is a character that nobody can write down; the text
// around it is kept.
func TestInboundLoneSurrogate(t *testing.T) {
	in, err := Inbound([]byte(`{"id":"1","user":{"id":"u"},"text":"a\ud800b"}`))
	if err != nil || in.Content.Text != "a\ufffdb" {
		t.Errorf("Inbound = %q, %v", in.Content.GetText(), err)
	}
}

// A refused body is JSON, and is about the field.
type refused struct{ name, body, field string }

// refusals are bodies that are not in order.
func refusals() []refused {
	with := func(more string) string { return `{"id":"1","user":{"id":"u"},"text":"a",` + more + `}` }
	return []refused{
		{"no id", `{"user":{"id":"u"},"text":"a"}`, "id"},
		{"no user", `{"id":"1","text":"a"}`, "user.id"},
		{"nothing said", `{"id":"1","user":{"id":"u"}}`, "text"},
		{"an unknown field", with(`"colour":1`), "colour"},
		{"an unknown field of the user", `{"id":"1","user":{"id":"u","age":5},"text":"a"}`, "age"},
		{"an unknown field of a file", with(`"attachments":[{"upload_id":"x","path":"/etc"}]`), "attachments.0.path"},
		{"a number for text", `{"id":"1","user":{"id":"u"},"text":5}`, "text"},
		{"an object for text", `{"id":"1","user":{"id":"u"},"text":{}}`, "text"},
		{"a list for id", `{"id":["1"],"user":{"id":"u"},"text":"a"}`, "id"},
		{"a number for the user's name", `{"id":"1","user":{"id":"u","name":1},"text":"a"}`, "user.name"},
		{"text for the user", `{"id":"1","user":"u","text":"a"}`, "user"},
		{"an object for files", with(`"attachments":{}`), "attachments"},
		{"text for a file", with(`"attachments":["a"]`), "attachments.0"},
		{"text for a size", with(`"attachments":[{"upload_id":"x"},{"upload_id":"x","size":"1"}]`), "attachments.1.size"},
		{"a fraction for order", with(`"order":1.5`), "order"},
		{"a huge order", with(`"order":9223372036854775808`), "order"},
		{"a negative order", with(`"order":-1`), "order"},
		{"an odd time", with(`"sent_at":"yesterday"`), "sent_at"},
		{"a number for the time", with(`"sent_at":1700000000`), "sent_at"},
		{"a long id", `{"id":"` + strings.Repeat("i", maxID+1) + `","user":{"id":"u"},"text":"a"}`, "id"},
		{"a long text", `{"id":"1","user":{"id":"u"},"text":"` + strings.Repeat("я", maxText+1) + `"}`, "text"},
		{"a NUL in the text", `{"id":"1","user":{"id":"u"},"text":"a\u0000b"}`, "text"},
		{"a NUL in the user's id", `{"id":"1","user":{"id":"u\u0000"},"text":"a"}`, "user.id"},
		{"a file too many", with(`"attachments":[` + strings.Repeat(`{"upload_id":"x"},`, maxFiles) + `{"upload_id":"x"}]`), "attachments"},
		{"a file from nowhere", with(`"attachments":[{"name":"a"}]`), "attachments.0"},
		{"a file from two places", with(`"attachments":[{"url":"https://a.example","upload_id":"x"}]`), "attachments.0"},
		{"a file of ours", with(`"attachments":[{"url":"file:///etc/passwd"}]`), "attachments.0.url"},
		{"a script for a file", with(`"attachments":[{"url":"javascript:alert(1)"}]`), "attachments.0.url"},
		{"a negative size", with(`"attachments":[{"upload_id":"x","size":-1}]`), "attachments.0.size"},
		{"a button without words", with(`"button":{"value":"x"}`), "button.caption"},
		{"a place in the sky", with(`"location":{"latitude":91,"longitude":0}`), "location"},
	}
}

func TestInboundRefuses(t *testing.T) {
	for _, c := range refusals() {
		_, err := Inbound([]byte(c.body))
		r, ok := err.(*refusal.Error)
		if !ok || r.Kind != refusal.Invalid || r.Field != c.field {
			t.Errorf("%s: Inbound = %#v, want a refusal of %q", c.name, err, c.field)
		}
	}
	for _, body := range []string{"", " ", "null", "[]", `"text"`, "5", "{", `{"id":}`, `{"id":"1"}{}`, `{"id":"1"} x`, "{\"id\":\"\xff\"}", "\xef\xbb\xbf{}", strings.Repeat("[", 20_000), `{"user":` + strings.Repeat("[", 20_000)} {
		if _, err := Inbound([]byte(body)); err != ErrUnreadable {
			t.Errorf("Inbound(%.20q) = %v, want %v", body, err, ErrUnreadable)
		}
	}
}

// proves G5: a long list of nothing takes no more memory than its length.
func TestInboundTakesLittleMemory(t *testing.T) {
	body := []byte(`{"id":"1","user":{"id":"u"},"attachments":[` + strings.Repeat("{},", 300_000) + `{}]}`)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Inbound(body)
	runtime.ReadMemStats(&after)
	if err == nil {
		t.Error("300,001 files are taken")
	}
	if got, most := after.TotalAlloc-before.TotalAlloc, uint64(8*len(body)); got > most {
		t.Errorf("%d bytes are allocated for a body of %d, want at most %d", got, len(body), most)
	}
}

// proves G5: whatever is sent, the answer is a message that is in order or a
// refusal that says which field.
func FuzzInbound(f *testing.F) {
	for _, seed := range []string{
		`{"id":"1","user":{"id":"u","name":"A B"},"text":"a"}`,
		`{"id":"1","user":{"id":"u"},"attachments":[{"url":"https://a.example/x","name":"x","mime":"y","size":1}],"button":{"caption":"c","value":"v"}}`,
		`{"id":"1","user":{"id":"u"},"text":"\ud800\u0000","order":-1,"sent_at":"2030-01-02T03:04:05Z","location":{"latitude":1e308}}`,
		`{"ID":"1","id":"2","id":null,"user":null,"Text":"a"}`, `{"id":1}`, `[`, "{\"id\":\"\xff\"}", `{"attachments":[1,{},"",null]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		in, err := Inbound(body)
		if err != nil {
			if refusal.KindOf(err) != refusal.Invalid {
				t.Fatalf("Inbound(%q) = %v, which is no refusal", body, err)
			}
			if !utf8.ValidString(err.Error()) || len(err.Error()) > 4*maxName {
				t.Fatalf("the refusal of %q can't be told: %q", body, err)
			}
			return
		}
		c := in.Content
		if in.ID == "" || in.Address == "" || utf8.RuneCountInString(c.Text) > maxText || len(c.Attachments) > maxFiles || in.Order < 0 {
			t.Fatalf("Inbound(%q) = %+v", body, in)
		}
		if b, err := proto.Marshal(c); err != nil || bytes.ContainsRune([]byte(c.Text), 0) {
			t.Fatalf("Inbound(%q) can't be kept: %v %v", body, b, err)
		}
		if !utf8.ValidString(in.ID) || !utf8.ValidString(in.Address) || !utf8.ValidString(fmt.Sprint(in.Fields)) {
			t.Fatalf("Inbound(%q) is not UTF-8", body)
		}
	})
}
