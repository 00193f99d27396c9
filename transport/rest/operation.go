package rest

import (
	"cmp"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	"crafttalkd/transport/problem"
)

// An Operation is a call beside the API that its description tells of too.
// Somebody else serves it.
type Operation struct {
	Method, Path string // the path as the router has it
	Summary      string
	Outward      bool // others serve it, and are called by it; the path is only its name
	Key          Key
	Params       []Param
	Media        string // of the body; empty stands for JSON
	Body         any    // see [Answer]; nil for none
	Answers      []Answer
	Refusals     map[int]string // statuses that say no, and when
}

// A Param is a parameter of the query.
type Param struct {
	Name, Doc string
	Need      bool
}

// An Answer is a status that says yes. Of is a JSON Schema as a map, a protobuf
// message, or a value of the Go type that is answered; nil answers nothing.
type Answer struct {
	Status int
	Doc    string
	Media  string // empty stands for JSON
	Of     any
}

// A Key says with what a call beside the API is made.
type Key string

// The keys there are: a call without one is open.
const (
	NoKey      Key = ""
	AccountKey Key = "account"
	VisitorKey Key = "visitor"
)

// keySchemes describes them.
func keySchemes() schema {
	return schema{
		string(AccountKey): schema{"type": "http", "scheme": "bearer", "description": "one of the account's own keys, of a third party"},
		string(VisitorKey): schema{"type": "http", "scheme": "bearer", "description": "the visitor's token, which POST …/session makes"},
	}
}

// beside describes an operation.
func (s *schemas) beside(o Operation, refused schema) schema {
	said := "Open to anyone."
	op := schema{"summary": o.Summary, "operationId": operationID(&route{method: o.Method, path: o.Path})}
	if o.Key != NoKey {
		op["security"] = []schema{{string(o.Key): []string{}}}
		said = "Needs the key of the " + string(o.Key) + "."
	}
	op["description"] = said
	params := pathParams(o.Path)
	for _, p := range o.Params {
		params = append(params, schema{"name": p.Name, "in": "query", "required": p.Need, "description": p.Doc, "schema": schema{"type": "string"}})
	}
	op["parameters"] = params
	if o.Body != nil {
		op["requestBody"] = schema{"required": true, "content": content(cmp.Or(o.Media, "application/json"), s.like(o.Body))}
	}
	responses := schema{"default": schema{"description": "refused or failed", "content": content(problem.ContentType, refused)}}
	for status, doc := range o.Refusals {
		responses[strconv.Itoa(status)] = schema{"description": doc, "content": content(problem.ContentType, refused)}
	}
	for _, a := range o.Answers {
		one := schema{"description": cmp.Or(a.Doc, http.StatusText(a.Status))}
		if a.Of != nil {
			one["content"] = content(cmp.Or(a.Media, "application/json"), s.like(a.Of))
		}
		responses[strconv.Itoa(a.Status)] = one
	}
	op["responses"] = responses
	return op
}

// like returns the schema of a value, see [Answer].
func (s *schemas) like(of any) schema {
	switch of := of.(type) {
	case map[string]any:
		return of
	case proto.Message:
		return s.message(of.ProtoReflect().Descriptor())
	}
	t := reflect.TypeOf(of)
	if t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("no schema for %s", t))
	}
	return s.object(t, answered) // its name may be another package's too
}

func pathParams(path string) (params []schema) {
	for _, part := range strings.Split(path, "/") {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			params = append(params, schema{"name": name, "in": "path", "required": true, "schema": schema{"type": "string"}})
		}
	}
	return params
}
