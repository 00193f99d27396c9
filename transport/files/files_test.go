package files

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/store/blob"
	"crafttalkd/transport/problem"
)

// vault has a key for everybody but the erased.
type vault map[string]bool

func (v vault) BlobKey(subject string) ([32]byte, error) {
	if customer, _, _ := strings.Cut(subject, "."); v[customer] {
		return [32]byte{}, refusal.New(refusal.NotFound, "the customer's data has been erased")
	}
	return sha256.Sum256([]byte(subject)), nil
}

func openBlobs(t *testing.T) (*blob.Store, vault) {
	t.Helper()
	v := vault{}
	s, err := blob.Open(t.TempDir(), v)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, v
}

func put(t *testing.T, s *blob.Store, subject, content string) string {
	t.Helper()
	b, err := s.Put(t.Context(), subject, strings.NewReader(content), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return b.Hash
}

const picture = "\x89PNG\r\n\x1a\n and what is in it"

var carried = channels.Outbound{Conversation: "anna.1", At: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)}

// links are those of a server at chat.example, three days after carried. Everybody
// but Dora is Boris by now.
func links(s *blob.Store) *Links {
	return &Links{Blobs: s, Secret: []byte("secret"), Base: "https://chat.example/base", Refuse: problem.Write,
		Now: func() time.Time { return carried.At.Add(72 * time.Hour) },
		Customer: func(conversation string) (string, error) {
			if conversation == "dora.1" {
				return "", errors.New("no answer")
			}
			return "boris", nil
		}}
}

func follow(l *Links, link string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", strings.TrimPrefix(link, "https://chat.example/base"), nil)
	l.ServeHTTP(w, r)
	return w
}

