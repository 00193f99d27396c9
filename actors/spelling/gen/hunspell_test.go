package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const affixes = `SET UTF-8
NOSUGGEST !
ONLYINCOMPOUND c
PFX U Y 1
PFX U 0 un .
SFX D Y 2
SFX D 0 d e
SFX D y ied [^aeiou]y
SFX N N 1
SFX N e ion e
REP a ei
`

// proves OP-15: words are in all their forms, and in no others.
func TestOP15_Forms(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{"cat", "cat"},
		{"use/UD", "use unuse used unused"},
		{"try/D", "try tried"},
		{"play/D", "play"},
		{"create/UN", "create uncreate creation"},
		{"damn/!", "damn!"},
		{"1st/D", ""},
		{"th/c", ""},
	} {
		dir := t.TempDir()
		for name, text := range map[string]string{"index.aff": affixes, "index.dic": "1\n" + tt.line + "\n"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		entries, err := expand(dir, filepath.Join(dir, "none"))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range entries {
			if e.Hidden {
				e.Word += "!"
			}
			got = append(got, e.Word)
		}
		if want := strings.Fields(tt.want); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", tt.line, got, want)
		}
	}
}

func TestWhatIsNotUnderstoodIsSaid(t *testing.T) {
	for _, line := range []string{"FLAG long", "SFX A 0 s/B .", "SFX A 0 s [ab", "SFX A 0"} {
		d := dictionary{affixes: map[rune][]affix{}, cross: map[rune]bool{}}
		if d.affix(line) == nil {
			t.Errorf("%q was taken", line)
		}
	}
}
