package replay

import (
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if !strings.HasSuffix(name, ".gz") {
		_, err = f.WriteString(text)
	} else {
		z := gzip.NewWriter(f)
		z.Write([]byte(text))
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return name
}

const (
	bare = `{"id":"a","language":"en","topic":"x","messages":[{"from":"customer","text":"hi"},{"from":"operator","text":"hello"}]}`
	full = `{"id":"b","language":"ru","topic":"y","customer":{"id":"c1","name":"Анна"},"channel":"api","line":"cards","skills":["z"],
"messages":[{"from":"customer","after":2.5,"channel":"widget","attachments":[{"name":"a.png","mime":"image/png","size":10}]},
{"from":"operator","text":"?","buttons":[{"caption":"Да","value":"yes"}]},{"from":"customer","pressed":{"caption":"Да","value":"yes"}}]}`
)

func TestRecordingsAreRead(t *testing.T) {
	text := bare + "\n\n" + strings.ReplaceAll(full, "\n", "") + "\n"
	for _, name := range []string{"r.jsonl", "r.jsonl.gz", "zipped.gz"} {
		got, err := Read([]string{write(t, name, text)})
		if err != nil || len(got) != 2 {
			t.Fatalf("%s: %d dialogs, %v", name, len(got), err)
		}
		d := got[1]
		if d.Customer.Name != "Анна" || d.Channel != api || d.Line != "cards" || *d.Messages[0].After != 2.5 {
			t.Errorf("%s: %+v", name, d)
		}
		for i, want := range []string{"[a.png]", "?", "Да"} {
			if w := d.Messages[i].words(); w != want {
				t.Errorf("message %d says %q, want %q", i, w, want)
			}
		}
		if c := d.Messages[2].content("MARK"); c.Pressed.GetValue() != "yes" || c.Text != "MARK" {
			t.Errorf("a press is sent as %v", c)
		}
	}
}

func TestWrongLinesAreNamed(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{`{"id":`, "unexpected end"},
		{`[]`, "cannot unmarshal"},
		{`{"messages":[{"from":"customer","text":"x"}]}`, "no id"},
		{`{"id":"x","messages":[]}`, "writes nothing"},
		{`{"id":"x","messages":[{"from":"operator","text":"x"}]}`, "writes nothing"},
		{`{"id":"x","messages":[{"from":"robot","text":"x"}]}`, `from "robot"`},
		{`{"id":"x","messages":[{"from":"customer"}]}`, "says nothing"},
		{`{"id":"x","messages":[{"from":"customer","text":"x","after":-1}]}`, "before the previous"},
		{`{"id":"x","channel":"fax","messages":[{"from":"customer","text":"x"}]}`, `channel "fax"`},
	} {
		name := write(t, "r.jsonl", bare+"\n"+bare+"\n"+c.line+"\n")
		_, err := Read([]string{name})
		if err == nil || !strings.HasPrefix(err.Error(), name+":3: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s:3: … %s", c.line, err, name, c.want)
		}
	}
	if _, err := Read([]string{write(t, "r.jsonl", bare+"\n"+strings.Repeat("x", longestLine+1))}); err == nil || !strings.Contains(err.Error(), ":2: ") {
		t.Errorf("an endless line: %v", err)
	}
	if _, err := Read([]string{t.TempDir()}); err == nil {
		t.Error("a directory without recordings is played")
	}
}

// The repository's own recordings are whole, and are what they promise to be.
func TestTraffic(t *testing.T) {
	dialogs, err := Read([]string{traffic})
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(traffic + "/*.jsonl")
	if err != nil || len(files) < 6 {
		t.Errorf("the files are %v, %v", files, err)
	}
	languages, ids, channels := map[string]int{}, map[string]bool{}, map[string]map[string]bool{}
	var alone, files2, presses int
	for _, d := range dialogs {
		languages[d.Language]++
		if ids[d.ID] {
			t.Errorf("there are two dialogs %s", d.ID)
		}
		ids[d.ID] = true
		if n := len(d.Messages); n < 3 || n > 25 {
			t.Errorf("dialog %s has %d messages", d.ID, n)
		}
		answered := false
		for _, m := range d.Messages {
			answered = answered || m.From == operator
			files2 += len(m.Attachments)
			if m.Pressed != nil {
				presses++
			}
		}
		if !answered {
			alone++
		}
		if c := d.Customer; c != nil {
			if channels[c.ID] == nil {
				channels[c.ID] = map[string]bool{}
			}
			channels[c.ID][widget] = channels[c.ID][widget] || d.Channel != api || d.uses(widget)
			channels[c.ID][api] = channels[c.ID][api] || d.uses(api)
		}
	}
	both := 0
	for _, c := range channels {
		if c[widget] && c[api] {
			both++
		}
	}
	if len(dialogs) < 60 || languages["ru"] < 40 || languages["en"] < 20 {
		t.Errorf("there are %d dialogs: %v", len(dialogs), languages)
	}
	if alone < 3 || files2 < 20 || presses < 10 || both < 5 {
		t.Errorf("%d unanswered, %d files, %d presses, %d customers in two channels", alone, files2, presses, both)
	}
}
