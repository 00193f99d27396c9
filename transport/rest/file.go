package rest

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/blob"
	"crafttalkd/transport/auth"
	"crafttalkd/transport/files"
)

// Blobs keeps files, as store/blob does.
type Blobs interface {
	Put(ctx context.Context, subject string, r io.Reader, limit int64) (blob.Blob, error)
	Get(subject, hash string) (*blob.File, int64, error)
}

// File is a file that was uploaded. A message may carry it as an attachment.
type File struct {
	CustomerID string `json:"customer_id"`
	Blob       string `json:"blob" doc:"SHA-256 of the bytes, hex"`
	Name       string `json:"name"`
	Mime       string `json:"mime" doc:"by the bytes, whatever the name says"`
	Size       int64  `json:"size"`
}

// The body of an upload is the file itself, so it is read as it comes.
var (
	upload   = verb{out: reflect.TypeFor[File](), serve: (*call).upload}
	download = verb{media: "*/*", serve: (*call).download}
)

// upload keeps a file for a conversation that the asker may
// see. Who may send pictures alone is refused anything else before it is kept.
func (c *call) upload() error {
	q := c.r.URL.Query()
	name := q.Get("name")
	if !utf8.ValidString(name) || utf8.RuneCountInString(name) > 200 {
		return refusal.Of("name", "a name is at most 200 characters")
	}
	v, err := c.conversation(q.Get("conversation"))
	if err != nil {
		return err
	}
	body := bufio.NewReaderSize(c.r.Body, files.Sniffed)
	head, err := body.Peek(files.Sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return as(http.StatusBadRequest, "the body broke off")
	}
	if len(head) == 0 {
		return refusal.New(refusal.Invalid, "the file is empty")
	}
	if err := c.mayUpload(mimetype.Detect(head).String()); err != nil {
		return err
	}
	b, err := c.config.Blobs.Put(c.r.Context(), q.Get("conversation"), body, c.config.LargeFile)
	if err != nil {
		return err
	}
	return c.write(http.StatusOK, File{CustomerID: v.CustomerID, Blob: b.Hash, Name: name, Mime: b.MIME, Size: b.Size})
}

func (c *call) mayUpload(media string) error {
	u, picture := c.asker.user, strings.HasPrefix(media, "image/")
	if auth.Can(u, directory.SendFiles) && !picture || auth.Can(u, directory.SendPics) && picture {
		return nil
	}
	role := directory.SendFiles
	if picture {
		role = directory.SendPics
	}
	return refusal.New(refusal.Denied, "this needs the permission %s", role)
}

// download serves a file of a customer that the asker may see, of one who has
// become part of them, or of the knowledge base, which they were sent. It is for
// saving: a browser runs nothing of it.
func (c *call) download() error {
	v, err := c.customer(c.params.ByName("customer"))
	if err != nil {
		return err
	}
	f, err := c.file(c.params.ByName("hash"), slices.Concat([]string{v.CustomerID}, v.Absorbed, []string{blob.Knowledge}))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := c.noteFile(v.OpenConversation); err != nil {
		return err
	}
	return c.config.Hand(c.w, c.r, f, c.r.URL.Query().Get("name"))
}

// file opens a file of the first of the subjects who has it.
func (c *call) file(hash string, subjects []string) (f *blob.File, err error) {
	for _, subject := range subjects {
		if f, _, err = c.config.Blobs.Get(subject, hash); refusal.KindOf(err) != refusal.NotFound {
			return f, err
		}
	}
	return nil, err
}