// proves AP-04: a receiver is told what a file is and where it is, and gets it
// for saving alone, whatever the sender called it.
func TestAP04_Links(t *testing.T) {
	s, _ := openBlobs(t)
	l := links(s)
	page := "<html><script>alert(1)</script></html>"
	for _, c := range []struct{ owner, content, mime, media string }{
		{"anna", picture, "image/png", "image/png"},
		{"boris", page, "text/html; charset=utf-8", "application/octet-stream"}, // who was merged with anna
		{blob.Knowledge, picture + " for all", "image/png", "image/png"},
	} {
		a := &event.Attachment{AttachmentId: "1", Name: "a/b\r\n&name=x.png", Mime: "text/plain", Size: 7, Blob: put(t, s, c.owner, c.content)}
		if err := l.Complete(carried, a); err != nil {
			t.Fatal(err)
		}
		if a.Mime != c.mime || a.Size != int64(len(c.content)) {
			t.Errorf("the attachment is %v", a)
		}
		again := &event.Attachment{Name: a.Name, Blob: a.Blob}
		if err := l.Complete(carried, again); err != nil || again.Source != a.Source {
			t.Errorf("another try has the link %s, want %s", again.Source, a.Source)
		}
		f, err := l.Open(carried.Conversation, a)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(f); string(got) != c.content || errors.Join(err, f.Close()) != nil {
			t.Errorf("opened, it says %q, %v", got, err)
		}
		w := follow(l, a.Source)
		if w.Code != 200 || w.Body.String() != c.content {
			t.Errorf("%s: %d %s", a.Source, w.Code, w.Body)
		}
		for name, want := range map[string]string{"Content-Type": c.media, "Content-Disposition": `attachment; filename="ab&name=x.png"`,
			"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'"} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
}

// What is not there has no link, and a disk that does not answer is no reason
// to leave a link out.
func TestLinksToNothing(t *testing.T) {
	s, erased := openBlobs(t)
	l := links(s)
	gone := put(t, s, "carl", picture)
	erased["carl"] = true
	for conversation, hash := range map[string]string{"anna.1": "00", "anna.2": "", "anna.3": "../../master.key", "carl.1": gone} {
		a := &event.Attachment{Blob: hash, Size: 7, Source: "https://inside/"}
		if _, err := l.Open(conversation, a); refusal.KindOf(err) != refusal.NotFound {
			t.Errorf("%q of %s is opened: %v", hash, conversation, err)
		}
		if err := l.Complete(channels.Outbound{Conversation: conversation}, a); err != nil || a.Source != "" || a.Size != 7 {
			t.Errorf("%q of %s: %v %v", hash, conversation, a, err)
		}
	}
	if err := l.Complete(channels.Outbound{Conversation: "dora.1"}, &event.Attachment{Blob: "00"}); err == nil || refusal.KindOf(err) != 0 {
		t.Errorf("no answer gives %v", err)
	}
	l.Base = ""
	a := &event.Attachment{Blob: put(t, s, "anna", picture)}
	if err := l.Complete(carried, a); err != nil || a.Source != "" || a.Size != int64(len(picture)) {
		t.Errorf("a server that nobody can find has the link %v %v", a, err)
	}
}

// proves SECURITY: a link is good for one file, one name and some days, and
// whoever has it can make no other of it.
func TestLinksCantBeForged(t *testing.T) {
	s, erased := openBlobs(t)
	l := links(s)
	a := &event.Attachment{Name: "a.png", Blob: put(t, s, "anna", picture)}
	other := put(t, s, "anna", "other")
	put(t, s, "boris", picture)
	if err := l.Complete(carried, a); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(a.Source)
	if err != nil {
		t.Fatal(err)
	}
	with := func(name, value string) string {
		q := maps.Clone(u.Query())
		q.Set(name, value)
		return LinkPath + "anna/" + a.Blob + "?" + q.Encode()
	}
	sign := u.Query().Get("sign")
	forged := []string{
		LinkPath + "anna/" + other + "?" + u.RawQuery, LinkPath + "boris/" + a.Blob + "?" + u.RawQuery,
		LinkPath + "anna%0A" + a.Blob + "?" + u.RawQuery, LinkPath + "anna/" + a.Blob, LinkPath, LinkPath + "anna",
		with("name", "a.exe"), with("until", "99999999999"), with("until", ""), with("sign", ""), with("sign", sign[:42]),
		with("sign", sign+"A"), with("sign", strings.ToUpper(sign)),
	}
	for _, link := range forged {
		if w := follow(l, link); w.Code != 403 || strings.Contains(w.Body.String(), "PNG") {
			t.Errorf("%s: %d %s", link, w.Code, w.Body)
		}
	}
	theirs := *l
	theirs.Secret = []byte("another")
	if w := follow(&theirs, u.RequestURI()[len("/base"):]); w.Code != 403 {
		t.Errorf("another server's link: %d", w.Code)
	}
	for after, want := range map[time.Duration]int{linkLife - time.Second: 200, linkLife: 403, 10 * linkLife: 403} {
		l.Now = func() time.Time { return carried.At.Add(after) }
		if w := follow(l, a.Source); w.Code != want {
			t.Errorf("after %v: %d, want %d", after, w.Code, want)
		}
	}
	l.Now = func() time.Time { return carried.At }
	erased["anna"] = true
	if w := follow(l, a.Source); w.Code != 404 {
		t.Errorf("who was erased has %d %s", w.Code, w.Body)
	}
}

func uploads(s *blob.Store) *Uploads {
	return &Uploads{Blobs: s, CustomerID: func(account, address string) string { return account + address }, Largest: 8 << 10,
		Admit: func() error { return nil }, Refuse: problem.Write}
}

func take(u *Uploads, query string, body io.Reader) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	u.Take(w, httptest.NewRequest("POST", "/files?"+query, body), "shop")
	return w
}

