// Package files hands kept files out: to operators over the API, and to
// visitors over the widget's edge.
package files

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"crafttalkd/store/blob"
)

// sniffed is how much of a file tells its kind.
const sniffed = 3072

// harmless are the kinds of files that a page may show. Everything else is
// bytes to a browser.
var harmless = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, "application/pdf": true}

// Serve answers with a file that is for saving under a name: a browser runs
// nothing of it, whatever it holds. Ranges are served.
func Serve(w http.ResponseWriter, r *http.Request, f *blob.File, name string) error {
	head := make([]byte, sniffed)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	media := mimetype.Detect(head[:n]).String()
	if !harmless[media] {
		media = "application/octet-stream"
	}
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", disposition(name))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-store")
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// disposition says to save a file under a name. A name that can't be written
// is left to the browser.
func disposition(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '/' || r == '\\' || r == utf8.RuneError {
			return -1
		}
		return r
	}, name)
	if d := mime.FormatMediaType("attachment", map[string]string{"filename": name}); name != "" && d != "" {
		return d
	}
	return "attachment"
}
