package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"crafttalkd/actors/knowledge"
)

// ReadJSON reads a book that is written in JSON:
//
//	{"version": 1, "types": […], "slots": […], "articles": […]}
func ReadJSON(text []byte) (*Book, error) {
	r := &jsonReader{text: text, at: 1, decoder: json.NewDecoder(bytes.NewReader(text)), faults: &knowledge.Faults{}, book: &Book{}}
	if err := r.read(); err != nil {
		r.faults.Add(r.line(r.where(err)), "", reason(err))
	}
	return r.book, r.faults.Err()
}

type jsonReader struct {
	text    []byte
	decoder *json.Decoder
	faults  *knowledge.Faults
	book    *Book

	counted int64 // bytes whose lines are known
	at      int   // the line there
}

// line returns the line that an offset is in. Offsets only rise.
func (r *jsonReader) line(offset int64) int {
	if offset > r.counted {
		r.at += bytes.Count(r.text[r.counted:offset], []byte{'\n'})
		r.counted = offset
	}
	return r.at
}

// where returns the offset that an error of the decoder is at.
func (r *jsonReader) where(err error) int64 {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return int64(len(r.text))
	}
	at := r.decoder.InputOffset()
	if wrong, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = max(at, wrong.Offset)
	}
	return min(at, int64(len(r.text)))
}

func (r *jsonReader) read() error {
	if err := r.expect('{'); err != nil {
		return err
	}
	for r.decoder.More() {
		key, err := r.decoder.Token()
		if err != nil {
			return err
		}
		if err := r.part(key); err != nil {
			return err
		}
	}
	if err := r.expect('}'); err != nil {
		return err
	}
	if r.decoder.More() {
		return errors.New("something follows after the end")
	}
	return nil
}

func (r *jsonReader) part(key json.Token) error {
	switch key {
	case "version":
		var version int
		if err := r.decoder.Decode(&version); err != nil || version != 1 {
			return errors.New("the version of the file is 1")
		}
		return nil
	case "types":
		return each(r, func(t Type, line int) { t.line = line; r.book.Types = append(r.book.Types, t) })
	case "slots":
		return each(r, func(s Slot, line int) { s.line = line; r.book.Slots = append(r.book.Slots, s) })
	case "articles":
		return each(r, func(a Article, line int) {
			a.line = line
			for i := range a.Answers {
				a.Answers[i].line = line
			}
			r.book.Articles = append(r.book.Articles, a)
		})
	}
	return fmt.Errorf("there is nothing called %q", key)
}

func (r *jsonReader) expect(d json.Delim) error {
	t, err := r.decoder.Token()
	if err == nil && t != d {
		err = fmt.Errorf("%s is expected", d)
	}
	return err
}

// each reads the entries of a list. One that is wrong is noted, and the next is
// read.
func each[V any](r *jsonReader, take func(V, int)) error {
	if err := r.expect('['); err != nil {
		return err
	}
	for r.decoder.More() {
		var raw json.RawMessage
		if err := r.decoder.Decode(&raw); err != nil {
			return err
		}
		line := r.line(r.decoder.InputOffset() - int64(len(raw)))
		var v V
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(&v); err != nil {
			r.faults.Add(line, fieldOf(err), reason(err))
			continue
		}
		take(v, line)
	}
	return r.expect(']')
}

// fieldOf is the field that an error of the decoder is about.
func fieldOf(err error) string {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return wrong.Field
	}
	if _, name, ok := strings.Cut(err.Error(), "unknown field "); ok {
		return strings.Trim(name, `"`)
	}
	return ""
}

// reason says an error of the decoder as people do.
func reason(err error) string {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("a %s does not fit here", wrong.Value)
	}
	if strings.Contains(err.Error(), "unknown field ") {
		return "there is no such field"
	}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "the file is not JSON"
	}
	return err.Error()
}
