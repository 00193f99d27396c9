package call

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
)

// A Body is what a request carries. The zero Body is none.
type Body struct {
	kind string
	raw  []byte
	err  error
	// of a request with a file
	fields map[string]string
	file   File
}

// A File goes up with a request. It is read while it is sent and never in
// memory whole.
type File struct {
	Field string // of the form
	Name  string
	Mime  string
	Size  int64
	Open  func(context.Context) (io.ReadCloser, error)
}

// JSON is a body of one JSON value.
func JSON(v any) Body {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return Body{kind: "application/json", raw: bytes.TrimSuffix(b.Bytes(), []byte("\n")), err: err}
}

// Form is a body of fields.
func Form(v url.Values) Body {
	return Body{kind: "application/x-www-form-urlencoded", raw: []byte(v.Encode())}
}

// Raw is a body of the caller's own.
func Raw(kind string, b []byte) Body { return Body{kind: kind, raw: b} }

// Upload is a body of fields and a file, as multipart/form-data.
func Upload(fields map[string]string, f File) Body { return Body{fields: fields, file: f} }

// request makes the request that carries b.
func (b Body) request(ctx context.Context, method, address string) (*http.Request, error) {
	if b.err != nil {
		return nil, fmt.Errorf("encode the request: %w", b.err)
	}
	if b.file.Open != nil {
		return b.upload(ctx, method, address)
	}
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(b.raw))
	if err == nil && b.kind != "" {
		r.Header.Set("Content-Type", b.kind)
	}
	return r, err
}

// upload frames the file between the bytes before and after it, so that the
// length is known and nothing is copied.
func (b Body) upload(ctx context.Context, method, address string) (*http.Request, error) {
	var head bytes.Buffer
	w := multipart.NewWriter(&head)
	for _, name := range slices.Sorted(maps.Keys(b.fields)) {
		if err := w.WriteField(name, b.fields[name]); err != nil {
			return nil, err
		}
	}
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", fmt.Sprintf(`form-data; name="%s"; filename="%s"`, quoted(b.file.Field), quoted(b.file.Name)))
	h.Set("Content-Type", b.file.Mime)
	if b.file.Mime == "" {
		h.Set("Content-Type", "application/octet-stream")
	}
	if _, err := w.CreatePart(h); err != nil {
		return nil, err
	}
	tail := []byte("\r\n--" + w.Boundary() + "--\r\n")
	file, err := b.file.Open(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the file: %w", err)
	}
	body := struct {
		io.Reader
		io.Closer
	}{io.MultiReader(&head, file, bytes.NewReader(tail)), file}
	length := int64(head.Len()) + b.file.Size + int64(len(tail))
	r, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		file.Close()
		return nil, err
	}
	r.ContentLength = length
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r, nil
}

// quoted is s as a parameter between quotation marks can hold it.
func quoted(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "", "\n", "").Replace(s)
}
