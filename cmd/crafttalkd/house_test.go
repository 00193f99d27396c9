package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "crafttalkd/"

// A room says which packages of ours a package may import. A pure one is told
// the time and never asks for it, starts nothing and touches nothing.
type room struct {
	who  string // a package, or with /... all below one
	pure bool
	may  []string
}

// rooms is the plan of the house. The first row that matches a package rules.
var rooms = []room{
	{"actors/event", true, nil},
	{"actors/event/gen", false, nil}, // writes the vocabulary's Go side
	{"actors/refusal", true, nil},
	{"actors/shell", false, []string{"actors/event", "actors/refusal", "store", "store/journal"}},
	{"actors/flow", true, []string{"actors/...", "!actors/system", "!actors/actortest"}},
	{"actors/system", false, []string{"actors/...", "!actors/actortest", "store", "store/journal"}},
	{"actors/actortest", false, []string{"actors/event", "actors/refusal", "actors/shell"}},
	{"actors/spelling", true, nil},
	{"actors/spelling/gen", false, []string{"actors/spelling"}}, // writes its graphs of words
	{"actors/day", false, nil},                                  // tests alone
	{"actors/survey", true, []string{"actors/event", "actors/refusal"}},
	{"actors/conversation", true, []string{"actors/event", "actors/refusal", "actors/survey"}},
	{"actors/knowledge", true, []string{"actors/event", "actors/refusal", "actors/identifier", "actors/survey"}},
	{"actors/...", true, []string{"actors/event", "actors/refusal"}}, // the machines

	{"channels", false, []string{"actors/event", "actors/refusal"}},
	{"channels/webhook", false, []string{"channels", "actors/refusal"}},
	{"channels/phone", false, []string{"channels", "channels/webhook", "actors/event", "actors/refusal"}},
	{"channels/api", false, []string{"channels", "channels/webhook", "actors/event", "actors/refusal", "transport/problem"}},
	{"channels/email", false, []string{"channels", "channels/email/letter", "actors/event", "actors/refusal"}},
	{"channels/email/letter", false, nil},
	{"channels/...", false, []string{"channels", "channels/call", "channels/graph", "channels/hook", "channels/loose", "actors/event", "actors/refusal"}},

	{"store", false, nil},
	{"store/keys", false, []string{"store", "actors/refusal"}},
	{"store/blob", false, []string{"store", "actors/refusal"}},
	{"store/journal", false, []string{"store", "store/keys", "actors/event"}},
	{"store/journal/journaltest", false, []string{"store", "store/journal", "store/keys", "store/pebblestore", "actors/event"}},
	{"store/pebblestore", false, []string{"store"}},
	{"store/search/lexis", true, nil},
	{"store/pace", false, nil},
	{"store/search/compound", true, nil},
	{"store/search/disk", false, nil},
	{"store/search/talk", false, []string{"store/journal", "store/pace", "store/search/compound", "store/search/disk", "store/search/lexis", "actors/event", "actors/refusal"}},
	{"store/search", false, []string{"store/journal", "store/search/compound", "store/search/disk", "store/search/lexis", "actors/event", "actors/refusal"}},
	{"store/view/articles", false, []string{"store/journal", "store/search", "actors/event", "actors/refusal", "actors/identifier"}},
	{"store/view/history", false, []string{"store", "store/journal", "actors/event", "actors/figures", "actors/refusal"}},
	{"store/view/presence", false, []string{"store", "store/journal", "actors/event", "actors/figures", "actors/refusal"}},
	{"store/view/...", false, []string{"store", "store/keys", "store/journal", "actors/event", "actors/refusal"}},
	{"store/storetest", false, []string{"store"}},

	{"transport/wire", true, []string{"actors/event"}},
	{"transport/problem", false, []string{"actors/refusal"}},
	{"transport/egress", false, []string{"actors/refusal"}},
	{"transport/live/livetest", false, []string{"transport/...", "actors/...", "store/..."}},
	{"transport/...", false, []string{"transport/...", "actors/...", "channels", "channels/webhook", "store", "store/...", "!store/pebblestore", "ui"}},

	{"cmd/crafttalkd/replay", false, []string{"actors/event", "transport/wire"}}, // knows the server by its protocols only
	{"cmd/...", false, []string{"..."}},
	{"ui", false, nil}, // serves what it holds and knows nothing of the server
	{"testdata/...", false, nil},
}

