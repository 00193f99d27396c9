package livetest

import (
	"os"
	"strings"
	"testing"
)

// RightsPage says who may do what. Its tables are found out by tests, which write
// them down when they are told so.
const RightsPage = "../../docs/rights.md"

// KeepTable holds a table of the page of rights against what was found.
func KeepTable(t testing.TB, name, table string, rewrite bool) {
	t.Helper()
	b, err := os.ReadFile(RightsPage)
	if err != nil {
		t.Fatal(err)
	}
	begins, ends := "<!-- "+name+" -->\n", "<!-- /"+name+" -->\n"
	before, rest, ok := strings.Cut(string(b), begins)
	_, after, closed := strings.Cut(rest, ends)
	if !ok || !closed {
		t.Fatalf("%s has no place for the table %s", RightsPage, name)
	}
	want := before + begins + table + ends + after
	if string(b) == want {
		return
	}
	if !rewrite {
		t.Fatalf("%s is not what is so: go test this package -run Rights -rewrite-rights, and read the difference", RightsPage)
	}
	if err := os.WriteFile(RightsPage, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}
