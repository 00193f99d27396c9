package telegram

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"crafttalkd/channels"
	"crafttalkd/channels/call"
	"crafttalkd/channels/channeltest"
)

// proves G5: whatever comes in an update, what is handed on keeps the intake's
// limits, and an update is an event or strange.
func FuzzUpdate(f *testing.F) {
	all, err := filepath.Glob("testdata/updates/*.json")
	if err != nil || len(all) == 0 {
		f.Fatal("no recorded updates", err)
	}
	for _, name := range all {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"":{}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		u := decode(body)
		if (u.event == nil) == (u.strange == "") {
			t.Fatalf("%q is %v and strange %q", body, u.event, u.strange)
		}
		if u.event == nil {
			return
		}
		shown := channeltest.Show(u.event)
		if !utf8.ValidString(shown) || strings.Contains(shown, "\x00") {
			t.Errorf("%q shows as %q", body, shown)
		}
		if in, ok := u.event.(channels.Inbound); ok {
			if in.Address == "" || in.ID == "" || len(in.ID) > 200 || len(in.Address) > 200 || utf8.RuneCountInString(in.Content.Text) > max(32_000, len(body)) {
				t.Errorf("%q is %s", body, shown)
			}
			if p := in.Content.Location; p != nil && (p.Latitude != p.Latitude || p.Longitude != p.Longitude) {
				t.Errorf("%q is nowhere", body)
			}
		}
	})
}

// proves G5: whatever a server answers, it has a meaning.
func FuzzAnswer(f *testing.F) {
	f.Add(200, []byte(`{"ok":true,"result":{"message_id":7}}`))
	f.Add(429, []byte(`{"ok":false,"error_code":429,"parameters":{"retry_after":1e99}}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		id, err := judge(call.Answer{Status: status, Body: body})
		if err != nil && id != "" || channels.LaterIn(err) < 0 {
			t.Errorf("judge(%d, %q) = %q, %v", status, body, id, err)
		}
	})
}

// An album that comes again is the same; one with more pieces is another.
func TestAlbumIsNamedAfterItsPieces(t *testing.T) {
	name := func(ids ...string) (got string) {
		var pieces []update
		for _, id := range ids {
			pieces = append(pieces, decode([]byte(`{"update_id":1,"message":{"message_id":`+id+`,"chat":{"id":5},"media_group_id":"g","photo":[{"file_id":"f`+id+`"}]}}`)))
		}
		for _, u := range bundle(pieces) {
			got += u.event.(channels.Inbound).ID
		}
		return got
	}
	if a, b := name("1", "2", "3"), name("3", "1", "2", "1"); a != "1+2+3" || b != a {
		t.Errorf("the album is %q and %q", a, b)
	}
	if got := name("1", "2"); got != "1+2" {
		t.Errorf("a part of it is %q", got)
	}
	many := make([]string, 10)
	for i := range many {
		many[i] = "90071992547409931234"[:19] + string(rune('0'+i))
	}
	if got := name(many...); len(got) > 200 || !strings.HasPrefix(got, "album:") {
		t.Errorf("an album with long names is %q", got)
	}
}
