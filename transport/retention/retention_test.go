package retention

import (
	"errors"
	"testing"
	"time"

	"crafttalkd/store/blob"
)

// people fills a world: what is due, what is not, what goes on, what is of a
// center that keeps for ever, and files that came before their messages.
func (w *world) people() {
	w.t.Helper()
	w.talk("anna.1", "shop", 40, w.file(blob.Loose("anna"), "sent before anna.1"))
	shared := w.file(blob.Loose("anna"), "in two conversations")
	w.talk("anna.2", "shop", 31, shared)
	w.talk("anna.3", "shop", 29, shared)
	w.talk("boris.1", "shop", 35)
	w.talk("carl.1", "shop", -1) // it goes on
	w.talk("dora.1", "bank", 500)
	w.file("anna", "her picture")
	w.now = w.now.Add(time.Hour)
	w.follow()
}

const afterNight = `anna taught false, 3 files in all
anna.1 tells false, shows false, 0 files
anna.2 tells false, shows false, 0 files
anna.3 tells true, shows true, 1 files
boris taught false, 0 files in all
boris.1 tells false, shows false, 0 files
carl taught true, 1 files in all
carl.1 tells true, shows true, 1 files
dora taught true, 1 files in all
dora.1 tells true, shows true, 1 files
3 conversations, 6 messages, 5 files, 0 left, of map[shop:{30 3 6 5}], to do []`

// proves HS-05: what is due is forgotten and nothing else, with its files and
// all that was read of it; whoever looks afterwards finds counts.
func TestHS05_Night(t *testing.T) {
	w := newWorld(t)
	w.people()
	if n, err := w.keeper(sound).Night(t.Context()); err != nil || n.Ended.IsZero() {
		t.Fatal(n, err)
	}
	if got := w.state(sound); got != afterNight {
		t.Errorf("afterwards:\n%s\nwant\n%s", got, afterNight)
	}
	for _, id := range []string{"anna.1", "anna.2", "boris.1"} {
		f, _, err := w.view.Get(id)
		if err != nil || f.Forgotten.Days != 30 || f.Forgotten.Messages != 2 || f.Works[0].Length != len("words of "+id) || f.Works[0].Measured != 1 {
			t.Errorf("of %s figures know %+v, %+v, %v", id, f.Forgotten, f.Works, err)
		}
	}
	if n, err := w.keeper(sound).Night(t.Context()); err != nil || n.Conversations != 0 || w.purged != 1 {
		t.Errorf("the next night forgets %+v, %v", n, err)
	}
	w.days["shop"] = 29
	w.now = w.now.AddDate(0, 0, 1)
	if n, err := w.keeper(sound).Night(t.Context()); err != nil || n.Conversations != 1 || w.tells("anna.3") {
		t.Errorf("a shorter rule forgets %+v, %v", n, err)
	}
	if n, _, err := w.blobs.Count("anna"); n != 1 || err != nil {
		t.Errorf("anna has %d files, %v, want her picture alone", n, err)
	}
}

// proves HS-05: wherever a night is cut off, the next one ends as if nothing had
// been, and counts everything once.
func TestHS05_NightIsCutOffAnywhere(t *testing.T) {
	deeds := 0
	for cut := 1; ; cut++ {
		w := newWorld(t)
		w.people()
		w.cut = cut
		_, err := w.keeper(sound).Night(t.Context())
		if err == nil {
			break
		}
		if !errors.Is(err, errCut) {
			t.Fatalf("cut off before deed %d: %v", cut, err)
		}
		deeds, w.cut = cut, 0
		w.follow()
		if _, err := w.keeper(sound).Night(t.Context()); err != nil {
			t.Fatalf("after it was cut off before deed %d: %v", cut, err)
		}
		if got := w.state(sound); got != afterNight {
			t.Errorf("after it was cut off before deed %d:\n%s\nwant\n%s", cut, got, afterNight)
		}
	}
	if deeds < 10 {
		t.Errorf("a night has %d deeds: the test is blind", deeds)
	}
}

// Each deliberate mistake leads to something else than that, somewhere.
func TestHS05_MistakesAreSeen(t *testing.T) {
	for name, f := range map[string]fault{"makes none": sound, "leaves what was read": untidy, "leaves files": littering, "is a day too early": greedy, "does not keep its step": hasty} {
		seen := false
		for cut := 0; cut < 20 && !seen; cut++ {
			w := newWorld(t)
			w.people()
			w.cut = cut
			_, err := w.keeper(f).Night(t.Context())
			if w.cut = 0; err != nil {
				w.follow()
				if _, err := w.keeper(f).Night(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			seen = w.state(f) != afterNight
		}
		if seen != (f != sound) {
			t.Errorf("a keeper that %s: seen %v", name, seen)
		}
	}
}

// proves HS-05: what a rule would forget is known before it is in force.
func TestHS05_Plan(t *testing.T) {
	w := newWorld(t)
	w.people()
	for days, want := range map[int]int{0: 0, 1: 4, 30: 3, 32: 2, 40: 1, 41: 0} {
		p, err := w.keeper(sound).Plan(t.Context(), w.now, func(center string) int { return map[string]int{"shop": days}[center] })
		if err != nil || p["shop"].Conversations != want || p["shop"].Messages != 2*want || len(p) > 1 {
			t.Errorf("%d days: %+v, %v, want %d conversations", days, p, err, want)
		}
	}
	if !w.tells("anna.1") {
		t.Error("planning forgot something")
	}
}
