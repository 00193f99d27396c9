/*
Package problem is how crafttalkd says no over HTTP: problem details, RFC 9457.

A refusal is told to whoever asked, with the status that its kind stands for. A
fault is logged once, here, and the asker gets nothing but the number under
which it is found in the log.
*/
package problem

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"crafttalkd/actors/refusal"
)

// ContentType is the media type of problem details.
const ContentType = "application/problem+json"

// Details are the body of an answer that is a no.
type Details struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Kind   string `json:"kind"`            // of the refusal, or "fault"
	Field  string `json:"field,omitempty"` // of the request, if it is about one
	Fault  string `json:"fault,omitempty"` // its number in the log

	Places []Place `json:"places,omitempty"` // of a file that was refused
	More   int     `json:"more,omitempty"`   // how many there are after them
}

// A Place is where a file is wrong, and how.
type Place struct {
	Line   int    `json:"line"` // 0 is the file
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// A FileError is a refusal of a file for what is wrong in these places of it.
type FileError struct {
	Err    error // the refusal
	Places []Place
	More   int // how many there are after them
}

func (e *FileError) Error() string { return e.Err.Error() }
func (e *FileError) Unwrap() error { return e.Err }

// ErrTimeout is what is told when there was no answer in time. What was asked
// may be done or not.
var ErrTimeout = refusal.New(refusal.Busy, "there was no answer in time")

// ErrTooLarge is the answer to a body that is longer than is read.
var ErrTooLarge = refusal.New(refusal.Invalid, "the body is too large")

// Status returns the HTTP status that a kind of refusal stands for; 0 is a
// fault.
func Status(k refusal.Kind) int {
	switch k {
	case refusal.Invalid:
		return http.StatusUnprocessableEntity
	case refusal.Denied:
		return http.StatusForbidden
	case refusal.NotFound:
		return http.StatusNotFound
	case refusal.Conflict:
		return http.StatusConflict
	case refusal.Busy:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// Write answers r with err, under the status of its kind.
func Write(w http.ResponseWriter, r *http.Request, err error) {
	status := 0
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		status, err = http.StatusRequestEntityTooLarge, ErrTooLarge
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		err = ErrTimeout
	}
	WriteAs(w, r, cmp.Or(status, Status(refusal.KindOf(err))), err)
}

// WriteAs is Write with a status that the kind of err does not tell: 400 for
// what can't be read, 401, 405, 413, 415, 429.
func WriteAs(w http.ResponseWriter, r *http.Request, status int, err error) {
	d := Details{Type: "about:blank", Title: http.StatusText(status), Status: status}
	if e, ok := errors.AsType[*refusal.Error](err); ok {
		d.Detail, d.Kind, d.Field = e.Text, e.Kind.String(), e.Field
	} else {
		d.Detail, d.Kind, d.Fault = "something broke here; it was noted", "fault", rand.Text()[:12]
		logger(r.Context()).Error("request", "fault", d.Fault, "method", r.Method, "path", r.URL.Path, "err", err)
	}
	if e, ok := errors.AsType[*FileError](err); ok {
		d.Places, d.More = e.Places, e.More
	}
	if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
		if w.Header().Get("Retry-After") == "" {
			w.Header().Set("Retry-After", "1")
		}
	}
	body, err := json.Marshal(d)
	if err != nil {
		panic(err) // strings and a number
	}
	w.Header().Set("Content-Type", ContentType)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	w.Write(body) // whoever asked is gone if this fails
}

type logKey struct{}

// Logging makes the faults of h's requests go to log instead of the default.
func Logging(log *slog.Logger, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), logKey{}, log)))
	})
}

func logger(ctx context.Context) *slog.Logger {
	if log, ok := ctx.Value(logKey{}).(*slog.Logger); ok {
		return log
	}
	return slog.Default()
}
