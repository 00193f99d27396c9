package api

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// compile makes a check of bodies of a shape, in the form that others read.
func compile(t *testing.T, shape map[string]any) func(body string) error {
	t.Helper()
	b, err := json.Marshal(shape)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("body.json", value); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("body.json")
	if err != nil {
		t.Fatal(err)
	}
	return func(body string) error {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
		if err == nil {
			err = s.Validate(v)
		}
		return err
	}
}

// bodies are more at the borders, whichever side they are on.
func bodies() []string {
	with := func(more string) string { return `{"id":"1","user":{"id":"u"},"text":"a",` + more + `}` }
	file := func(f string) string { return with(`"attachments":[{` + f + `}]`) }
	return []string{
		`{"id":null,"user":{"id":"u"},"text":"a"}`, `{"id":"","user":{"id":"u"},"text":"a"}`, `{"id":"1","user":null,"text":"a"}`,
		`{"id":"1","user":{},"text":"a"}`, `{"id":"1","user":{"id":""},"text":"a"}`, `{"id":"1","user":{"id":null},"text":"a"}`,
		`{"id":"1","user":{"id":"u"},"text":null}`, `{"id":"1","user":{"id":"u"},"text":""}`, `{"id":"1","user":{"id":"u"},"attachments":[]}`,
		`{"id":"1","user":{"id":"u"},"location":{}}`, `{"id":"1","user":{"id":"u"},"button":null,"location":null}`,
		with(`"button":{}`), with(`"button":{"caption":""}`), with(`"button":{"caption":"a","value":null}`), with(`"button":[]`),
		with(`"location":{"latitude":-90.1}`), with(`"location":{"longitude":180.5}`), with(`"location":{"latitude":null}`), with(`"location":{"height":1}`),
		with(`"order":0`), with(`"order":9223372036854775807`), with(`"order":"1"`), with(`"sent_at":""`), with(`"sent_at":"2030-01-02"`),
		with(`"sent_at":"2030-01-02T03:04:05Z"`), with(`"sent_at":"2030-13-02T03:04:05Z"`), with(`"sent_at":"2030-01-02T03:04:05.123456+03:00"`),
		with(`"link":""`), with(`"link":"` + strings.Repeat("l", maxID+1) + `"`), with(`"link":{}`),
		file(``), file(`"url":"","upload_id":""`), file(`"url":"","upload_id":"x"`), file(`"url":null,"upload_id":"x"`), file(`"url":"HTTPS://a.example/x"`),
		file(`"url":"https://"`), file(`"url":"https:///x"`), file(`"url":"ftp://a.example"`), file(`"url":"//a.example"`), file(`"url":"https://пример.рф/я"`),
		file(`"url":"https://a.example","size":0`), file(`"url":"https://a.example","size":1.5`), file(`"upload_id":"x","url":"javascript:1"`),
		file(`"url":"https://a.example/` + strings.Repeat("x", maxURL) + `"`), file(`"upload_id":"` + strings.Repeat("x", maxID+1) + `"`),
		file(`"upload_id":"x","name":"a\u0000"`), file(`"upload_id":"x","mime":5`), with(`"attachments":[null]`), with(`"attachments":null`),
		`{"id":"1","user":{"id":"u","phone":"` + strings.Repeat("1", 51) + `"},"text":"a"}`, `{"id":"1","user":{"id":"u","email":"` + strings.Repeat("e", 255) + `"},"text":"a"}`,
	}
}

// differ returns the bodies about which a shape and the decoder disagree.
func differ(t *testing.T, shape map[string]any) (out []string) {
	t.Helper()
	all := append(bodies(), taken()...)
	for _, c := range refusals() {
		all = append(all, c.body)
	}
	check := compile(t, shape)
	for _, body := range all {
		_, read := Inbound([]byte(body))
		if said := check(body); (said == nil) != (read == nil) {
			if len(body) > 120 {
				body = body[:120]
			}
			out = append(out, body)
			t.Logf("%s: the description says %v, the decoder %v", body, said, read)
		}
	}
	return out
}

// proves AP-04, AP-06: what is described is what is taken, and what is not
// described is refused.
func TestAP06_ShapeIsWhatIsTaken(t *testing.T) {
	for _, body := range differ(t, Shape()) {
		t.Errorf("the description and the decoder differ about %s", body)
	}
	for _, change := range []func(object){
		func(p object) { delete(p, "link") },
		func(p object) { p["text"].(object)["maxLength"] = maxText - 1 },
		func(p object) { p["attachments"].(object)["items"] = object{} },
		func(p object) { p["order"] = object{} },
		func(p object) { p["sent_at"] = object{"type": "string"} },
	} {
		wrong := Shape()
		change(wrong["properties"].(object))
		if len(differ(t, wrong)) == 0 {
			t.Error("another description passes")
		}
	}
}
