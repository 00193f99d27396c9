package telegramtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// params are what a call says: JSON, a form, or a form with a file.
type params struct {
	values    map[string]any
	file      []byte
	fileName  string
	fileField string
}

// text is one of them as a form would hold it.
func (p params) text(name string) string {
	switch v := p.values[name].(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// value is one of them; in a form it is JSON in a text.
func (p params) value(name string) any {
	s, ok := p.values[name].(string)
	if !ok {
		return p.values[name]
	}
	var v any
	if json.Unmarshal([]byte(s), &v) != nil {
		return s
	}
	return v
}

func unpack(r *http.Request) (params, error) {
	p := params{values: map[string]any{}}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" {
		d := json.NewDecoder(r.Body)
		d.UseNumber()
		if err := d.Decode(&p.values); err != nil {
			return p, errors.New("can't parse request JSON object")
		}
		return p, nil
	}
	if strings.HasPrefix(kind, "multipart/") {
		if err := r.ParseMultipartForm(64 << 20); err != nil {
			return p, errors.New("can't parse the form")
		}
		for field, all := range r.MultipartForm.File {
			f, err := all[0].Open()
			if err != nil {
				return p, err
			}
			p.fileField, p.fileName = field, all[0].Filename
			if p.file, err = io.ReadAll(f); err != nil {
				return p, err
			}
		}
	} else if err := r.ParseForm(); err != nil {
		return p, errors.New("can't parse the form")
	}
	for name, all := range r.Form {
		p.values[name] = all[0]
	}
	return p, nil
}
