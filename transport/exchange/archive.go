package exchange

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/view/articles"
)

// What an archive is made of.
const (
	bookName  = "articles.json"
	filesName = "files" // a folder; each file is called as its hash
)

// What an archive may hold, whatever it says of itself.
const (
	LargestArchive = 512 << 20 // bytes of the archive
	largestBook    = 64 << 20  // bytes of articles.json
	mostUnpacked   = 1 << 30   // bytes of everything that is read
	mostFiles      = 20_000
	largestList    = 8 << 20 // bytes of what lists its entries
	mostRatio      = 100     // how much larger than the archive its files may be
)

// WriteZip writes the base and the bytes of its files, each once, as they are
// read. An archive that broke off has no list of its entries, and is not taken
// for a whole one.
func WriteZip(to io.Writer, base *articles.Base, at time.Time, open func(hash string) (io.ReadCloser, error)) error {
	out := zip.NewWriter(to)
	book, err := out.CreateHeader(&zip.FileHeader{Name: bookName, Method: zip.Deflate, Modified: at})
	if err == nil {
		err = WriteJSON(book, base)
	}
	if err != nil {
		return err
	}
	for _, hash := range Hashes(base) {
		if err := addFile(out, hash, at, open); err != nil {
			return fmt.Errorf("file %s of the knowledge base: %w", hash, err)
		}
	}
	return out.Close()
}

// addFile writes a file as it is: most are packed already.
func addFile(out *zip.Writer, hash string, at time.Time, open func(string) (io.ReadCloser, error)) error {
	from, err := open(hash)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := out.CreateHeader(&zip.FileHeader{Name: path.Join(filesName, hash), Method: zip.Store, Modified: at})
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return err
}

// Hashes are the files that a base names, in order.
func Hashes(base *articles.Base) []string {
	out := map[string]bool{}
	note := func(list []*event.Attachment) {
		for _, f := range list {
			if f.Blob != "" {
				out[f.Blob] = true
			}
		}
	}
	for _, a := range base.Sorted(articles.ByIdentifier) {
		for _, x := range a.Answers {
			note(x.Attachments)
		}
	}
	for _, s := range base.Slots() {
		note(s.Question.GetAttachments())
		note(s.Confirmation.GetAttachments())
	}
	return slices.Sorted(maps.Keys(out))
}

// An Archive is a zip that was read: its book, and those of its files that the
// book names. Their bytes are what their names say.
type Archive struct {
	Book  *Book
	files map[string]*zip.File // by hash
}

// ReadZip reads an archive of a size. Nothing in it is believed: names lead
// nowhere, sizes are counted as the bytes come, a file is the one of its hash or
// refused, and what the book does not name is not looked at. Files of more than
// largest bytes are refused.
func ReadZip(from io.ReaderAt, size, largest int64) (*Archive, error) {
	if size > LargestArchive {
		return nil, refusal.New(refusal.Invalid, "the archive is larger than %d bytes", LargestArchive)
	}
	meter := &metered{from: from, left: largestList}
	in, err := zip.NewReader(meter, size)
	switch {
	case meter.left < 0:
		return nil, refusal.New(refusal.Invalid, "the archive has too many entries")
	case err != nil:
		return nil, refusal.New(refusal.Invalid, "the file is not a zip archive")
	}
	meter.off = true
	entries := map[string]*zip.File{}
	for _, f := range in.File {
		if entries[f.Name] != nil {
			return nil, refusal.New(refusal.Invalid, "%q is in the archive twice", f.Name)
		}
		entries[f.Name] = f
	}
	a := &Archive{files: map[string]*zip.File{}}
	text, err := readBook(entries[bookName])
	if err == nil {
		a.Book, err = ReadJSON(text)
	}
	if err != nil {
		return nil, err
	}
	return a, a.take(entries, min(mostUnpacked, size*mostRatio), largest)
}

