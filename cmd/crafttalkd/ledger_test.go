package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A row of a ledger says what shows a thing, and what is missing.
type row struct {
	line        int
	name, state string
	shown       []string // test functions, and files of scripts
	missing     string
}

// rowForm is NAME STATE SHOWN ; MISSING.
var rowForm = regexp.MustCompile(`^(.*?)\s+(yes|partial|no|later)\b([^;]*)(?:;\s*(.*))?$`)

func readLedger(t *testing.T, name string) (rows []row) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	for n := 1; s.Scan(); n++ {
		text := strings.TrimSpace(s.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		m := rowForm.FindStringSubmatch(text)
		if m == nil {
			t.Errorf("%s:%d: %q is no row", name, n, text)
			continue
		}
		rows = append(rows, row{line: n, name: m[1], state: m[2], shown: strings.Fields(m[3]), missing: m[4]})
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// wrong says what is not honest in a row. There answers whether a test or a
// script exists.
func (r row) wrong(there func(string) bool) (out []string) {
	shows := r.state == "yes" || r.state == "partial"
	if shows && len(r.shown) == 0 {
		out = append(out, "says "+r.state+" and names nothing that shows it")
	}
	if !shows && len(r.shown) > 0 {
		out = append(out, "says "+r.state+" and names what shows it")
	}
	if (r.state != "yes") != (r.missing != "") {
		out = append(out, "says "+r.state+", and what is missing is "+fmt.Sprintf("%q", r.missing))
	}
	for _, s := range r.shown {
		if !there(s) {
			out = append(out, "names "+s+", which is not there")
		}
	}
	return out
}

// exists returns whether a test function or a script is in the tree.
func exists(t *testing.T) func(string) bool {
	t.Helper()
	tests := map[string]bool{}
	for _, s := range readHouse(t, "../..") {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && s.isTest() && f.Recv == nil {
				tests[f.Name.Name] = true
			}
		}
	}
	return func(name string) bool {
		if strings.HasPrefix(name, "Test") || strings.HasPrefix(name, "Fuzz") {
			return tests[name]
		}
		info, err := os.Stat(filepath.Join("../..", name))
		return err == nil && info.Mode().IsRegular()
	}
}

// guarantees is how many promises there are.
const guarantees = 55

func TestGuaranteesAreShown(t *testing.T) {
	rows, there := readLedger(t, "../../testdata/guarantees.txt"), exists(t)
	for i := range guarantees {
		name := fmt.Sprintf("G%d", i+1)
		if n := len(slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.name != name })); n != 1 {
			t.Errorf("%s has %d rows", name, n)
		}
	}
	if len(rows) != guarantees {
		t.Errorf("there are %d rows, want %d", len(rows), guarantees)
	}
	report(t, rows, there)
}

// sections is how many sections the manual has.
const sections = 41

func TestManualIsShown(t *testing.T) {
	rows := readLedger(t, "../../testdata/manual/index.txt")
	if len(rows) != sections {
		t.Errorf("there are %d rows, want %d", len(rows), sections)
	}
	report(t, rows, exists(t))
}

// mistakes is how many published weaknesses of others are looked at.
const mistakes = 27

// The list of security names tests that are there, and says of each line where
// it stands.
func TestSecurityIsShown(t *testing.T) {
	b, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	there, lines, of := exists(t), 0, 0
	for line := range strings.Lines(string(b)) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 || strings.HasPrefix(cells[1], "--") || strings.TrimSpace(cells[1]) == "ASVS" || strings.TrimSpace(cells[1]) == "no." {
			continue
		}
		tests := regexp.MustCompile("`(Test[A-Za-z0-9_]+)`").FindAllStringSubmatch(line, -1)
		for _, m := range tests {
			if !there(m[1]) {
				t.Errorf("%s: %s is not there", strings.TrimSpace(cells[1]), m[1])
			}
		}
		state := strings.TrimSpace(cells[3])
		switch {
		case len(cells) == 5:
			of++
			if strings.TrimSpace(cells[1]) != fmt.Sprint(of) || len(tests) == 0 {
				t.Errorf("mistake %d: %q", of, line)
			}
		case !slices.Contains([]string{"holds", "partly", "yours"}, state) || state == "holds" && len(tests) == 0:
			t.Errorf("%s says %q and names %d tests", cells[1], state, len(tests))
		}
		lines++
	}
	if of != mistakes || lines < 60 {
		t.Errorf("%d mistakes and %d lines in all", of, lines)
	}
}

func report(t *testing.T, rows []row, there func(string) bool) {
	t.Helper()
	states := map[string]int{}
	for _, r := range rows {
		states[r.state]++
		for _, w := range r.wrong(there) {
			t.Errorf("line %d: %s %s", r.line, r.name, w)
		}
	}
	t.Logf("%v", states)
}

func TestLedger_FaultsAreSeen(t *testing.T) {
	there := exists(t)
	for _, tt := range []struct {
		r    row
		want string
	}{
		{row{state: "yes"}, "names nothing"},
		{row{state: "yes", shown: []string{"TestNobodyWroteThis"}}, "TestNobodyWroteThis, which is not there"},
		{row{state: "yes", shown: []string{"testdata/nothing.txt"}}, "testdata/nothing.txt, which is not there"},
		{row{state: "yes", shown: []string{"testdata/conversation"}}, "testdata/conversation, which is not there"},
		{row{state: "partial", shown: []string{"TestHouse"}}, "what is missing"},
		{row{state: "no"}, "what is missing"},
		{row{state: "later", shown: []string{"TestHouse"}, missing: "all"}, "names what shows it"},
	} {
		if got := tt.r.wrong(there); len(got) != 1 || !strings.Contains(got[0], tt.want) {
			t.Errorf("%+v: %q, want %q", tt.r, got, tt.want)
		}
	}
}
