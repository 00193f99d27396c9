package accounts

import (
	"net/http"
	"runtime/debug"
	"time"

	"crafttalkd/channels"
)

// bodyTime is how long a provider may take to send a body.
const bodyTime = 30 * time.Second

// Hook hands a call of a provider to the account's channel. Who calls an
// address that is nobody's is told nothing.
func (a *Accounts) Hook(w http.ResponseWriter, r *http.Request, kind, id string) {
	hook := a.hook(kind, id)
	if hook == nil {
		http.NotFound(w, r)
		return
	}
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime)) // where there is a socket
	s := &statused{ResponseWriter: w}
	defer func() {
		what := recover()
		if what == http.ErrAbortHandler {
			panic(what)
		}
		if what != nil {
			a.Log.Error("a webhook broke", "account", id, "kind", kind, "panic", what, "stack", string(debug.Stack()))
			if s.status == 0 {
				http.Error(s, "something broke", http.StatusInternalServerError)
			}
			s.status = http.StatusInternalServerError
		}
		if n := a.record(id).called(s.result(), a.Now()); n > 0 {
			a.Log.Warn("calls of a webhook were refused: their signature or secret is not the account's", "account", id, "calls", n, "from", r.RemoteAddr)
		}
	}()
	hook.ServeHTTP(s, r)
}

// hook is the webhook of an account that is switched on, or nil.
func (a *Accounts) hook(kind, id string) channels.Webhook {
	of := a.Directory.State().Account(id)
	k, known := a.Registry[kind]
	if of == nil || of.Kind != kind || of.Disabled || !known || k.Keyed {
		return nil
	}
	ch, err := a.opened(id, of)
	if err != nil {
		return nil // its condition tells why
	}
	hook, _ := ch.(channels.Webhook)
	return hook
}

// statused remembers the status of an answer.
type statused struct {
	http.ResponseWriter
	status int
}

func (s *statused) WriteHeader(status int) {
	if s.status == 0 {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

func (s *statused) Write(b []byte) (int, error) {
	s.status = s.result()
	return s.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (s *statused) Unwrap() http.ResponseWriter { return s.ResponseWriter }

func (s *statused) result() int {
	if s.status == 0 {
		return http.StatusOK
	}
	return s.status
}
