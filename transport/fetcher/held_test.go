package fetcher

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// told brings a file that only the account can fetch, from a server that sends
// its callers to another one, and returns what both were told of the account.
func told(t *testing.T, f fault, to string) (first, second string, outcome string) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.fault = f
		w.hosts["provider.example"] = func(v *visit) {
			if v.request.URL.Path == "/again" {
				second = v.request.Header.Get("Authorization") + v.request.Header.Get("X-Provider-Token")
				v.say(200, picture)
				return
			}
			first = v.request.Header.Get("Authorization")
			v.say(302, "", "Location: "+to)
		}
		elsewhere := func(v *visit) {
			second = v.request.Header.Get("Authorization") + v.request.Header.Get("X-Provider-Token") + v.request.Header.Get("Referer")
			v.say(200, picture)
		}
		w.hosts["cdn.example"], w.hosts["files.provider.example"] = elsewhere, elsewhere
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		n.writes("anna", "shop", "m1", "held:http://provider.example/a.png")
		pass(time.Minute)
		if got, _ := n.outcomes("anna"); len(got) == 1 {
			outcome = got[0].Failure
		} else {
			t.Errorf("the outcomes are %v", got)
		}
	})
	return first, second, outcome
}

// proves CH-02: a file that only the account can fetch is fetched with its key,
// and no other server than the provider's is told the key, in whatever header.
func TestCH02_Held(t *testing.T) {
	for to, want := range map[string]string{
		"http://cdn.example/a.png":            "",
		"http://files.provider.example/a.png": "",
		"http://provider.example/again":       "Bearer of-shopof-shop",
	} {
		first, second, failure := told(t, none, to)
		if first != "Bearer of-shop" || second != want || failure != "" {
			t.Errorf("%s: the provider was told %q, then %q, want %q; %s", to, first, second, want, failure)
		}
	}
	if _, second, _ := told(t, tells, "http://cdn.example/a.png"); second == "" {
		t.Error("a fetcher that takes the key to other servers is not seen")
	}
}

// proves CH-02: what the provider has no more fails at once and says so; what it
// can't say now is asked for again.
func TestCH02_HeldNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		for who, c := range map[string]struct{ account, source, want string }{
			"anna":  {"shop", "held:gone", "the provider has the file no more"},
			"boris": {"away", "held:x", `there is no channel "away"`},
			"carl":  {"shop", "held:ftp://x/a", "the file has no address that can be called"},
			"dora":  {"shop", "held:http://10.0.0.1/a", "the file is at an address that the server does not call"},
		} {
			n.writes(who, c.account, "m1", c.source)
			pass(time.Second)
			if got, _ := n.outcomes(who); len(got) != 1 || got[0].Failure != c.want {
				t.Errorf("%s: %v, want %q", who, got, c.want)
			}
		}
		n.writes("emil", "shop", "m1", "held:busy")
		pass(30 * time.Minute)
		if got, _ := n.outcomes("emil"); len(got) != 0 {
			t.Errorf("a provider that is busy: %v", got)
		}
		pass(2 * time.Hour)
		if got, _ := n.outcomes("emil"); len(got) != 1 || got[0].Failure == "" {
			t.Errorf("a provider that is busy for long: %v", got)
		}
	})
}
