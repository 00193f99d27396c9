package channeltest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
)

// A Calibration compares what an adapter sends with what a library for the same
// provider, which nobody here has written, sends for the same wishes.
type Calibration struct {
	// Library carries out all wishes at a provider. Below the address it is given
	// every wish has one of its own: base + "/" + wish.
	Library func(base string)
	// Open opens an account whose provider is at base.
	Open func(base string, client *http.Client) (channels.Channel, error)
	// Wishes are what is carried out, by name.
	Wishes map[string]func(channels.Channel) error
	// Accept plays the provider. The request's path is without the wish, and base
	// is where the wish has its address.
	Accept func(w http.ResponseWriter, r *http.Request, base string)
	// Path is our name for what the library calls by another; nil if there is none.
	Path func(path string) string
	// Differ says why a difference is well. A line is the name of one, as the
	// failure of the test tells it, where * stands for anything; all lines must be
	// needed.
	Differ map[string]string
}

// Wishes are what libraries are asked for as well, of those that are named: the
// scripts beside them have the same words. All are about message m1 to one
// address.
func Wishes(t *testing.T, address string, names ...string) map[string]func(channels.Channel) error {
	send := func(c *event.Content) func(channels.Channel) error {
		return func(ch channels.Channel) error {
			_, err := ch.Deliver(t.Context(), channels.Outbound{Address: address, ID: "m1", Key: "m1", Content: c,
				Open: func(context.Context, *event.Attachment) (io.ReadCloser, error) {
					return io.NopCloser(strings.NewReader("hello")), nil
				}})
			return err
		}
	}
	file := func(name, mime string) func(channels.Channel) error {
		return send(&event.Content{Attachments: []*event.Attachment{{Name: name, Mime: mime, Size: 5, Source: "https://files.example/" + name}}})
	}
	all := map[string]func(channels.Channel) error{
		"text":    send(&event.Content{Text: "Привет"}),
		"buttons": send(&event.Content{Text: "Куда?", Buttons: []*event.Button{{Caption: "Домой"}, {Caption: "В лавку"}}}),
		"phone":   send(&event.Content{Text: "Ваш номер?", Ask: event.Ask_ASK_PHONE}),
		"where":   send(&event.Content{Text: "Где вы?", Ask: event.Ask_ASK_LOCATION}),
		"picture": file("a.jpg", "image/jpeg"),
		"file":    file("a.pdf", "application/pdf"),
		"place":   send(&event.Content{Location: &event.Location{Latitude: 55.75, Longitude: 37.61}}),
		"typing":  func(ch channels.Channel) error { return ch.(channels.Typist).Typing(t.Context(), address) },
		"webhook": func(ch channels.Channel) error {
			return ch.(channels.Registrar).Register(t.Context(), "https://support.example/hook")
		},
		"probe": func(ch channels.Channel) error {
			_, err := ch.(channels.Prober).Probe(t.Context())
			return err
		},
	}
	maps.DeleteFunc(all, func(name string, _ func(channels.Channel) error) bool { return !slices.Contains(names, name) })
	return all
}

// Calibrate fails for every difference that is not explained, and for every
// explanation of what is no difference.
func Calibrate(t *testing.T, c Calibration) {
	t.Helper()
	theirs := record(t, c.Accept, c.Library)
	ours := record(t, c.Accept, func(base string) {
		for _, wish := range slices.Sorted(maps.Keys(c.Wishes)) {
			ch, err := c.Open(base+"/"+wish, http.DefaultClient)
			if err == nil {
				err = c.Wishes[wish](ch)
			}
			if err != nil {
				t.Errorf("%s: %v", wish, err)
			}
		}
	})
	for _, requests := range theirs {
		for i := range requests {
			if c.Path != nil {
				requests[i].to = c.Path(requests[i].to)
			}
		}
	}
	needed := map[string]bool{}
	for _, wish := range slices.Sorted(maps.Keys(c.Wishes)) {
		if len(theirs[wish]) == 0 || len(ours[wish]) == 0 {
			t.Errorf("%s: the library made %d requests and the adapter %d", wish, len(theirs[wish]), len(ours[wish]))
			continue
		}
		for _, d := range differences(ours[wish], theirs[wish]) {
			name := explained(c.Differ, d.name)
			if needed[name] = true; name == "" {
				t.Errorf("%s: %s\n   ours %s\n theirs %s", wish, d.name, d.ours, d.theirs)
			}
		}
		delete(theirs, wish)
	}
	for wish := range theirs {
		t.Errorf("%s: the library has a wish that the adapter has not", wish)
	}
	for name := range c.Differ {
		if !needed[name] {
			t.Errorf("%q is explained and is no difference", name)
		}
	}
}

