package fetcher

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/event"
)

const picture = "\x89PNG\r\n\x1a\n and what is in it"

// proves G7: the text is there at once, and the file follows.
func TestG7_TextAtOnceFileFollows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.hosts["files.example"] = func(v *visit) {
			<-time.After(8 * time.Second)
			v.say(200, picture, `Content-Disposition: attachment; filename="../me.png"`, "Content-Type: text/html")
		}
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		begin := time.Now()
		n.writes("anna", "shop", "m1", "https://files.example/x?sig=1", "http://files.example/y/photo.png")
		if took := time.Since(begin); took > 10*time.Millisecond {
			t.Errorf("the text took %v", took)
		}
		if got, _ := n.outcomes("anna"); len(got) != 0 {
			t.Errorf("there is %v already", got)
		}
		pass(8*time.Second + 100*time.Millisecond)
		got, _ := n.outcomes("anna")
		if len(got) != 1 || got[0].AttachmentId != "2" { // pipes speak no TLS
			t.Fatalf("the files are %v", got)
		}
		a := got[0]
		if a.Name != "me.png" || a.Mime != "image/png" || a.Size != int64(len(picture)) || a.Failure != "" || a.Source != "" ||
			n.content("anna", a.Blob) != picture {
			t.Errorf("the file is %v", a)
		}
	})
}

// A story is what a server does, and what must become of its file.
type story struct {
	name  string
	serve func(*visit)
	want  string        // the failure; empty for the picture
	most  time.Duration // until the outcome
	given int64         // bytes that the server gets rid of, at the most
	stays time.Duration // how long a visit may take
}

