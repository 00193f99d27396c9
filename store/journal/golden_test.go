package journal

import (
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
)

// golden is where the encoding of every fact is written down.
const golden = "../../testdata/event"

// proves G15: a fact keeps its number, and each of its fields its own, for
// ever. A line is a field and how it is written alone; a new field is a new
// line, and no line changes.
func TestG15_EncodingsStay(t *testing.T) {
	seen := map[string]bool{}
	datadriven.Walk(t, golden, func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			for _, k := range kinds() {
				if e := filled(k); nameOf(e) == d.Cmd {
					if want := fileOf(e); want != filepath.Base(path) {
						t.Errorf("%s is written down in %s and belongs in %s", d.Cmd, path, want)
					}
					seen[d.Cmd] = true
					stillRead(t, e, d.Expected)
					return written(t, k, e)
				}
			}
			return "no such fact\n"
		})
	})
	for _, k := range kinds() {
		if name := nameOf(filled(k)); !seen[name] {
			t.Errorf("%s is not written down in %s", name, golden)
		}
	}
}

func nameOf(e event.Event) string { return string(e.ProtoReflect().Descriptor().Name()) }

func fileOf(e event.Event) string {
	file := e.ProtoReflect().Descriptor().ParentFile().Path()
	return strings.TrimSuffix(filepath.Base(file), ".proto") + ".txt"
}

// written is a fact's number and the encoding of each of its fields.
func written(t *testing.T, k event.Kind, e event.Event) string {
	var out strings.Builder
	fmt.Fprintf(&out, "kind %d\n", k)
	m := e.ProtoReflect()
	for i := range m.Descriptor().Fields().Len() {
		f := m.Descriptor().Fields().Get(i)
		one := m.New()
		one.Set(f, m.Get(f))
		b, err := proto.MarshalOptions{Deterministic: true}.Marshal(one.Interface())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s %x\n", f.Name(), b)
	}
	return out.String()
}

// stillRead checks that what was written down reads as a fact of today, with
// nothing in it that today's fact does not know.
func stillRead(t *testing.T, e event.Event, lines string) {
	for line := range strings.Lines(lines) {
		name, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		b, err := hex.DecodeString(text)
		if name == "kind" || err != nil {
			continue
		}
		got := e.ProtoReflect().New()
		if err := proto.Unmarshal(b, got.Interface()); err != nil || len(got.GetUnknown()) > 0 {
			t.Errorf("%s: %s can't be read: %v, %d bytes unknown", nameOf(e), name, err, len(got.GetUnknown()))
		}
	}
}