// explained finds the line that a difference stands in.
func explained(differ map[string]string, name string) string {
	for line := range differ {
		before, after, any := strings.Cut(line, "*")
		if line == name || any && len(name) >= len(before)+len(after) && strings.HasPrefix(name, before) && strings.HasSuffix(name, after) {
			return line
		}
	}
	return ""
}

// A request is one that was recorded: what it is for, and its parts by name,
// each as JSON.
type request struct {
	to    string
	parts map[string]string
}

// record returns the requests that do makes, by wish.
func record(t *testing.T, accept func(http.ResponseWriter, *http.Request, string), do func(base string)) map[string][]request {
	t.Helper()
	var mu sync.Mutex
	all := map[string][]request{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		wish, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		r.URL.Path = "/" + rest
		one := request{r.Method + " " + r.URL.Path, map[string]string{}}
		if err = errors.Join(err, one.read(r, body)); err != nil {
			t.Errorf("%s: %v", r.URL, err)
		}
		mu.Lock()
		all[wish] = append(all[wish], one)
		mu.Unlock()
		accept(w, r, "http://"+r.Host+"/"+wish)
	}))
	defer s.Close()
	do(s.URL)
	mu.Lock()
	defer mu.Unlock()
	return all
}

// carried are headers that say how a request goes and not what it is.
var carried = []string{"Accept", "Accept-Encoding", "Accept-Language", "Connection", "Content-Length", "Content-Type", "Keep-Alive",
	"Sec-Fetch-Mode", "Transfer-Encoding", "User-Agent", "Priority"}

// read takes a request apart.
func (q request) read(r *http.Request, body []byte) error {
	for name := range r.Header {
		if !slices.Contains(carried, name) {
			q.parts["header "+name] = strconv.Quote(r.Header.Get(name))
		}
	}
	q.fields("query ", r.URL.Query())
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if len(body) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	q.parts["kind"] = strconv.Quote(kind)
	switch kind {
	case "application/json":
		return q.json("", body)
	case "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		q.fields("", form)
		return err
	case "multipart/form-data":
		form, err := multipart.NewReader(bytes.NewReader(body), params["boundary"]).ReadForm(1 << 20)
		if err != nil {
			return err
		}
		q.fields("", form.Value)
		for name, files := range form.File {
			q.parts["file "+name] = fmt.Sprintf("%q of %d bytes as %s", files[0].Filename, files[0].Size, files[0].Header.Get("Content-Type"))
		}
		return nil
	}
	return fmt.Errorf("a body of the kind %s", kind)
}

// fields takes a form apart. What is JSON in it counts as such: that is how
// providers read it.
func (q request) fields(prefix string, form url.Values) {
	for name, values := range form {
		if q.json(prefix+name, []byte(values[0])) != nil {
			q.parts[prefix+name] = strconv.Quote(values[0])
		}
	}
}

func (q request) json(name string, b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil || d.More() {
		return errors.Join(err, fmt.Errorf("%s is no JSON", name))
	}
	q.flat(name, v)
	return nil
}

func (q request) flat(name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, one := range v {
			q.flat(strings.TrimPrefix(name+"."+k, "."), one)
		}
	case []any:
		for i, one := range v {
			q.flat(fmt.Sprintf("%s[%d]", name, i), one)
		}
	case nil: // which is as good as not there
	default:
		b, _ := json.Marshal(v)
		q.parts[name] = string(b)
	}
}

// A difference has a name that tells what differs, and who has what.
type difference struct{ name, ours, theirs string }

// differences compares what was asked for one wish: requests for the same thing
// in their order, and part by part.
func differences(ours, theirs []request) (all []difference) {
	left := slices.Clone(theirs)
	for _, q := range ours {
		i := slices.IndexFunc(left, func(o request) bool { return o.to == q.to })
		if i < 0 {
			all = append(all, difference{"only ours: " + q.to, fmt.Sprint(q.parts), "-"})
			continue
		}
		all = append(all, q.differ(left[i])...)
		left = slices.Delete(left, i, i+1)
	}
	for _, q := range left {
		all = append(all, difference{"only theirs: " + q.to, "-", fmt.Sprint(q.parts)})
	}
	return all
}

func (q request) differ(o request) (all []difference) {
	names := slices.Collect(maps.Keys(q.parts))
	for name := range o.parts {
		if _, both := q.parts[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		ours, we := q.parts[name]
		theirs, they := o.parts[name]
		d := difference{q.to + " " + name, ours, theirs}
		switch {
		case we && they && ours == theirs:
			continue
		case !they:
			d.name = "only ours: " + d.name
		case !we:
			d.name = "only theirs: " + d.name
		}
		all = append(all, d)
	}
	return all
}