var stories = []story{
	{"hangs", func(v *visit) { io.Copy(io.Discard, v) }, "the server did not answer in time", 70 * time.Minute, 0, 20 * time.Second},
	{"drips", drip, "the server sends too slowly", 70 * time.Minute, 1000, 30 * time.Second},
	{"drips its headers", dripHeaders, "the server did not answer in time", 70 * time.Minute, 1000, 30 * time.Second},
	{"never ends", endless(""), "the file is larger than 1 MB", time.Minute, 3 << 20, time.Minute},
	{"says that it has 10 GB", endless("Content-Length: 10737418240\r\n"), "the file is larger than 1 MB", time.Second, 1 << 18, time.Second},
	{"breaks off", func(v *visit) {
		io.WriteString(v, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"+picture)
	}, "the connection broke off", 70 * time.Minute, 1000, time.Second},
	{"breaks off later", func(v *visit) {
		io.WriteString(v, "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n"+picture+strings.Repeat("x", 100_000))
	}, "the connection broke off", 70 * time.Minute, 1 << 18, time.Second},
	{"closes", func(v *visit) {}, "the connection broke off", 70 * time.Minute, 0, time.Second},
	{"leads inside", func(v *visit) { v.say(302, "", "Location: http://10.0.0.7/latest/meta-data") },
		"the file is at an address that the server does not call", time.Second, 1000, time.Second},
	{"leads to a file of its own", func(v *visit) { v.say(302, "", "Location: file:///etc/passwd") },
		"the server sends us on to an address that is not safe", time.Second, 1000, time.Second},
	{"leads in a circle", func(v *visit) { v.say(307, "", "Location: /again") }, "the server sends us on again and again", time.Second, 1000, time.Second},
	{"leads on", func(v *visit) {
		if v.request.URL.Path != "/there" {
			v.say(301, "", "Location: /there")
		} else {
			v.say(200, picture)
		}
	}, "", time.Second, 1000, time.Second},
	{"has no such file", func(v *visit) { v.say(404, "<html>") }, "the server answered 404 Not Found", time.Second, 1000, time.Second},
	{"has an empty one", func(v *visit) { v.say(200, "") }, "the file is empty", time.Second, 1000, time.Second},
	{"has a program", func(v *visit) { v.say(200, "MZ\x90\x00"+strings.Repeat("\x00", 100), "Content-Type: image/png") },
		"the file is a program; programs are not taken", time.Second, 1000, time.Second},
	{"is down", func(v *visit) { v.say(503, "") }, "the server answered 503 Service Unavailable", 70 * time.Minute, 1000, time.Second},
	{"was down", func(v *visit) {
		switch v.try {
		case 1:
			v.say(503, "")
		case 2:
			io.WriteString(v, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"+picture)
		case 3:
			drip(v)
		default:
			v.say(200, picture)
		}
	}, "", 2 * time.Minute, 1000, 30 * time.Second},
	{"is slow and gets there", func(v *visit) {
		io.WriteString(v, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"+picture)
		for range 60 {
			<-time.After(time.Second)
			io.WriteString(v, strings.Repeat("x", 2<<10))
		}
	}, "", 2 * time.Minute, 1 << 20, 2 * time.Minute},
}

func drip(v *visit) {
	io.WriteString(v, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
	for {
		if _, err := io.WriteString(v, "x"); err != nil {
			return
		}
		<-time.After(time.Second)
	}
}

func dripHeaders(v *visit) {
	io.WriteString(v, "HTTP/1.1 200 OK\r\nX-Long: ")
	for {
		if _, err := io.WriteString(v, "x"); err != nil {
			return
		}
		<-time.After(time.Second)
	}
}

func endless(header string) func(*visit) {
	return func(v *visit) {
		io.WriteString(v, "HTTP/1.1 200 OK\r\n"+header+"\r\n")
		for b := []byte(strings.Repeat("x", 32<<10)); ; {
			if _, err := v.Write(b); err != nil {
				return
			}
		}
	}
}

// wrong tells the story of a file with a fault, and returns what is wrong.
func (s story) wrong(t *testing.T, f fault) (wrong []string) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.fault = f
		w.hosts["files.example"] = s.serve
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		begin := time.Now()
		n.writes("anna", "shop", "m1", "http://files.example/a.png")
		pass(s.most)
		got, at := n.outcomes("anna")
		if len(got) != 1 {
			wrong = append(wrong, fmt.Sprintf("the outcomes are %v after %v", got, s.most))
			return
		}
		switch a := got[0]; {
		case at[0].Sub(begin) > s.most:
			wrong = append(wrong, fmt.Sprintf("the outcome took %v", at[0].Sub(begin)))
		case a.Failure != s.want || (a.Blob == "") != (s.want != ""):
			wrong = append(wrong, fmt.Sprintf("the outcome is %v, want %q", a, s.want))
		case a.Blob != "" && !strings.HasPrefix(n.content("anna", a.Blob), picture):
			wrong = append(wrong, "it is another file")
		}
		w.mu.Lock()
		for _, v := range w.visits {
			if v.given > s.given {
				wrong = append(wrong, fmt.Sprintf("%d bytes were read", v.given))
			}
			if took := v.end.Sub(v.begin); took < 0 || took > s.stays {
				wrong = append(wrong, fmt.Sprintf("a visit took %v", took))
			}
		}
		w.mu.Unlock()
		if r := n.rows(); r != 0 {
			wrong = append(wrong, fmt.Sprintf("%d rows are left", r))
		}
	})
	return wrong
}

// proves G7: whatever a server does, the attachment shows the file or why there
// is none.
func TestG7_EveryServerHasAnOutcome(t *testing.T) {
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			for _, w := range s.wrong(t, none) {
				t.Error(w)
			}
		})
	}
}

// Every fault that a fetcher may have is seen by one of the stories.
func TestG7_FaultsAreSeen(t *testing.T) {
	for f, name := range map[fault]string{patiently: "drips", hastily: "was down", endlessly: "is down", greedily: "never ends"} {
		i := slices.IndexFunc(stories, func(s story) bool { return s.name == name })
		if len(stories[i].wrong(t, f)) == 0 {
			t.Errorf("fault %d is not seen by the server that %s", f, name)
		}
	}
}

// delays returns how long the files of others take beside a server that hangs.
func delays(t *testing.T, f fault) (longest time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.fault = f
		w.hosts["slow.example"] = func(v *visit) { io.Copy(io.Discard, v) }
		w.hosts["fast.example"] = func(v *visit) { v.say(200, picture) }
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		for i := range 100 {
			n.writes(fmt.Sprintf("slow%d", i), "shop", "m1", fmt.Sprintf("http://slow.example/%d", i))
		}
		pass(time.Minute)
		begin := time.Now()
		n.writes("anna", "shop", "m1", "http://fast.example/1", "http://fast.example/2")
		n.writes("boris", "bank", "m1", "http://slow.example/1", "http://fast.example/3")
		pass(10 * time.Minute)
		for who, want := range map[string]int{"anna": 2, "boris": 1} {
			_, at := n.outcomes(who)
			if len(at) != want {
				longest = time.Hour
			}
			for _, a := range at {
				longest = max(longest, a.Sub(begin))
			}
		}
	})
	return longest
}

