package rest

import (
	"net/http"

	"crafttalkd/transport/problem"
)

// Refuse answers for the edges beside the API, in the API's form.
func (s *Server) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	say := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, err) })
	problem.Logging(s.config.Log, say).ServeHTTP(w, r)
}
