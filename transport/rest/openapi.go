package rest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"crafttalkd/transport/problem"
)

// descriptionURL is what the description calls itself. Nothing is fetched.
const descriptionURL = "https://crafttalkd.invalid/api/openapi.json"

// describe makes the OpenAPI description of the routes and of what is beside
// them, and gives each route the shape of what it is asked.
func describe(routes []*route, beside []Operation, version string) ([]byte, error) {
	s := newSchemas()
	paths, outward := map[string]map[string]any{}, map[string]any{}
	refused := s.of(reflect.TypeFor[problem.Details](), answered)
	put := func(method, path string, op schema) {
		path = openPath(path)
		if paths[path] == nil {
			paths[path] = map[string]any{}
		}
		paths[path][strings.ToLower(method)] = op
	}
	for _, rt := range routes {
		put(rt.method, rt.path, s.operation(rt, refused))
	}
	for _, o := range beside {
		if o.Outward {
			outward[o.Path] = schema{strings.ToLower(o.Method): s.beside(o, refused)}
			continue
		}
		put(o.Method, o.Path, s.beside(o, refused))
	}
	schemes := keySchemes()
	schemes["cookie"] = schema{"type": "apiKey", "in": "cookie", "name": cookieName}
	schemes["bearer"] = schema{"type": "http", "scheme": "bearer", "description": "the token of a session"}
	schemes["key"] = schema{"type": "http", "scheme": "bearer", "description": "the secret of a key, of a program: /api/v1/keys"}
	doc, err := json.Marshal(schema{
		"openapi": "3.1.1",
		"info": schema{"title": "crafttalkd", "version": version, "description": "Every answer that is not a success is a problem of RFC 9457. " +
			"A change of a directory entry names the revision it was made from, in If-Match or in the field revision."},
		"paths":    paths,
		"webhooks": outward,
		"components": schema{
			"schemas":         s.named,
			"securitySchemes": schemes,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("describe the API: %w", err)
	}
	return doc, shapes(doc, routes)
}

func (s *schemas) operation(rt *route, refused schema) schema {
	op := schema{"summary": rt.summary, "description": rt.may.String(), "operationId": operationID(rt)}
	params := pathParams(rt.path)
	for _, p := range rt.params {
		params = append(params, schema{"name": p.name, "in": cmp.Or(p.place, "query"), "required": p.need, "description": p.doc, "schema": schema{"type": "string"}})
	}
	if params != nil {
		op["parameters"] = params
	}
	if rt.verb.in != nil {
		op["requestBody"] = schema{"required": true, "content": content("application/json", s.of(rt.verb.in, asked))}
	}
	if !rt.may.open {
		op["security"] = []schema{{"cookie": []string{}}, {"bearer": []string{}}}
	}
	if !rt.may.open && !rt.may.person {
		op["security"] = append(op["security"].([]schema), schema{"key": []string{}})
	}
	op["responses"] = schema{
		"default": schema{"description": "refused or failed", "content": content(problem.ContentType, refused)},
	}
	if rt.verb.tagged {
		op["responses"].(schema)["304"] = schema{"description": "it is as the asker remembers it"}
	}
	s.success(rt.verb, op["responses"].(schema))
	return op
}

func (s *schemas) success(v verb, responses schema) {
	switch {
	case v.out != nil:
		as := content("application/json", s.of(v.out, answered))
		if v.line != nil {
			as[ndjson] = schema{"schema": s.of(v.line, answered)}
		}
		responses["200"] = schema{"description": "done", "content": as}
	case v.media != "":
		responses["200"] = schema{"description": "done", "content": content(v.media, schema{})}
	default:
		responses["204"] = schema{"description": "done"}
	}
}

func content(media string, s schema) schema { return schema{media: schema{"schema": s}} }

// openPath writes a path of the router as OpenAPI does: {id} for :id.
func openPath(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if name, ok := strings.CutPrefix(p, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

func operationID(rt *route) string {
	return strings.ToLower(rt.method) + strings.NewReplacer("/api/v1", "", "/", "_", ":", "by_", ".", "_").Replace(rt.path)
}

// shapes compiles what each route is asked.
func shapes(doc []byte, routes []*route) error {
	c := jsonschema.NewCompiler()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
	if err != nil {
		return err
	}
	if err := c.AddResource(descriptionURL, value); err != nil {
		return err
	}
	for _, rt := range routes {
		if rt.verb.in == nil {
			continue
		}
		at := descriptionURL + "#/paths/" + pointer(openPath(rt.path)) + "/" + strings.ToLower(rt.method) +
			"/requestBody/content/application~1json/schema"
		if rt.shape, err = c.Compile(at); err != nil {
			return fmt.Errorf("shape of %s %s: %w", rt.method, rt.path, err)
		}
	}
	return nil
}

// pointer escapes a name for a JSON pointer in a URL.
func pointer(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(name)
}

// openAPI serves the description.
func (c *call) openAPI() error {
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(http.StatusOK)
	c.w.Write(c.description)
	return nil
}
