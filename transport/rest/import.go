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
	"os"
	"time"

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

// What an import may take.
const (
	largestImport  = 64 << 20 // bytes of text
	importPatience = 2 * time.Minute
)

// ImportResult is what an import has changed, or would.
type ImportResult struct {
	DryRun   bool          `json:"dry_run"`
	Entries  int           `json:"entries" doc:"in the file"`
	Files    int           `json:"files" doc:"that an archive brings and the knowledge base does not have"`
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
// places where it is, and changes nothing. The files of an archive are kept
// before the entries that name them: what nobody names is never seen.
func (c *call) importKnowledge() error {
	dry := c.r.URL.Query().Get("dry_run")
	if dry != "" && dry != "true" && dry != "false" {
		return refusal.Of("dry_run", "this is true or false")
	}
	in, err := c.readImport()
	if err != nil {
		return placed(err)
	}
	defer in.close()
	items, err := in.book.Items(c.knowledge(), rand.Text)
	if err == nil {
		err = c.checkItems(items, in.size)
	}
	if err != nil {
		return placed(err)
	}
	cmd := knowledge.Import{By: c.by(), Items: items}
	out, err := c.rehearse(cmd)
	out.Files = len(in.news)
	if out.DryRun = dry == "true"; err == nil && !out.DryRun {
		if err = c.keepNews(in); err == nil {
			err = c.editWithin(importPatience, cmd)
		}
	}
	if err != nil {
		return placed(err)
	}
	return c.write(http.StatusOK, out)
}

// An imported is what an import has brought.
type imported struct {
	book    *exchange.Book
	size    fileSize
	archive *exchange.Archive // nil unless it is one
	news    []string          // the files of the archive that are not kept yet
	close   func()
}

// readImport reads the body.
func (c *call) readImport() (*imported, error) {
	format := c.r.URL.Query().Get("format")
	if media, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type")); format == "" {
		format = map[string]string{"application/json": "json", "text/csv": "csv", "application/zip": "zip"}[media]
	}
	switch format {
	case "json":
		return c.readText(exchange.ReadJSON)
	case "csv":
		return c.readText(exchange.ReadCSV)
	case "zip":
		return c.readArchive()
	}
	return nil, refusal.Of("format", "the format is csv, json or zip")
}

func (c *call) readText(read func([]byte) (*exchange.Book, error)) (*imported, error) {
	text, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, largestImport))
	if err != nil {
		return nil, brokenBody(err)
	}
	book, err := read(text)
	return &imported{book: book, size: c.keptSize, close: func() {}}, err
}

func brokenBody(err error) error {
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return as(http.StatusRequestEntityTooLarge, "the body is larger than %d bytes", large.Limit)
	}
	return as(http.StatusBadRequest, "the body broke off")
}

// readArchive lays the body aside, for the list of an archive is at its end.
func (c *call) readArchive() (*imported, error) {
	f, err := os.CreateTemp("", "knowledge-*.zip")
	if err != nil {
		return nil, fmt.Errorf("lay an archive aside: %w", err)
	}
	os.Remove(f.Name())
	in := &imported{close: func() { f.Close() }}
	if err := c.unpack(in, f); err != nil {
		in.close()
		return nil, err
	}
	return in, nil
}

func (c *call) unpack(in *imported, f *os.File) error {
	size, err := io.Copy(f, http.MaxBytesReader(c.w, c.r.Body, exchange.LargestArchive))
	if full, ok := errors.AsType[*os.PathError](err); ok {
		return fmt.Errorf("lay an archive aside: %w", full)
	}
	if err != nil {
		return brokenBody(err)
	}
	if in.archive, err = exchange.ReadZip(f, size, c.config.LargeFile); err != nil {
		return err
	}
	in.book, in.size = in.archive.Book, func(hash string) (int64, error) {
		if size, ok := in.archive.Size(hash); ok {
			return size, nil
		}
		return c.keptSize(hash)
	}
	return c.findNews(in)
}

// findNews notes which files of an archive are not kept yet. They are for
// customers' eyes, as uploads are.
func (c *call) findNews(in *imported) error {
	for _, hash := range in.archive.Hashes() {
		_, err := c.keptSize(hash)
		switch {
		case err == nil:
			continue
		case refusal.KindOf(err) != refusal.NotFound:
			return err
		}
		if err := c.fileOf(in.archive, hash, func(body *bufio.Reader) error {
			head, err := body.Peek(files.Sniffed)
			if err != nil && !errors.Is(err, io.EOF) {
				return err
			}
			return files.Allowed(mimetype.Detect(head))
		}); err != nil {
			return err
		}
		in.news = append(in.news, hash)
	}
	return nil
}

// keepNews keeps the files of an archive that are not kept yet.
func (c *call) keepNews(in *imported) error {
	for _, hash := range in.news {
		if err := c.fileOf(in.archive, hash, func(body *bufio.Reader) error {
			_, err := c.config.Blobs.Put(c.r.Context(), blob.Knowledge, body, c.config.LargeFile)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

func (c *call) fileOf(a *exchange.Archive, hash string, read func(*bufio.Reader) error) error {
	f, err := a.Open(hash)
	if err != nil {
		return err
	}
	defer f.Close()
	return read(bufio.NewReaderSize(f, files.Sniffed))
}

// checkItems refuses what refers to things that the organisation does not have.
func (c *call) checkItems(items []knowledge.Item, size fileSize) error {
	faults := &knowledge.Faults{}
	for _, item := range items {
		var err error
		if a, ok := item.Entry.(*event.Article); ok {
			err = c.checkArticle(a, size)
		} else {
			err = checkFilesOf(item.Entry, size)
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
