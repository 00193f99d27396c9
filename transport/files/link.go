package files

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/store/blob"
)

// LinkPath begins the path of every link.
const LinkPath = "/files/v1/"

// linkLife is how long a link is good, from the message that carries it: the
// courier tries for a day, and the receiver has some days for its part.
const linkLife = 7 * 24 * time.Hour

// Links makes and serves addresses under which a receiver of ours fetches a
// file without signing in:
//
//	BASE/files/v1/CUSTOMER/HASH?name=N&until=UNIX&sign=S
//
// The signature covers everything that the answer depends on, so a link is good
// for one file, under one name, for some days.
type Links struct {
	Blobs interface {
		Get(subject, hash string) (*blob.File, int64, error)
	}
	Secret []byte // nobody else has it
	Base   string // where the world finds files: https://chat.example; empty makes no links
	// Apart says that files have an origin of their own, which is Base: nobody else
	// gets a file, but is shown the way there.
	Apart bool
	// Customer returns whose a conversation is now. Its files lie with them, with
	// the customer that it began with, or with the knowledge base.
	Customer func(conversation string) (string, error)
	// Check refuses a file that must not be opened; nil refuses none.
	Check  func(*blob.File) error
	Now    func() time.Time
	Refuse func(http.ResponseWriter, *http.Request, error)
}

// Complete says of an attachment of m where its receiver may fetch it, and what
// it is by its bytes. It says the same on every try of a message. A file that
// is not there, or was erased, has no link.
func (l *Links) Complete(m channels.Outbound, a *event.Attachment) error {
	a.Source = ""
	if a.Blob == "" {
		return nil
	}
	owner, f, err := l.find(m.Conversation, a.Blob)
	if refusal.KindOf(err) == refusal.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if a.Mime, err = kind(f); err != nil {
		return err
	}
	a.Size = f.Size()
	if l.Base != "" {
		a.Source = l.link(owner, a.Blob, a.Name, m.At.Add(linkLife))
	}
	return nil
}

// Open opens the file of an attachment of a conversation.
func (l *Links) Open(conversation string, a *event.Attachment) (io.ReadCloser, error) {
	if a.Blob == "" {
		return nil, refusal.New(refusal.NotFound, "the file %s is not there", a.Name)
	}
	_, f, err := l.find(conversation, a.Blob)
	if err != nil {
		return nil, err
	}
	if err := l.check(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (l *Links) check(f *blob.File) error {
	if l.Check == nil {
		return nil
	}
	return l.Check(f)
}

// Answer answers with the file of an attachment of a conversation, to whoever
// may have it by another proof than a link.
func (l *Links) Answer(w http.ResponseWriter, r *http.Request, conversation string, a *event.Attachment) error {
	_, f, err := l.find(conversation, a.Blob)
	if err != nil {
		return err
	}
	defer f.Close()
	return l.Hand(w, r, f, a.Name)
}

// handLife is how long a way to a file is good that somebody was shown who may
// have it. A page asks at once; a player asks again while it plays.
const handLife = 5 * time.Minute

// Hand gives a file to who may have it by another proof than a link: the file
// itself, or where files have an origin of their own, the way there.
func (l *Links) Hand(w http.ResponseWriter, r *http.Request, f *blob.File, name string) error {
	if err := l.check(f); err != nil {
		return err
	}
	if !l.Apart {
		return Serve(w, r, f, name)
	}
	w.Header().Set("Cache-Control", "private, no-store")
	http.Redirect(w, r, l.link(f.Subject, f.Hash, name, l.Now().Add(handLife)), http.StatusFound)
	return nil
}

// find opens a file of a conversation, and says with whom it lies: with the
// customer, or with the knowledge base that it was sent from.
func (l *Links) find(conversation, hash string) (owner string, f *blob.File, err error) {
	owner, _, _ = strings.Cut(conversation, ".")
	f, _, err = l.Blobs.Get(owner, hash)
	if refusal.KindOf(err) != refusal.NotFound {
		return owner, f, err
	}
	if known, _, knownErr := l.Blobs.Get(blob.Knowledge, hash); refusal.KindOf(knownErr) != refusal.NotFound {
		return blob.Knowledge, known, knownErr
	}
	now, ownerErr := l.Customer(conversation)
	if ownerErr != nil || now == owner {
		return owner, nil, firstFault(ownerErr, err)
	}
	f, _, err = l.Blobs.Get(now, hash)
	return now, f, err
}

// firstFault prefers what is no refusal.
func firstFault(a, b error) error {
	if a != nil && refusal.KindOf(a) == 0 {
		return a
	}
	return b
}

func (l *Links) link(owner, hash, name string, end time.Time) string {
	until := strconv.FormatInt(end.Unix(), 10)
	q := url.Values{"name": {name}, "until": {until}, "sign": {l.sign(owner, hash, until, name)}}
	return l.Base + LinkPath + owner + "/" + hash + "?" + q.Encode()
}

// sign is the signature of a link. No part of it but the name can hold a line
// break, and the name comes last.
func (l *Links) sign(owner, hash, until, name string) string {
	mac := hmac.New(sha256.New, l.Secret)
	mac.Write([]byte(strings.Join([]string{owner, hash, until, name}, "\n")))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// errLink is the answer to every link that is not good, whatever the reason.
var errLink = refusal.New(refusal.Denied, "this link is not good, or not any more")

// ServeHTTP answers with the file of a link.
func (l *Links) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	owner, hash, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, LinkPath), "/")
	q := r.URL.Query()
	if err := l.signed(owner, hash, q); err != nil {
		l.Refuse(w, r, err)
		return
	}
	f, _, err := l.Blobs.Get(owner, hash)
	if err != nil {
		l.Refuse(w, r, err)
		return
	}
	defer f.Close()
	if err = l.check(f); err == nil {
		err = Serve(w, r, f, q.Get("name"))
	}
	if err != nil {
		l.Refuse(w, r, err)
	}
}

func (l *Links) signed(owner, hash string, q url.Values) error {
	want := l.sign(owner, hash, q.Get("until"), q.Get("name"))
	if !hmac.Equal([]byte(q.Get("sign")), []byte(want)) || slices.ContainsFunc([]string{owner, hash, q.Get("until")}, broken) {
		return errLink
	}
	until, err := strconv.ParseInt(q.Get("until"), 10, 64)
	if err != nil || !l.Now().Before(time.Unix(until, 0)) {
		return errLink
	}
	return nil
}

func broken(s string) bool { return strings.Contains(s, "\n") }