func readBook(f *zip.File) ([]byte, error) {
	if f == nil {
		return nil, refusal.New(refusal.Invalid, "the archive has no %s", bookName)
	}
	from, err := f.Open()
	if err != nil {
		return nil, broken(bookName, err)
	}
	defer from.Close()
	text, err := io.ReadAll(io.LimitReader(from, largestBook+1))
	switch {
	case err != nil:
		return nil, broken(bookName, err)
	case len(text) > largestBook:
		return nil, refusal.New(refusal.Invalid, "%s is larger than %d bytes", bookName, largestBook)
	}
	return text, nil
}

// take reads each file that the book names, and keeps in mind those that are
// here: all of them together have no more than budget bytes.
func (a *Archive) take(entries map[string]*zip.File, budget, largest int64) error {
	for hash := range a.Book.hashes() {
		name := path.Join(filesName, hash)
		f := entries[name]
		if f == nil || len(hash) != 2*sha256.Size {
			continue // the base may have it
		}
		if len(a.files) == mostFiles {
			return refusal.New(refusal.Invalid, "the archive has more than %d files", mostFiles)
		}
		n, err := proved(f, hash, min(budget, largest))
		budget -= n
		switch {
		case errors.Is(err, errLarge) && budget >= 0:
			return refusal.New(refusal.Invalid, "%s is larger than %d bytes", name, largest)
		case errors.Is(err, errLarge):
			return refusal.New(refusal.Invalid, "the files of the archive are larger than it may hold")
		case err != nil:
			return broken(name, err)
		}
		a.files[hash] = f
	}
	return nil
}

var (
	errLarge = errors.New("larger than it may be")
	errOther = errors.New("its bytes are not those of its name")
)

// proved reads at most limit bytes of a file and one more, and says how many it
// read.
func proved(f *zip.File, hash string, limit int64) (int64, error) {
	from, err := f.Open()
	if err != nil {
		return 0, err
	}
	defer from.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(from, limit+1))
	switch {
	case n > limit:
		return n, errLarge
	case err == nil && hex.EncodeToString(sum.Sum(nil)) != hash:
		err = errOther
	}
	return n, err
}

func broken(name string, err error) error {
	return refusal.New(refusal.Invalid, "%s of the archive is damaged: %s", name, err)
}

// hashes are the files that a book names, in its order, each once.
func (b *Book) hashes() func(func(string) bool) {
	return func(yield func(string) bool) {
		seen := map[string]bool{"": true}
		each := func(list []File) bool {
			for _, f := range list {
				if !seen[f.Blob] && !yield(f.Blob) {
					return false
				}
				seen[f.Blob] = true
			}
			return true
		}
		for _, s := range b.Slots {
			for _, p := range []*Prompt{s.Question, s.Confirmation} {
				if p != nil && !each(p.Files) {
					return
				}
			}
		}
		for _, a := range b.Articles {
			for _, n := range a.Answers {
				if !each(n.Files) {
					return
				}
			}
		}
	}
}

// Hashes are the files that the archive brings, in order.
func (a *Archive) Hashes() []string { return slices.Sorted(maps.Keys(a.files)) }

// Size returns how many bytes a file has that the archive brings.
func (a *Archive) Size(hash string) (size int64, ok bool) {
	f := a.files[hash]
	if f == nil {
		return 0, false
	}
	return int64(f.UncompressedSize64), true
}

// Open reads a file that the archive brings.
func (a *Archive) Open(hash string) (io.ReadCloser, error) {
	f := a.files[hash]
	if f == nil {
		return nil, refusal.New(refusal.NotFound, "the archive has no file %s", hash)
	}
	return f.Open()
}

// metered reads no more than is left, until it is off.
type metered struct {
	from io.ReaderAt
	left int64
	off  bool
}

func (m *metered) ReadAt(p []byte, at int64) (int, error) {
	if !m.off {
		if m.left -= int64(len(p)); m.left < 0 {
			return 0, errLarge
		}
	}
	return m.from.ReadAt(p, at)
}
