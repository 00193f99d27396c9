package rest

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"crafttalkd/actors/event"
	"crafttalkd/actors/knowledge"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/system"
	"crafttalkd/store/blob"
	"crafttalkd/transport/exchange"
	"crafttalkd/transport/files"
	"crafttalkd/transport/problem"
)

// exchangeRoutes take the knowledge base in and hand it out, and its files.
func exchangeRoutes() []*route {
	const path = "/api/v1/knowledge"
	return []*route{
		{method: "POST", path: path + "/import", summary: "Take a file of articles, slots and types: all of it, or nothing", may: writeKB,
			verb:   verb{out: reflect.TypeFor[ImportResult](), serve: (*call).importKnowledge},
			params: []param{{name: "format", doc: "csv or json; by the content type if left out"}, {name: "dry_run", doc: "true only says what would change"}}},
		{method: "GET", path: path + "/export", summary: "All articles, slots and types as a file, which can be taken in again", may: readKB,
			verb:   verb{media: "*/*", serve: (*call).exportKnowledge},
			params: []param{{name: "format", doc: "csv or json; json if left out"}, {name: "separator", doc: "of columns: comma or semicolon; comma if left out"}}},
		{method: "POST", path: path + "/files", summary: "Upload a file for articles and slots", may: writeKB,
			verb:   verb{out: reflect.TypeFor[KnowledgeFile](), serve: (*call).uploadKnowledge},
			params: []param{{name: "name", doc: "what the file is called"}}},
		{method: "GET", path: path + "/files/:hash", summary: "Download a file of the knowledge base", may: readKB,
			verb: verb{media: "*/*", serve: (*call).downloadKnowledge}, params: []param{{name: "name", doc: "what the file is called"}}},
	}
}

// What an import may take.
const (
	largestImport  = 64 << 20 // bytes
	importPatience = 2 * time.Minute
)

// ImportResult is what an import has changed, or would.
type ImportResult struct {
	DryRun   bool          `json:"dry_run"`
	Entries  int           `json:"entries" doc:"in the file"`
	Articles ImportChanges `json:"articles"`
	Slots    ImportChanges `json:"slots"`
	Types    ImportChanges `json:"types"`
}

// ImportChanges is how many entries of one kind an import has added or changed.
type ImportChanges struct {
	Added   int `json:"added"`
	Changed int `json:"changed"`
}

// importKnowledge takes a file in. A file that is wrong is refused with the
// places where it is, and changes nothing.
func (c *call) importKnowledge() error {
	dry := c.r.URL.Query().Get("dry_run")
	if dry != "" && dry != "true" && dry != "false" {
		return refusal.Of("dry_run", "this is true or false")
	}
	book, err := c.readBook()
	var items []knowledge.Item
	if err == nil {
		items, err = book.Items(c.knowledge(), rand.Text)
	}
	if err == nil {
		err = c.checkItems(items)
	}
	if err != nil {
		return placed(err)
	}
	cmd := knowledge.Import{By: c.by(), Items: items}
	out, err := c.rehearse(cmd)
	if out.DryRun = dry == "true"; err == nil && !out.DryRun {
		err = c.editWithin(importPatience, cmd)
	}
	if err != nil {
		return placed(err)
	}
	return c.write(http.StatusOK, out)
}

// readBook reads the body.
func (c *call) readBook() (*exchange.Book, error) {
	format := c.r.URL.Query().Get("format")
	if media, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type")); format == "" {
		format = map[string]string{"application/json": "json", "text/csv": "csv"}[media]
	}
	read := map[string]func([]byte) (*exchange.Book, error){"json": exchange.ReadJSON, "csv": exchange.ReadCSV}[format]
	if read == nil {
		return nil, refusal.Of("format", "the format is csv or json")
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, largestImport))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, as(http.StatusRequestEntityTooLarge, "the body is larger than %d bytes", largestImport)
	}
	if err != nil {
		return nil, as(http.StatusBadRequest, "the body broke off")
	}
	return read(body)
}

// checkItems refuses what refers to things that the organisation does not have.
func (c *call) checkItems(items []knowledge.Item) error {
	faults := &knowledge.Faults{}
	for _, item := range items {
		var err error
		if a, ok := item.Entry.(*event.Article); ok {
			err = c.checkArticle(a)
		} else {
			err = c.checkFilesOf(item.Entry)
		}
		if refusal.KindOf(err) != 0 {
			faults.Refuse(item, err)
		} else if err != nil {
			return err
		}
	}
	return faults.Err()
}

// rehearse asks what an import would change.
func (c *call) rehearse(cmd knowledge.Import) (out ImportResult, err error) {
	ctx, cancel := context.WithTimeout(c.r.Context(), importPatience)
	defer cancel()
	type rehearsed struct {
		result ImportResult
		err    error
	}
	r, err := system.Look(ctx, c.config.System, event.KnowledgeStream, func(s knowledge.State, _ uint64) rehearsed {
		events, err := knowledge.Decide(s, cmd, c.config.System.Now())
		articles, slots, types := knowledge.Count(s, events)
		return rehearsed{ImportResult{Entries: len(cmd.Items), Articles: ImportChanges(articles), Slots: ImportChanges(slots), Types: ImportChanges(types)}, err}
	})
	if err != nil {
		return out, err
	}
	return r.result, r.err
}

// placed says the faults of a file as places of it.
func placed(err error) error {
	f, ok := errors.AsType[*knowledge.Faults](err)
	if !ok {
		return err
	}
	out := &problem.FileError{Err: err, More: f.More}
	for _, x := range f.List {
		out.Places = append(out.Places, problem.Place{Line: x.Line, Field: x.Field, Detail: x.Text})
	}
	return out
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
	media, write := "application/json", func() error { return exchange.WriteJSON(c.w, base) }
	name := "knowledge-" + c.config.System.Now().UTC().Format("2006-01-02")
	switch q.Get("format") {
	case "", "json":
		name += ".json"
	case "csv":
		media, write = "text/csv; charset=utf-8", func() error { return exchange.WriteCSV(c.w, base, comma) }
		name += ".csv"
	default:
		return refusal.Of("format", "the format is csv or json")
	}
	h := c.w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
	c.w.WriteHeader(http.StatusOK)
	if err := write(); err != nil {
		c.config.Log.Debug("export broke off", "err", err) // who asked has gone
	}
	return nil
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
	return files.Serve(c.w, c.r, f, c.r.URL.Query().Get("name"))
}
