// Package files hands kept files out: to operators over the API, and to
// visitors over the widget's edge.
package files

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"crafttalkd/actors/refusal"
	"crafttalkd/store/blob"
)

// Sniffed is how many bytes of a file tell its kind.
const Sniffed = 3 << 10

// harmless are the kinds of files that a page may show. Everything else is
// bytes to a browser.
var harmless = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, "application/pdf": true}

// programs are the kinds of files that run when they are opened. Nobody needs
// to send one to be understood, and an operator opens what customers send.
var programs = []string{"application/vnd.microsoft.portable-executable", "application/x-elf", "application/x-mach-binary",
	"application/x-ms-installer", "application/x-ms-shortcut", "application/java-archive", "application/vnd.android.package-archive"}

// Allowed refuses a kind of file that is not taken from customers, by its
// bytes and not by its name.
func Allowed(kind *mimetype.MIME) error {
	for ; kind != nil; kind = kind.Parent() {
		if slices.ContainsFunc(programs, kind.Is) {
			return refusal.New(refusal.Invalid, "the file is a program; programs are not taken")
		}
	}
	return nil
}

// Serve answers with a file that is for saving under a name: a browser runs
// nothing of it, whatever it holds. Ranges are served.
func Serve(w http.ResponseWriter, r *http.Request, f *blob.File, name string) error {
	media, err := kind(f)
	if err != nil {
		return err
	}
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

// kind is what a file is by its bytes.
func kind(f *blob.File) (string, error) {
	head := make([]byte, Sniffed)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return mimetype.Detect(head[:n]).String(), nil
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
