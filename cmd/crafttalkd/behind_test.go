package main

import (
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
)

// proves G42: of every reading that is kept, /metrics tells how far it is behind.
func TestG42_MetricsTellHowFarReadingsAre(t *testing.T) {
	n, err := openNode(config{data: t.TempDir()}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer n.close()
	w := httptest.NewRecorder()
	n.handler.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for _, reading := range []string{"agents", "courier", "customers", "fetcher", "history", "introducer", "lessons", "links",
		"presence", "receipts", "surveys", "wall"} {
		if line := `crafttalk_reading_behind{reading="` + reading + `"} `; !strings.Contains(w.Body.String(), line) {
			t.Errorf("nothing is told of %s", reading)
		}
	}
}

// The doctor names the readings that are far behind, and no others.
func TestDoctor_NamesReadingsFarBehind(t *testing.T) {
	found := laggards(func(tell func(string, uint64)) {
		tell("history", 4_000_000)
		tell("wall", farBehind)
	})
	if len(found) != 1 || found[0].Bad || !strings.Contains(found[0].Says, "history has 4000000 facts") {
		t.Errorf("the doctor says %+v", found)
	}
}
