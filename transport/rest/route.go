package rest

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/julienschmidt/httprouter"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/auth"
)

// A route is one row of the table: a call, who may make it, and what it does.
type route struct {
	method, path, summary string
	may                   rule
	verb                  verb
	params                []param
	act                   string // what the log of acts calls it; empty if a fact tells of it, or nothing is to be told

	shape *jsonschema.Schema // of what is asked; nil if nothing is
}

// A param is a parameter of the query, or a header if its place says so. It is
// optional unless need is set.
type param struct {
	name, doc string
	place     string
	need      bool
}

// ifMatch names the revision that a change was made from.
var ifMatch = []param{{name: "If-Match", place: "header", doc: "the ETag, or the revision, of what was read"}}

// ifNoneMatch names what the asker remembers.
var ifNoneMatch = []param{{name: "If-None-Match", place: "header", doc: "the ETag of what was read; 304 says that it is so still"}}

// A rule says who may make a call. The zero rule is none, and a route with it
// does not register.
type rule struct {
	open     bool     // to anyone
	signedIn bool     // to whoever has signed in
	roles    []string // to whoever has one of them
	person   bool     // and is no program
	// enrolling opens it to whoever must set up a second factor first too.
	enrolling bool
}

var (
	anyone   = rule{open: true}
	signedIn = rule{signedIn: true}
	// person is for what only somebody has who signs in: sessions, a workplace.
	person = rule{signedIn: true, person: true}
)

// may is the rule that one of the roles is needed.
func may(roles ...string) rule { return rule{roles: roles} }

func (r rule) given() bool { return r.open || r.signedIn || len(r.roles) > 0 }

func (r rule) String() string {
	switch {
	case r.person:
		r.person = false
		return r.String() + " Not for programs with a key."
	case r.open:
		return "Open to anyone."
	case r.signedIn:
		return "For anyone who has signed in."
	}
	return "Needs " + strings.Join(r.roles, " or ") + "."
}

// check refuses whom the rule does not let in.
func (r rule) check(a asker) error {
	u := a.user
	switch {
	case r.open:
		return nil
	case u == nil:
		return errSignIn
	case r.person && a.key != nil:
		return refusal.New(refusal.Denied, "this is for people who sign in, and not for programs")
	case a.session.Enrol && !r.enrolling:
		return errEnrol
	case r.signedIn, slices.ContainsFunc(r.roles, func(role string) bool { return auth.Can(u, role) }):
		return nil
	}
	return refusal.New(refusal.Denied, "this needs the permission %s", strings.Join(r.roles, " or "))
}

// A verb is what a route does, and the types it speaks: nil for nothing.
type verb struct {
	in, out reflect.Type
	line    reflect.Type // of the stream that is answered to who accepts lines
	media   string       // of what is answered, if not JSON
	tagged  bool         // 304 is an answer too
	serve   func(*call) error
}

// takes is a verb that is told something and answers.
func takes[In, Out any](f func(*call, In) (Out, error)) verb {
	return verb{in: reflect.TypeFor[In](), out: reflect.TypeFor[Out](), serve: func(c *call) error {
		var in In
		if err := c.read(&in); err != nil {
			return err
		}
		out, err := f(c, in)
		if err != nil {
			return err
		}
		return c.write(http.StatusOK, out)
	}}
}

// told is a verb that is told something and has nothing to answer.
func told[In any](f func(*call, In) error) verb {
	return verb{in: reflect.TypeFor[In](), serve: func(c *call) error {
		var in In
		if err := c.read(&in); err != nil {
			return err
		}
		if err := f(c, in); err != nil {
			return err
		}
		c.w.WriteHeader(http.StatusNoContent)
		return nil
	}}
}

// answers is a verb that is told nothing but the address.
func answers[Out any](f func(*call) (Out, error)) verb {
	return verb{out: reflect.TypeFor[Out](), serve: func(c *call) error {
		out, err := f(c)
		if err != nil {
			return err
		}
		return c.write(http.StatusOK, out)
	}}
}

// remembers is a verb that answers what askers keep: who has it already is
// told so, and nothing more.
func remembers[Out any](f func(*call) (Out, error)) verb {
	return verb{out: reflect.TypeFor[Out](), tagged: true, serve: func(c *call) error {
		out, err := f(c)
		if err != nil {
			return err
		}
		return c.writeTagged(out)
	}}
}

// does is a verb that is told nothing and answers nothing.
func does(f func(*call) error) verb {
	return verb{serve: func(c *call) error {
		if err := f(c); err != nil {
			return err
		}
		c.w.WriteHeader(http.StatusNoContent)
		return nil
	}}
}

// A call is one request on its way through a handler.
type call struct {
	*Server
	w      http.ResponseWriter
	r      *http.Request
	params httprouter.Params
	route  *route
	asker  asker
}

// id returns the parameter of the path that most routes have.
func (c *call) id() string { return c.params.ByName("id") }

// by is the author of what the call changes.
func (c *call) by() string { return c.asker.user.GetUserId() }

// directory is the organisation at this moment.
func (c *call) directory() directory.State { return c.config.System.Directory.State() }

// register puts the routes of the table on the router.
func (s *Server) register(routes []*route) {
	for _, rt := range routes {
		if !rt.may.given() {
			panic(fmt.Sprintf("%s %s does not say who may call it", rt.method, rt.path))
		}
		s.router.Handle(rt.method, rt.path, func(w http.ResponseWriter, r *http.Request, p httprouter.Params) {
			c := &call{Server: s, w: w, r: r, params: p, route: rt}
			if err := c.run(); err != nil {
				s.fail(w, r, err)
			}
		})
	}
}

// run does what the route does, for whom it may be done.
func (c *call) run() error {
	var err error
	if !c.route.may.open {
		if c.asker, err = c.recognise(c.r); err != nil {
			return err
		}
	}
	if err := c.guard(); err != nil {
		return err
	}
	if c.asker.user != nil {
		if err := c.slow(); err != nil {
			return err
		}
	}
	err = c.route.may.check(c.asker)
	if err == nil {
		err = c.serve()
	}
	if refusal.KindOf(err) == refusal.Denied {
		if lost := c.noteRefusal(); lost != nil {
			return lost
		}
	}
	return err
}

// serve does what the route does, and has it noted where no fact tells of it.
func (c *call) serve() error {
	if c.route.act != "" {
		return c.noted(c.route.act)
	}
	return c.route.verb.serve(c)
}
