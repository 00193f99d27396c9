package main

import (
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/julienschmidt/httprouter"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"crafttalkd/transport/rest"
)

// schemaOf compiles a part of a description.
func schemaOf(t *testing.T, description, at string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(description))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("api.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("api.json#/paths/" + strings.NewReplacer("/", "~1", "{", "%7B", "}", "%7D").Replace(at) +
		"/post/requestBody/content/application~1json/schema")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// proves AP-06: every call beside the API that is described is served, with the
// key that is described, and what it is told stands in the one description.
func TestAP06_DescribedBesideIsServed(t *testing.T) {
	n, err := openNode(config{data: t.TempDir()}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer n.close()
	w := httptest.NewRecorder()
	n.handler.ServeHTTP(w, httptest.NewRequest("GET", "/api/openapi.json", nil))
	description := w.Body.String()
	var doc struct {
		Paths map[string]map[string]struct {
			Security []map[string][]string
		}
		Webhooks   map[string]map[string]any
		Components struct{ SecuritySchemes map[string]any }
	}
	if err := json.Unmarshal([]byte(description), &doc); err != nil {
		t.Fatal(err)
	}
	served := func(o rest.Operation) bool {
		leads, _, _ := n.handler.(*httprouter.Router).Lookup(o.Method, strings.ReplaceAll(o.Path, ":", "x"))
		return leads != nil
	}
	for _, o := range beside() {
		if o.Outward {
			if doc.Webhooks[o.Path][strings.ToLower(o.Method)] == nil {
				t.Errorf("%s is not described", o.Path)
			}
			continue
		}
		path := o.Path
		for _, name := range []string{"account", "customer", "hash", "kind", "token"} {
			path = strings.ReplaceAll(path, ":"+name, "{"+name+"}")
		}
		op, there := doc.Paths[path][strings.ToLower(o.Method)]
		if !there || !served(o) {
			t.Errorf("%s %s: described %v, served %v", o.Method, path, there, served(o))
		}
		if o.Key == rest.NoKey {
			continue
		}
		if len(op.Security) != 1 || op.Security[0][string(o.Key)] == nil || doc.Components.SecuritySchemes[string(o.Key)] == nil {
			t.Errorf("%s %s needs %v, want the key of the %s", o.Method, path, op.Security, o.Key)
		}
	}
	if served(rest.Operation{Method: "POST", Path: "/channel/v1/:account/nothing"}) {
		t.Error("whatever is described passes for served")
	}
	for at, bodies := range map[string]map[string]bool{
		"/channel/v1/{account}/messages": {`{"id":"1","user":{"id":"u"},"text":"a"}`: true, `{"id":"1","user":{"id":"u"}}`: false},
		"/widget/v1/{account}/messages":  {`{"message_id":"1","content":{"text":"a"},"order":"1"}`: true, `{"words":"a"}`: false},
	} {
		s := schemaOf(t, description, at)
		for body, want := range bodies {
			v, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Validate(v); (err == nil) != want {
				t.Errorf("%s is told %s: %v, want it taken: %v", at, body, err, want)
			}
		}
	}
}
