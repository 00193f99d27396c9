package main

import (
	_ "embed"
	"html/template"
	"io"
	"net/http"

	"crafttalkd/actors/refusal"
	"crafttalkd/transport/rest"
)

//go:embed setup.html
var setupHTML string

//go:embed setup.css
var setupCSS string

var setupTemplate = template.Must(template.New("setup").Parse(setupHTML))

// A setupView is what the page of the first start shows.
type setupView struct {
	Code, Login, First, Last string
	Error                    string
	Done                     bool
	Words                    setupWords
}

// setupPage shows the form of the one-time link.
func (n *node) setupPage(w http.ResponseWriter, r *http.Request) {
	if n.rest.IsSetUp() {
		n.rest.Refuse(w, r, refusal.New(refusal.NotFound, "the first administrator exists already"))
		return
	}
	n.showSetup(w, http.StatusOK, setupView{Code: r.URL.Query().Get("code"), Login: "admin", Words: setupWordsFor(r)})
}

// setupForm creates the first administrator.
func (n *node) setupForm(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	v := setupView{Code: r.PostFormValue("code"), Login: r.PostFormValue("login"), First: r.PostFormValue("first"), Last: r.PostFormValue("last"), Words: setupWordsFor(r)}
	err := n.firstUser(r, v, r.PostFormValue("password"))
	switch {
	case err == nil:
		n.enter(w, r, v)
	case refusal.KindOf(err) != 0:
		v.Error = v.Words.why(err)
		n.showSetup(w, http.StatusUnprocessableEntity, v)
	default:
		n.rest.Refuse(w, r, err)
	}
}

// enter leads the new administrator into the workspace, signed in.
func (n *node) enter(w http.ResponseWriter, r *http.Request, v setupView) {
	if err := n.rest.SignIn(w, r, v.Login, r.PostFormValue("password")); err != nil {
		n.log.Warn("sign in after the setup", "err", err)
		v.Done = true
		n.showSetup(w, http.StatusOK, v)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

var errElsewhere = refusal.New(refusal.Denied, "the form must be sent from this server's own page")

func (n *node) firstUser(r *http.Request, v setupView, password string) error {
	if o := r.Header.Get("Origin"); o != "" && !sameOrigin(r, o) {
		return errElsewhere
	}
	return n.rest.SetUp(r.Context(), rest.FirstUser{Code: v.Code, Login: v.Login, Password: password, FirstName: v.First, LastName: v.Last})
}

func (n *node) showSetup(w http.ResponseWriter, status int, v setupView) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin") // with no-referrer a browser sends the form with the origin "null"
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	w.WriteHeader(status)
	if err := setupTemplate.Execute(w, v); err != nil {
		n.log.Debug("setup page", "err", err)
	}
}

// setupStyle serves the page's style sheet.
func (n *node) setupStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	io.WriteString(w, setupCSS)
}