// impure is what no pure package imports.
var impure = []string{"context", "crypto/rand", "io", "io/...", "log", "log/...", "math/rand", "math/rand/...",
	"net", "net/...", "os", "os/...", "sync", "sync/...", "syscall"}

// clock is what no pure package calls in package time.
var clock = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick"}

// cellars are libraries that stay where they are kept.
var cellars = []struct {
	library string
	in      []string
}{
	{"github.com/asynkron/protoactor-go/...", []string{"actors/shell", "actors/system"}},
	{"github.com/cockroachdb/pebble/...", []string{"store/pebblestore", "store/journal/journaltest", "transport/live/livetest"}},
	{"github.com/blugelabs/...", []string{"store/search", "store/search/compound", "store/search/disk", "store/search/talk"}},
	{"github.com/gorilla/websocket", []string{"transport/live", "transport/live/livetest", "transport/visitor", "cmd/crafttalkd/replay", "cmd/crafttalkd/showroom"}},
	{"github.com/julienschmidt/httprouter", []string{"transport/rest", "transport/visitor", "transport/live/livetest", "cmd/crafttalkd"}},
	{"github.com/alexedwards/argon2id", []string{"transport/auth"}},
	{"github.com/go-webauthn/...", []string{"transport/auth"}},
	{"github.com/coreos/go-oidc/...", []string{"transport/auth"}},
	{"github.com/pquerna/otp/...", []string{"transport/auth", "transport/rest"}}, // whose tests show codes
	{"github.com/prometheus/...", []string{"transport/rest"}},
	{"github.com/urfave/cli/...", []string{"cmd/crafttalkd"}},
}

// noPackage names what is no noun that one can point at.
var noPackage = []string{"util", "utils", "common", "helper", "helpers", "manager", "service", "impl", "models"}

// Sizes that can be read at a sitting, in lines and methods.
const (
	mostFunction  = 60
	mostTest      = 80 // a test's function tells a story
	mostFile      = 600
	mostInterface = 6
)

// larger are those that may be larger, with the reason.
var larger = map[string]string{
	"store/keys/keys_test.go":         "one story of a key's life, read in order",
	"actors/queue/apply.go interface": "one state is written in two ways: at once, and as a draft over it",
}

// A source is one file of the house.
type source struct {
	path string // from the root, with slashes
	pkg  string
	set  *token.FileSet
	file *ast.File
}

func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// testOnly reports whether a package is there for tests alone.
func testOnly(pkg string) bool { return strings.HasSuffix(pkg, "test") }

// checks are what every source is held against.
var checks = map[string]func(source) []string{
	"imports": imports, "cellars": stored, "purity": purity, "tests": tested, "habits": habits, "sizes": sizes,
}

func TestHouse(t *testing.T) {
	sources := readHouse(t, "../..")
	if len(sources) < 100 {
		t.Fatalf("only %d files were found", len(sources))
	}
	for name, check := range checks {
		t.Run(name, func(t *testing.T) {
			for _, s := range sources {
				for _, wrong := range check(s) {
					t.Error(wrong)
				}
			}
		})
	}
	t.Run("every row is lived in", func(t *testing.T) {
		for i, r := range rooms {
			if !slices.ContainsFunc(sources, func(s source) bool { j, _ := roomOf(s.pkg); return i == j }) {
				t.Errorf("no package lives in the room %s", r.who)
			}
		}
	})
}

