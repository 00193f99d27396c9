package livetest

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"crafttalkd/transport/wire"
)

// Golden holds that the frames that the web interface is tested with, in a file,
// are those that the server writes. After a change of the vocabulary they are
// written anew.
func Golden(t *testing.T, file string, frames []*wire.FromServer, update bool) {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("[\n")
	for i, f := range frames {
		line, err := wire.InJSON.Encode(f)
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			b.WriteString(",\n")
		}
		if err := json.Compact(&b, line); err != nil { // the spaces of protojson are drawn by lot
			t.Fatal(err)
		}
	}
	b.WriteString("\n]\n")
	if update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("the server writes other frames than the web interface is tested with; run with -update and look at the change:\n%s", b.Bytes())
	}
}