// proves AP-04: a third party brings a file for one of its users, and a message
// of that user, and of no other, may name it.
func TestAP04_Uploads(t *testing.T) {
	s, _ := openBlobs(t)
	u := uploads(s)
	w := take(u, "user=anna", strings.NewReader(picture))
	var got Upload
	sum := sha256.Sum256([]byte(picture))
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 201 || got.Mime != "image/png" || got.Size != int64(len(picture)) ||
		got.SHA256 != hex.EncodeToString(sum[:]) || len(got.UploadID) > 200 {
		t.Fatalf("the upload is %d %s", w.Code, w.Body)
	}
	names := func(account, address, source string) error {
		passed := errors.New("nobody answers")
		u.Sink(func(_ context.Context, m channels.Inbound, done func(channels.Kept, error)) {
			done(channels.Kept{}, nil)
		})(t.Context(),
			channels.Inbound{Account: account, Address: address, Content: &event.Content{Attachments: []*event.Attachment{{Source: "https://a.example/"}, {Source: source}}}},
			func(_ channels.Kept, err error) { passed = err })
		return passed
	}
	for _, c := range []struct {
		account, address, source string
		field                    string
	}{
		{"shop", "anna", "upload:" + got.UploadID, ""}, {"shop", "boris", "upload:" + got.UploadID, "attachments.1.upload_id"},
		{"bank", "anna", "upload:" + got.UploadID, "attachments.1.upload_id"}, {"shop", "anna", "upload:", "attachments.1.upload_id"},
		{"shop", "anna", "upload:../x", "attachments.1.upload_id"}, {"shop", "anna", "https://b.example/", ""},
	} {
		err := names(c.account, c.address, c.source)
		e, _ := errors.AsType[*refusal.Error](err)
		if (err == nil) != (c.field == "") || e != nil && e.Field != c.field {
			t.Errorf("%s of %s names %s: %v, want a refusal of %q", c.address, c.account, c.source, err, c.field)
		}
	}
	f, err := u.Open("shop", "anna", got.UploadID)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if b, err := io.ReadAll(f); err != nil || string(b) != picture {
		t.Errorf("the upload holds %q %v", b, err)
	}
}

// proves G7: what is no file for us is refused, and nothing of it is kept.
func TestUploadsAreRefused(t *testing.T) {
	s, erased := openBlobs(t)
	u := uploads(s)
	erased["shopgone"] = true
	for _, c := range []struct {
		name, query string
		body        io.Reader
		want        int
	}{
		{"no user", "", strings.NewReader(picture), 422},
		{"a long user", "user=" + strings.Repeat("u", 201), strings.NewReader(picture), 422},
		{"a user of nonsense", "user=%FF", strings.NewReader(picture), 422},
		{"an erased user", "user=gone", strings.NewReader(picture), 404},
		{"nothing", "user=anna", strings.NewReader(""), 422},
		{"too large", "user=anna", bytes.NewReader(make([]byte, 8<<10+1)), 422},
		{"a program", "user=anna", strings.NewReader("\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 60)), 422},
		{"broken off at once", "user=anna", io.MultiReader(strings.NewReader("x"), cutOff{}), 503},
		{"broken off later", "user=anna", io.MultiReader(strings.NewReader(strings.Repeat("x", 5000)), cutOff{}), 503},
	} {
		if w := take(u, c.query, c.body); w.Code != c.want {
			t.Errorf("%s: %d, want %d: %s", c.name, w.Code, c.want, w.Body)
		}
	}
	u.Admit = func() error { return refusal.New(refusal.Busy, "full") }
	if w := take(u, "user=anna", strings.NewReader(picture)); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("a full server: %d %v", w.Code, w.Header())
	}
	if _, err := u.Open("shop", "anna", hex.EncodeToString(make([]byte, 32))); refusal.KindOf(err) != refusal.NotFound {
		t.Errorf("an upload that is not there: %v", err)
	}
}

// proves G7: a sender that stops in the middle is not waited for.
func TestG7_UploadThatStalls(t *testing.T) {
	s, _ := openBlobs(t)
	u := uploads(s)
	u.Patience = 50 * time.Millisecond
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { u.Take(w, r, "shop") }))
	defer server.Close()
	for _, begun := range []int{3, 5000} {
		c, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(20 * time.Second))
		fmt.Fprintf(c, "POST /?user=anna HTTP/1.1\r\nHost: x\r\nContent-Length: 8000\r\n\r\n%s", strings.Repeat("x", begun))
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatalf("after %d bytes: %v", begun, err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("after %d bytes: %s, want 503", begun, resp.Status)
		}
	}
}

// cutOff is a body whose sender went away.
type cutOff struct{}

func (cutOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