// proves G7: a server that is slow delays its own files and nobody else's.
func TestG7_SlowServerDelaysNobody(t *testing.T) {
	if d := delays(t, none); d > 50*time.Millisecond {
		t.Errorf("beside a server that hangs, the others' files take %v", d)
	}
	if d := delays(t, oneLane); d < time.Second {
		t.Errorf("a fetcher with one lane for everybody takes %v, and is not seen", d)
	}
}

// proves G7: requests under way are bounded, whoever names how many servers.
func TestG7_RequestsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		for i := range 30 {
			w.hosts[fmt.Sprintf("s%d.example", i)] = func(v *visit) { io.Copy(io.Discard, v) }
		}
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		under := func(most int, what string) {
			t.Helper()
			pass(time.Second)
			w.mu.Lock()
			defer w.mu.Unlock()
			got := 0
			for _, v := range w.visits {
				if v.end.IsZero() {
					got++
				}
			}
			if got != most {
				t.Errorf("%d requests are under way %s, want %d", got, what, most)
			}
		}
		for i := range 3 {
			n.writes("anna", "shop", fmt.Sprint(i), slices.Repeat([]string{"http://s0.example/a"}, 20)...)
		}
		under(ofServer, "to one server")
		for i := range 30 {
			n.writes("anna", "shop", fmt.Sprintf("x%d", i), fmt.Sprintf("http://s%d.example/b", i))
		}
		under(ofAccount, "for one account")
		for a := range 5 {
			for i := range 30 {
				n.writes(fmt.Sprintf("b%d", a), fmt.Sprintf("shop%d", a), fmt.Sprint(i), fmt.Sprintf("http://s%d.example/c", i))
			}
		}
		under(atOnce, "in all")
	})
}

// A file that was uploaded beforehand is put with the rest of its conversation.
func TestAP04_Uploaded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.uploads["shop/anna/u1"] = picture
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		n.writes("anna", "shop", "m1", "upload:u1", "upload:u2", "telegram:7", "")
		pass(time.Second)
		got, _ := n.outcomes("anna")
		if len(got) != 4 {
			t.Fatalf("the outcomes are %v", got)
		}
		slices.SortFunc(got, func(a, b *event.Attachment) int { return strings.Compare(a.AttachmentId, b.AttachmentId) })
		if n.content("anna", got[0].Blob) != picture || got[0].Mime != "image/png" {
			t.Errorf("the upload is %v", got[0])
		}
		for i, want := range []string{"", "there is no such upload of this user", "the file has no address that can be called", "the file has no address that can be called"} {
			if got[i].Failure != want {
				t.Errorf("file %d: %v, want %q", i+1, got[i], want)
			}
		}
	})
}

// What we can't keep is nobody else's fault: it is tried until it works.
func TestOwnDiskIsNotBlamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var full atomic.Bool
		full.Store(true)
		w.admit = func() error {
			if full.Load() {
				return errors.New("the disk is almost full")
			}
			return nil
		}
		w.disk.Store(1000)
		w.hosts["files.example"] = func(v *visit) { v.say(200, picture) }
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		n.writes("anna", "shop", "m1", "http://files.example/a.png")
		pass(2 * time.Hour)
		if n := w.requests(); n != 0 {
			t.Errorf("%d requests while nothing can be kept", n)
		}
		full.Store(false)
		pass(time.Minute)
		if got, _ := n.outcomes("anna"); len(got) != 0 {
			t.Errorf("a disk that fails gives %v", got)
		}
		w.disk.Store(0)
		pass(time.Minute)
		if got, _ := n.outcomes("anna"); len(got) != 1 || got[0].Blob == "" {
			t.Errorf("a disk that is well again gives %v", got)
		}
	})
}

// Who was erased gets no files any more, and nothing is left of the wish.
func TestErased(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		w.hosts["files.example"] = func(v *visit) {
			<-time.After(5 * time.Second)
			v.say(200, picture)
		}
		n.writes("anna", "shop", "m1", "http://files.example/a.png", "http://down.example/b.png")
		pass(time.Second)
		if err := n.ring.Erase("anna"); err != nil {
			t.Fatal(err)
		}
		pass(10 * time.Minute)
		if r := n.rows(); r != 0 {
			t.Errorf("%d rows are left", r)
		}
	})
}
