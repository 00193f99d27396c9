package search

import (
	"os"
	"testing"
)

// Where nothing can be written, as on a full disk, a change is refused and the index
// answers as before, however often it is tried; once there is room again, the
// same change is kept, once. The directory that is away stands for the disk:
// writing to it fails, and what is mapped stays.
func TestKB09_FullDisk(t *testing.T) {
	x := library(t)
	g := x.current.Load()
	away := g.dir + ".away"
	if err := os.Rename(g.dir, away); err != nil {
		t.Fatal(err)
	}
	news := []Change{{Article: Article{ID: "9", Title: "Новость", Answers: []Answer{{ID: "9a", Text: "Сегодня."}}}}}
	for range 2 {
		if err := x.Apply(news, 2); err == nil {
			t.Fatal("what can't be written is said to be kept")
		}
		if v := x.Version(); v != 1 {
			t.Errorf("the index tells version %d", v)
		}
		for _, question := range []string{"возврат", "лимит"} {
			if r, err := x.Search(Query{Text: question, Sight: Everything(), Limit: 1}); err != nil || r.Total == 0 {
				t.Errorf("%s on a full disk: %+v, %v", question, r, err)
			}
		}
		if list, err := x.Suggest("в", nil, Everything(), 5); err != nil || len(list) == 0 {
			t.Errorf("suggestions on a full disk: %v, %v", list, err)
		}
	}
	if err := os.Rename(away, g.dir); err != nil {
		t.Fatal(err)
	}
	if err := x.Apply(news, 2); err != nil {
		t.Fatalf("with room again: %v", err)
	}
	if r, err := x.Search(Query{Text: "новость", Sight: Everything(), Limit: 5}); err != nil || r.Total != 1 || x.Version() != 2 {
		t.Errorf("after the disk was full: %+v, %v, version %d", r, err, x.Version())
	}
}
