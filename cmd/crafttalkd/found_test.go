package main

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

// proves KB-09: an article that is saved over REST is found over REST, in a
// server of its own on a disk. How long that takes by the clock is told;
// BenchmarkVisible of the index holds it to a second.
func TestKB09_SavedIsFound(t *testing.T) {
	server := newServer(t, filepath.Join(t.TempDir(), "data"), "--listen", "127.0.0.1:0")
	admin, err := signIn(server.url, adminLogin, adminPassword)
	if err != nil {
		t.Fatal(err)
	}
	var slowest time.Duration
	for i := range 10 {
		id := fmt.Sprint("found", i)
		start := time.Now()
		if err := admin.ask("PUT", "/api/v1/articles/"+id, object{"identifier": id, "title": "Новость" + id, "answers": []object{{"answer_id": "1", "text": "Вот она."}}}, nil); err != nil {
			t.Fatal(err)
		}
		admin.finds(t, "Новость"+id, id)
		slowest = max(slowest, time.Since(start))
	}
	t.Logf("10 articles were found %s after they were sent, at the slowest", slowest)
}

// finds waits until a search leads to an article.
func (c client) finds(t *testing.T, words, article string) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(time.Minute); ; {
		var found struct {
			Items []struct {
				ID string `json:"article_id"`
			}
		}
		if err := c.ask("GET", "/api/v1/kb/search?q="+words, nil, &found); err != nil {
			t.Fatal(err)
		}
		if len(found.Items) > 0 && found.Items[0].ID == article {
			return
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("%s leads to %+v", words, found.Items)
		}
	}
}