// TestHouse_FaultsAreSeen holds each check against a file that breaks its rule.
func TestHouse_FaultsAreSeen(t *testing.T) {
	for _, tt := range []struct{ check, path, text, want string }{
		{"imports", "actors/queue/a.go", `package queue; import "crafttalkd/actors/operator"`, "import crafttalkd/actors/operator"},
		{"imports", "store/journal/a.go", `package journal; import "crafttalkd/actors/conversation"`, "import crafttalkd/actors/conversation"},
		{"imports", "actors/flow/a.go", `package flow; import "crafttalkd/actors/system"`, "import crafttalkd/actors/system"},
		{"imports", "transport/rest/a.go", `package rest; import "crafttalkd/store/pebblestore"`, "import crafttalkd/store/pebblestore"},
		{"imports", "nowhere/a.go", `package nowhere`, "has no room"},
		{"cellars", "actors/flow/a.go", `package flow; import "github.com/asynkron/protoactor-go/actor"`, "import github.com/asynkron/protoactor-go/actor"},
		{"cellars", "store/journal/a.go", `package journal; import "github.com/cockroachdb/pebble/v2/vfs"`, "import github.com/cockroachdb/pebble/v2/vfs"},
		{"purity", "actors/queue/a.go", `package queue; import "sync"`, "import sync"},
		{"purity", "actors/queue/a.go", `package queue; func f() { go f() }`, "start a goroutine"},
		{"purity", "actors/queue/a.go", `package queue; import "time"; var x = time.Now()`, "call time.Now"},
		{"purity", "actors/queue/a.go", `package queue; import when "time"; var x = when.Now()`, "call time.Now"},
		{"tests", "transport/rest/a.go", `package rest; import "crafttalkd/transport/live/livetest"`, "import crafttalkd/transport/live/livetest"},
		{"tests", "transport/rest/a_test.go", `package rest; import "time"; func f() { time.Sleep(1) }`, "call time.Sleep"},
		{"tests", "transport/rest/a_test.go", `package rest; import "testing"; func f(t *testing.T) { t.Skip() }`, "skip"},
		{"habits", "store/util/a.go", `package util`, "be called util"},
		{"habits", "store/a.go", `package store; func init() {}`, "have a func init"},
		{"sizes", "store/a.go", "package store\nfunc f() {\n" + strings.Repeat("\n", 60) + "}", "function f has 62 lines"},
		{"sizes", "store/a.go", "package store\n" + strings.Repeat("\n", 600), "has 601 lines"},
		{"sizes", "store/a.go", "package store; type T interface { A(); B(); C(); D(); E(); F(); G() }", "interface has 7 methods"},
	} {
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, tt.path, tt.text, 0)
		if err != nil {
			t.Fatal(err)
		}
		got := checks[tt.check](source{path: tt.path, pkg: path.Dir(tt.path), set: set, file: f})
		if len(got) != 1 || !strings.Contains(got[0], tt.want) {
			t.Errorf("%s of %q: %q, want %q", tt.check, tt.text, got, tt.want)
		}
	}
}

// readHouse parses every file but the generated ones.
func readHouse(t *testing.T, root string) (out []source) {
	t.Helper()
	set := token.NewFileSet()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, ".pb.go") {
			return err
		}
		f, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		rel = filepath.ToSlash(rel)
		out = append(out, source{path: rel, pkg: path.Dir(rel), set: set, file: f})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// roomOf returns the row of the package, or -1.
func roomOf(pkg string) (int, room) {
	for i, r := range rooms {
		if matches(r.who, pkg) {
			return i, r
		}
	}
	return -1, room{}
}

// matches reports whether a pattern of the go command's kind matches a path.
func matches(pattern, path string) bool {
	dir, below := strings.CutSuffix(pattern, "...")
	return path == strings.TrimSuffix(dir, "/") || below && strings.HasPrefix(path, dir)
}

func among(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, path) })
}

// allows reports whether patterns let a path in. One that begins with an
// exclamation mark shuts it out again.
func allows(patterns []string, path string) bool {
	for _, p := range patterns {
		if out, ok := strings.CutPrefix(p, "!"); ok && matches(out, path) {
			return false
		}
	}
	return among(patterns, path)
}

func (s source) mustNot(n ast.Node, what string) string {
	return fmt.Sprintf("%s:%d: %s must not %s", s.path, s.set.Position(n.Pos()).Line, s.pkg, what)
}

func imported(i *ast.ImportSpec) string {
	name, err := strconv.Unquote(i.Path.Value)
	if err != nil {
		panic(err) // the parser has read it
	}
	return name
}

// imports holds the arrows between our packages. A test may look anywhere.
func imports(s source) (wrong []string) {
	i, r := roomOf(s.pkg)
	if i < 0 {
		return []string{s.pkg + " has no room in the house"}
	}
	if s.isTest() {
		return nil
	}
	for _, imp := range s.file.Imports {
		name := imported(imp)
		if ours, ok := strings.CutPrefix(name, module); ok && !allows(r.may, ours) {
			wrong = append(wrong, s.mustNot(imp, "import "+name))
		}
	}
	return wrong
}

