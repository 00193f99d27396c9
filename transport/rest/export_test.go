package rest

import "net/http"

// RegisterUnguarded puts a route without a rule on a router.
func RegisterUnguarded() {
	(&Server{}).register([]*route{{method: "GET", path: "/x", summary: "x", verb: does(func(*call) error { return nil })}})
}

// Summary counts surveys.
var Summary = summary

// Noted lets an answer through a writer that notes an act first, and says whether
// it tried to.
func Noted(w http.ResponseWriter, note func() error, answer func(http.ResponseWriter)) (tried bool, err error) {
	n := &noting{ResponseWriter: w, note: func() error {
		tried = true
		return note()
	}}
	answer(n)
	return tried, n.err
}
