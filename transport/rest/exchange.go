package rest

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/blob"
	"crafttalkd/store/view/articles"
	"crafttalkd/transport/exchange"
	"crafttalkd/transport/files"
)

// exchangeRoutes take the knowledge base in and hand it out, and its files.
func exchangeRoutes() []*route {
	const path = "/api/v1/knowledge"
	return []*route{
		{method: "POST", path: path + "/import", summary: "Take a file of articles, slots and types: all of it, or nothing", may: writeKB,
			verb:   verb{out: reflect.TypeFor[ImportResult](), serve: (*call).importKnowledge},
			params: []param{{name: "format", doc: "csv, json or zip; by the content type if left out"}, {name: "dry_run", doc: "true only says what would change"}}},
		{method: "GET", path: path + "/export", summary: "All articles, slots and types as a file, which can be taken in again", act: audit.KnowledgeExported, may: readKB,
			verb:   verb{media: "*/*", serve: (*call).exportKnowledge},
			params: []param{{name: "format", doc: "csv, json, or zip with the bytes of files; json if left out"}, {name: "separator", doc: "of columns: comma or semicolon; comma if left out"}}},
		{method: "POST", path: path + "/files", summary: "Upload a file for articles and slots", act: audit.FileKept, may: writeKB,
			verb:   verb{out: reflect.TypeFor[KnowledgeFile](), serve: (*call).uploadKnowledge},
			params: []param{{name: "name", doc: "what the file is called"}}},
		{method: "GET", path: path + "/files/:hash", summary: "Download a file of the knowledge base", may: readKB,
			verb: verb{media: "*/*", serve: (*call).downloadKnowledge}, params: []param{{name: "name", doc: "what the file is called"}}},
	}
}

// separator is what parts the columns of a table. Spreadsheets in Russian want
// semicolons.
func (c *call) separator() (rune, error) {
	comma, ok := map[string]rune{"": ',', "comma": ',', "semicolon": ';'}[c.r.URL.Query().Get("separator")]
	if !ok {
		return 0, refusal.Of("separator", "the separator is comma or semicolon")
	}
	return comma, nil
}

// exportKnowledge hands everything out, as it is written.
func (c *call) exportKnowledge() error {
	q, base := c.r.URL.Query(), c.knowledge()
	comma, err := c.separator()
	if err != nil {
		return err
	}
	format, now := cmp.Or(q.Get("format"), "json"), c.config.System.Now().UTC()
	f, ok := map[string]struct {
		media string
		write func() error
	}{
		"json": {"application/json", func() error { return exchange.WriteJSON(c.w, base) }},
		"csv":  {"text/csv; charset=utf-8", func() error { return exchange.WriteCSV(c.w, base, comma) }},
		"zip":  {"application/zip", func() error { return exchange.WriteZip(c.w, base, now, c.openKnowledge) }},
	}[format]
	if !ok {
		return refusal.Of("format", "the format is csv, json or zip")
	}
	if err := c.checkExport(format, base); err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Content-Type", f.media)
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "knowledge-"+now.Format(time.DateOnly)+"."+format))
	c.w.WriteHeader(http.StatusOK)
	if err := f.write(); err != nil {
		c.config.Log.Warn("export broke off", "err", err)
		panic(http.ErrAbortHandler) // half a base must not look like a whole one
	}
	return nil
}

// checkExport opens the files of an archive before the answer begins, while it
// can still be said that one is missing.
func (c *call) checkExport(format string, base *articles.Base) error {
	if format != "zip" {
		return nil
	}
	for _, hash := range exchange.Hashes(base) {
		if _, err := c.keptSize(hash); err != nil {
			return fmt.Errorf("file %s of the knowledge base: %w", hash, err)
		}
	}
	return nil
}

// openKnowledge opens a file of the knowledge base.
func (c *call) openKnowledge(hash string) (io.ReadCloser, error) {
	return c.file(hash, []string{blob.Knowledge})
}

// KnowledgeFile is a file that was uploaded for the knowledge base.
type KnowledgeFile struct {
	Blob string `json:"blob" doc:"SHA-256 of the bytes, hex"`
	Name string `json:"name"`
	Mime string `json:"mime" doc:"by the bytes, whatever the name says"`
	Size int64  `json:"size"`
}

// uploadKnowledge keeps a file. It is for customers' eyes, so it must be of a
// kind that is taken from them too.
func (c *call) uploadKnowledge() error {
	name := c.r.URL.Query().Get("name")
	if !utf8.ValidString(name) || utf8.RuneCountInString(name) > 200 {
		return refusal.Of("name", "a name is at most 200 characters")
	}
	body := bufio.NewReaderSize(c.r.Body, files.Sniffed)
	head, err := body.Peek(files.Sniffed)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return as(http.StatusBadRequest, "the body broke off")
	case len(head) == 0:
		return refusal.New(refusal.Invalid, "the file is empty")
	}
	if err := files.Allowed(mimetype.Detect(head)); err != nil {
		return err
	}
	b, err := c.config.Blobs.Put(c.r.Context(), blob.Knowledge, body, c.config.LargeFile)
	if err != nil {
		return err
	}
	return c.write(http.StatusOK, KnowledgeFile{Blob: b.Hash, Name: strings.Join(strings.Fields(name), " "), Mime: b.MIME, Size: b.Size})
}

func (c *call) downloadKnowledge() error {
	f, err := c.file(c.params.ByName("hash"), []string{blob.Knowledge})
	if err != nil {
		return err
	}
	defer f.Close()
	return c.config.Hand(c.w, c.r, f, c.r.URL.Query().Get("name"))
}