// stored keeps libraries where they belong, so that they can be exchanged.
func stored(s source) (wrong []string) {
	if s.isTest() || s.pkg == "cmd/warm" {
		return nil
	}
	for _, imp := range s.file.Imports {
		for _, c := range cellars {
			if name := imported(imp); matches(c.library, name) && !slices.Contains(c.in, s.pkg) {
				wrong = append(wrong, s.mustNot(imp, "import "+name))
			}
		}
	}
	return wrong
}

// purity keeps the world out of what only decides.
func purity(s source) (wrong []string) {
	if _, r := roomOf(s.pkg); !r.pure || s.isTest() {
		return nil
	}
	for _, imp := range s.file.Imports {
		if name := imported(imp); among(impure, name) {
			wrong = append(wrong, s.mustNot(imp, "import "+name))
		}
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		if g, ok := n.(*ast.GoStmt); ok {
			wrong = append(wrong, s.mustNot(g, "start a goroutine"))
		}
		return true
	})
	return append(wrong, s.calls("time", clock...)...)
}

// calls finds the uses of a library's functions, by whatever name it is known.
func (s source) calls(library string, functions ...string) (found []string) {
	local := ""
	for _, imp := range s.file.Imports {
		if imported(imp) == library {
			local = path.Base(library)
			if imp.Name != nil {
				local = imp.Name.Name
			}
		}
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok || !slices.Contains(functions, sel.Sel.Name) {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == local {
			found = append(found, s.mustNot(sel, "call "+library+"."+sel.Sel.Name))
		}
		return true
	})
	return found
}

// tested keeps tests honest: what is made for tests is used by tests alone, and
// no test sleeps or looks away. In a bubble sleep is virtual, and allowed.
func tested(s source) (wrong []string) {
	if !s.isTest() {
		for _, imp := range s.file.Imports {
			if name := imported(imp); strings.HasPrefix(name, module) && testOnly(name) && !testOnly(s.pkg) {
				wrong = append(wrong, s.mustNot(imp, "import "+name))
			}
		}
		return wrong
	}
	bubble := sleepers[s.pkg] != "" || path.Base(s.path) == "bench_test.go" // which measures, and tests nothing
	for _, imp := range s.file.Imports {
		bubble = bubble || imported(imp) == "testing/synctest"
	}
	if !bubble {
		wrong = append(wrong, s.calls("time", "Sleep")...)
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, sel.Sel.Name) {
			if x, ok := sel.X.(*ast.Ident); ok && slices.Contains([]string{"t", "b", "tb"}, x.Name) {
				wrong = append(wrong, s.mustNot(sel, "skip"))
			}
		}
		return true
	})
	return wrong
}

// sleepers are packages whose tests may sleep, with the reason.
var sleepers = map[string]string{
	"actors/day":        "runs in a bubble that another of its files makes",
	"transport/courier": "runs in a bubble that another of its files makes",
}

// habits are the small rules of the house.
func habits(s source) (wrong []string) {
	if base := path.Base(s.pkg); slices.Contains(noPackage, base) {
		wrong = append(wrong, s.mustNot(s.file, "be called "+base))
	}
	for _, d := range s.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			wrong = append(wrong, s.mustNot(f, "have a func init"))
		}
	}
	return wrong
}

// sizes complains of what is too long to be read at a sitting.
func sizes(s source) (wrong []string) {
	check := func(n ast.Node, name, unit string, size, most int) {
		if size > most && larger[s.path] == "" && larger[s.path+" "+name] == "" {
			wrong = append(wrong, fmt.Sprintf("%s:%d: %s has %d %s, at most %d", s.path, s.set.Position(n.Pos()).Line, name, size, unit, most))
		}
	}
	lines := func(n ast.Node) int { return s.set.Position(n.End()).Line - s.set.Position(n.Pos()).Line + 1 }
	check(s.file, "the file", "lines", s.set.File(s.file.Pos()).LineCount(), mostFile)
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			most := mostFunction
			if s.isTest() {
				most = mostTest
			}
			check(n, "function "+n.Name.Name, "lines", lines(n), most)
		case *ast.InterfaceType:
			check(n, "interface", "methods", n.Methods.NumFields(), mostInterface)
		}
		return true
	})
	return wrong
}
