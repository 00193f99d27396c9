package files

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/store/blob"
)

// Uploads takes files that a third party brings before the message that names
// them. An upload belongs to one user of one account, and lies with the customer
// that the user's address leads to, so it is erased together with all the rest
// of them. Its id is its hash: the same file again is the same upload.
type Uploads struct {
	Blobs interface {
		Put(ctx context.Context, subject string, r io.Reader, limit int64) (blob.Blob, error)
		Get(subject, hash string) (*blob.File, int64, error)
	}
	CustomerID func(account, address string) string
	Admit      func() error  // why nothing may come in now
	Largest    int64         // bytes
	Patience   time.Duration // for one upload; 0 stands for five minutes
	Refuse     func(http.ResponseWriter, *http.Request, error)
}

// Upload is what is answered to a file that was taken.
type Upload struct {
	UploadID string `json:"upload_id"`
	Mime     string `json:"mime"` // by the bytes
	Size     int64  `json:"size"`
	SHA256   string `json:"sha256"`
}

// Take keeps the body of a request for the user it names:
// POST …/files?user=ID. Whoever passes the request on has made sure that the
// account's key came with it.
func (u *Uploads) Take(w http.ResponseWriter, r *http.Request, account string) {
	patience := u.Patience
	if patience == 0 {
		patience = 5 * time.Minute
	}
	// Not every writer can; those that can't are not on a socket.
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(patience))
	b, err := u.keep(r, account)
	if err != nil {
		w.Header().Set("Connection", "close") // the rest of the body is not read
		u.Refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusCreated)
	json.NewEncoder(w).Encode(Upload{UploadID: b.Hash, Mime: b.MIME, Size: b.Size, SHA256: b.Hash})
}

func (u *Uploads) keep(r *http.Request, account string) (b blob.Blob, err error) {
	user := r.URL.Query().Get("user")
	if n := utf8.RuneCountInString(user); n < 1 || n > 200 || !utf8.ValidString(user) || strings.ContainsRune(user, 0) {
		return b, refusal.Of("user", "the id of the user is needed, of 1 to 200 characters")
	}
	return u.put(r.Context(), account, user, r.Body)
}

// Keep keeps a file that an account brings for an address, and returns the id
// of the upload.
func (u *Uploads) Keep(ctx context.Context, account, address string, r io.Reader) (id string, err error) {
	b, err := u.put(ctx, account, address, r)
	return b.Hash, err
}

func (u *Uploads) put(ctx context.Context, account, address string, r io.Reader) (b blob.Blob, err error) {
	if err := u.Admit(); err != nil {
		return b, err
	}
	body := bufio.NewReaderSize(r, Sniffed)
	head, err := body.Peek(Sniffed)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return b, errBrokeOff
	case len(head) == 0:
		return b, refusal.New(refusal.Invalid, "the file is empty")
	}
	if err := Allowed(mimetype.Detect(head)); err != nil {
		return b, err
	}
	rest := &sent{r: body}
	b, err = u.Blobs.Put(ctx, blob.Loose(u.CustomerID(account, address)), rest, u.Largest)
	if err != nil && rest.broken {
		return b, errBrokeOff
	}
	return b, err
}

// errBrokeOff is for whoever can still hear it.
var errBrokeOff = refusal.New(refusal.Busy, "the file did not come to its end")

// sent is a body whose sender may break off.
type sent struct {
	r      io.Reader
	broken bool
}

func (s *sent) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.broken = s.broken || err != nil && err != io.EOF
	return n, err
}

// Open opens what was uploaded for an address.
func (u *Uploads) Open(account, address, id string) (io.ReadCloser, error) {
	f, _, err := u.Blobs.Get(u.CustomerID(account, address), id)
	if refusal.KindOf(err) != 0 {
		return nil, refusal.New(refusal.NotFound, "there is no such upload of this user")
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Sink refuses messages that name an upload which is not there, and passes on
// the others.
func (u *Uploads) Sink(next channels.Sink) channels.Sink {
	return func(ctx context.Context, m channels.Inbound, done func(channels.Kept, error)) {
		for i, a := range m.Content.GetAttachments() {
			id, ok := strings.CutPrefix(a.GetSource(), channels.Upload)
			if !ok {
				continue
			}
			f, err := u.Open(m.Account, m.Address, id)
			if err == nil {
				f.Close()
				continue
			}
			if refusal.KindOf(err) != 0 {
				err = refusal.Of("attachments."+strconv.Itoa(i)+".upload_id", "%v", err)
			}
			done(channels.Kept{}, err)
			return
		}
		next(ctx, m, done)
	}
}
