package visitor

import (
	"context"
	"errors"
	"io"
	"net/http"
	"unicode/utf8"

	"github.com/julienschmidt/httprouter"

	"crafttalkd/actors/refusal"
	"crafttalkd/store/blob"
)

// Blobs keeps files, sealed, by their customer and the hash of their bytes.
type Blobs interface {
	Put(ctx context.Context, subject string, r io.Reader, limit int64) (blob.Blob, error)
	Get(subject, hash string) (*blob.File, int64, error)
}

// largestFile is how many bytes a visitor's file may have.
const largestFile = 20 << 20

// A File is what is kept, for a message to carry as an attachment.
type File struct {
	Blob string `json:"blob"`
	Name string `json:"name"`
	Mime string `json:"mime" doc:"by the bytes"`
	Size int64  `json:"size"`
}

// Upload keeps a file of the visitor, for a message to carry as an attachment:
// POST /widget/v1/ACCOUNT/files?name=N, the body is the file. It is streamed to
// the disk and known by its bytes, so the same file again is the same file.
func (l *Lobby) Upload(w http.ResponseWriter, r *http.Request) {
	v, err := l.visitor(r)
	name := r.URL.Query().Get("name")
	switch {
	case err != nil:
	case !utf8.ValidString(name) || utf8.RuneCountInString(name) > 200:
		err = refusal.Of("name", "a name is at most 200 characters")
	default:
		err = l.config.Door.Admit()
	}
	if err != nil {
		l.refuse(w, r, err)
		return
	}
	b, err := l.config.Blobs.Put(r.Context(), blob.Loose(v.customer), r.Body, largestFile)
	if err == nil && b.Size == 0 {
		err = refusal.New(refusal.Invalid, "the file is empty")
	}
	if err != nil {
		l.refuse(w, r, err)
		return
	}
	l.reply(w, r, http.StatusOK, File{b.Hash, name, b.MIME, b.Size})
}

// Download returns a file of the visitor's conversations:
// GET /widget/v1/ACCOUNT/files/HASH?name=N.
func (l *Lobby) Download(w http.ResponseWriter, r *http.Request) {
	v, err := l.visitor(r)
	if err != nil {
		l.refuse(w, r, err)
		return
	}
	f, err := l.file(r.Context(), v, httprouter.ParamsFromContext(r.Context()).ByName("hash"))
	if err != nil {
		l.refuse(w, r, err)
		return
	}
	defer f.Close()
	l.cors(w, r)
	if err := l.config.Hand(w, r, f, r.URL.Query().Get("name")); err != nil {
		l.refuse(w, r, err)
	}
}

// file finds a file among those of the visitor, of the knowledge base and, after
// a merge, of the customer who has the visitor's address now.
func (l *Lobby) file(ctx context.Context, v visitor, hash string) (*blob.File, error) {
	f, _, err := l.config.Blobs.Get(v.customer, hash)
	if refusal.KindOf(err) == refusal.NotFound {
		f, _, err = l.config.Blobs.Get(blob.Knowledge, hash)
	}
	if err == nil || refusal.KindOf(err) != refusal.NotFound {
		return f, err
	}
	owner, _, homeErr := l.home(ctx, v, func(string) {})
	if homeErr != nil || owner == v.customer {
		return nil, errors.Join(err, homeErr)
	}
	f, _, err = l.config.Blobs.Get(owner, hash)
	return f, err
}
