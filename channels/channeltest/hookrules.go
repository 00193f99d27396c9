package channeltest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing/synctest"
	"unicode/utf8"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// A hookRule is one thing that is true of every webhook.
type hookRule struct {
	name  string
	holds func(Hook) error
}

var hookRules = []hookRule{
	{"a genuine call is taken", genuine},
	{"a call that is not genuine is refused", forged},
	{"the answer waits until all is kept", waits},
	{"the same call twice brings the same", twice},
	{"a batch with a bad element keeps the others", batch},
	{"an unknown kind is answered well", unknown},
	{"what is missing or of another type loses no message", tolerant},
	{"large ids keep every digit", ids},
	{"text is kept as far as it can be", oddTexts},
	{"a large body is taken, and a larger one refused", large},
	{"a body that is no JSON brings nothing", nonsense},
	{"what can't be kept now is asked for again", again},
	{"what can never be kept is strange", never},
	{"what was kept is read again", rereads},
	{"what is still strange when it is read again is told", stillStrange},
}

// fresh is a new desk and the body of text.json.
func (h Hook) fresh() (*desk, []byte, error) {
	d, err := h.desk()
	if err != nil {
		return nil, nil, err
	}
	body, err := h.recorded("text")
	return d, body, err
}

func good(status int) bool { return status/100 == 2 }

// repeats tells whether a provider calls again after an answer of the status.
func repeats(status int) bool { return status/100 == 5 || status == http.StatusTooManyRequests }

func genuine(h Hook) error {
	d, body, err := h.fresh()
	if err != nil {
		return err
	}
	if status := d.call(body); !good(status) || !d.says(h.Text) {
		return fmt.Errorf("text.json was answered with %d and brought\n%s", status, d.told())
	}
	if m := d.events[0].(channels.Inbound); h.Address != "" && m.Address != h.Address {
		return fmt.Errorf("text.json is from %q, want %q", m.Address, h.Address)
	}
	return nil
}

func forged(h Hook) error {
	d, body, err := h.fresh()
	if err != nil {
		return err
	}
	all := maps.Clone(h.Forged)
	if all == nil {
		all = map[string]func(*http.Request, []byte) []byte{}
	}
	bare := d.genuine(body).Header
	bare.Del("Content-Type")
	for name := range bare {
		all[name+" missing"] = func(r *http.Request, b []byte) []byte { r.Header.Del(name); return b }
		all[name+" empty"] = func(r *http.Request, b []byte) []byte { r.Header.Set(name, ""); return b }
		all[name+" wrong"] = func(r *http.Request, b []byte) []byte { r.Header.Set(name, wrong(r.Header.Get(name))); return b }
		all[name+" cut"] = func(r *http.Request, b []byte) []byte {
			v := r.Header.Get(name)
			r.Header.Set(name, v[:len(v)-1])
			return b
		}
	}
	if h.Signed {
		all["another body"] = func(_ *http.Request, b []byte) []byte { return append(bytes.Clone(b), ' ') }
	}
	if len(all) == 0 {
		return errors.New("nothing makes a call genuine")
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		r := d.genuine(body)
		b := all[name](r, body)
		x := d.genuine(b)
		x.Header = r.Header
		if status := d.serve(x); status != http.StatusUnauthorized && status != http.StatusForbidden {
			return fmt.Errorf("%s: the answer is %d, want 401 or 403", name, status)
		}
		if told := d.told(); told != "" {
			return fmt.Errorf("%s: the call brought\n%s", name, told)
		}
	}
	return nil
}

// wrong is s with its last letter or digit changed.
func wrong(s string) string {
	for i := len(s) - 2; i >= 0; i-- { // the last may hold no bits that count
		if c := s[i]; c >= '0' && c <= '9' || c >= 'a' && c <= 'f' {
			return s[:i] + string('0'+(c+1)%10) + s[i+1:]
		}
	}
	return s + "0"
}

func waits(h Hook) error {
	d, body, err := h.fresh()
	if err != nil {
		return err
	}
	d.gate = make(chan struct{})
	answered := make(chan int, 1)
	go func() { answered <- d.call(body) }()
	synctest.Wait()
	select {
	case status := <-answered:
		close(d.gate)
		return fmt.Errorf("the answer %d came before the message was kept", status)
	default:
	}
	close(d.gate)
	if status := <-answered; !good(status) {
		return fmt.Errorf("the answer is %d", status)
	}
	return nil
}

func twice(h Hook) error {
	d, body, err := h.fresh()
	if err != nil {
		return err
	}
	d.call(body)
	want := d.told()
	for range 3 {
		d.forget()
		if status := d.call(body); !good(status) || d.told() != want {
			return fmt.Errorf("the same call again was answered with %d and brought\n%s, want\n%s", status, d.told(), want)
		}
	}
	d.forget()
	statuses := make(chan int)
	for range 20 {
		go func() { statuses <- d.call(body) }()
	}
	for range 20 {
		if status := <-statuses; !good(status) {
			return fmt.Errorf("one of twenty calls at once was answered with %d", status)
		}
	}
	if told := d.told(); told != strings.Repeat(want, len(told)/max(len(want), 1)) {
		return fmt.Errorf("twenty calls at once brought\n%s, want no other than\n%s", told, want)
	}
	return nil
}

func batch(h Hook) error {
	body, err := h.recorded("batch")
	if err != nil {
		return nil // the provider brings one at a time
	}
	d, err := h.desk()
	if err != nil {
		return err
	}
	if status := d.call(body); !good(status) || len(d.events) < 2 || len(d.strange) == 0 {
		return fmt.Errorf("batch.json was answered with %d and brought\n%s, want two events and something strange", status, d.told())
	}
	return nil
}

func unknown(h Hook) error {
	d, err := h.desk()
	if err != nil {
		return err
	}
	body, err := h.recorded("unknown")
	if err != nil {
		return err
	}
	if status := d.call(body); !good(status) || len(d.events) > 0 || len(d.strange) != 1 {
		return fmt.Errorf("unknown.json was answered with %d and brought\n%s, want one strange update", status, d.told())
	}
	return nil
}

func tolerant(h Hook) error {
	_, body, err := h.fresh()
	if err != nil {
		return err
	}
	changes, err := mutations(body)
	if err != nil {
		return err
	}
	for _, m := range changes {
		d, err := h.desk()
		if err != nil {
			return err
		}
		status := d.call(m.body)
		synctest.Wait()
		kept := d.says(h.Text)
		strange := slices.ContainsFunc(d.strange, func(o oddity) bool { return o.carries })
		needed := under(m.path, h.Needed) || strings.Contains(m.was, h.Text)
		switch {
		case !good(status) && !under(m.path, h.Unmoved):
			return fmt.Errorf("with %s the answer is %d", m, status)
		case !kept && !needed && !under(m.path, h.Unmoved):
			return fmt.Errorf("with %s the message is lost:\n%s", m, d.told())
		case !kept && !strange && bytes.Contains(m.body, []byte(h.Text)) && !under(m.path, h.Unmoved) && len(d.events) == 0:
			return fmt.Errorf("with %s the message is lost, and not even strange:\n%s", m, d.told())
		}
	}
	return nil
}

// under tells whether a place is one of all, or below or above one.
func under(path string, all []string) bool {
	return slices.ContainsFunc(all, func(p string) bool {
		return path == p || strings.HasPrefix(path, p+".") || strings.HasPrefix(p, path+".")
	})
}

func ids(h Hook) error {
	const big = "9007199254740993"
	_, body, err := h.fresh()
	if err != nil {
		return err
	}
	if h.Address == "" {
		return errors.New("the fixture does not say who wrote text.json")
	}
	was := []byte(h.Address)
	forms := [][]byte{[]byte(big)}
	if bytes.Contains(body, []byte(`"`+h.Address+`"`)) {
		was = []byte(`"` + h.Address + `"`)
		forms = [][]byte{[]byte(`"` + big + `"`)}
	} else {
		forms = append(forms, []byte(`"`+big+`"`))
	}
	for _, form := range forms {
		d, err := h.desk()
		if err != nil {
			return err
		}
		d.call(bytes.ReplaceAll(body, was, form))
		if !d.says(h.Text) || !strings.Contains(d.events[0].(channels.Inbound).Address, big) {
			return fmt.Errorf("with the id %s the call brought\n%s", form, d.told())
		}
	}
	return nil
}

func oddTexts(h Hook) error {
	_, body, err := h.fresh()
	if err != nil {
		return err
	}
	for _, c := range []struct{ written, visible string }{
		{`a\u0000b`, "ab"}, {`a\ud800b`, "ab"}, {`a\udc00b`, "ab"}, {`שלום \u202bعالم\u202c`, "שלום \u202bعالم\u202c"},
		{`👩‍👩‍👧 \ud83d\ude00`, "👩‍👩‍👧 😀"}, {`<b>&amp;\"\\`, `<b>&amp;"\`}, {`a\r\nb`, "a\nb"}, {"a\xffb", "ab"},
	} {
		d, err := h.desk()
		if err != nil {
			return err
		}
		if status := d.call(bytes.ReplaceAll(body, []byte(h.Text), []byte(c.written))); !good(status) {
			return fmt.Errorf("the text %s was answered with %d", c.written, status)
		}
		if len(d.events) != 1 {
			return fmt.Errorf("the text %s brought\n%s", c.written, d.told())
		}
		got := d.events[0].(channels.Inbound).Content.Text
		if !utf8.ValidString(got) || strings.Contains(got, "\x00") || visible(got) != visible(c.visible) {
			return fmt.Errorf("the text %s became %q", c.written, got)
		}
	}
	return nil
}

func large(h Hook) error {
	d, body, err := h.fresh()
	if err != nil {
		return err
	}
	full := append(bytes.Clone(body), bytes.Repeat([]byte(" "), h.Most-len(body))...)
	if status := d.call(full); !good(status) || !d.says(h.Text) {
		return fmt.Errorf("a body of %d bytes was answered with %d", len(full), status)
	}
	d.forget()
	if status := d.call(append(full, ' ')); status/100 != 4 || d.told() != "" {
		return fmt.Errorf("a body of %d bytes was answered with %d and brought\n%s", len(full)+1, status, d.told())
	}
	return nil
}

func nonsense(h Hook) error {
	for _, body := range []string{"", "null", "[]", `"x"`, "{", "7", `{"`, "\x00", "<xml/>", strings.Repeat("[", 100_000)} {
		d, err := h.desk()
		if err != nil {
			return err
		}
		if status := d.call([]byte(body)); status >= 500 {
			return fmt.Errorf("the body %.20q was answered with %d: it will come again for ever", body, status)
		}
		if len(d.events) > 0 {
			return fmt.Errorf("the body %.20q brought\n%s", body, d.told())
		}
	}
	return nil
}

func again(h Hook) error {
	for _, fault := range []error{refusal.New(refusal.Busy, "too much at once"), errors.New("the disk is full")} {
		d, body, err := h.fresh()
		if err != nil {
			return err
		}
		d.sink = fault
		if status := d.call(body); !repeats(status) {
			return fmt.Errorf("when the sink says %q the answer is %d, want one after which the provider calls again", fault, status)
		}
		d.sink = nil
		if status := d.call(body); !good(status) || !d.says(h.Text) {
			return fmt.Errorf("after %q the same call was answered with %d and brought\n%s", fault, status, d.told())
		}
	}
	for _, fault := range []error{refusal.New(refusal.Denied, "switched off"), refusal.New(refusal.NotFound, "no such account")} {
		d, body, err := h.fresh()
		if err != nil {
			return err
		}
		d.sink = fault
		if status := d.call(body); good(status) {
			return fmt.Errorf("when the channel is %q the answer is %d", fault, status)
		}
	}
	return nil
}

func never(h Hook) error {
	d, body, err := h.fresh()
	if err != nil {
		return err
	}
	d.sink = refusal.Of("text", "the text is too long")
	if status := d.call(body); !good(status) || len(d.strange) != 1 || !d.strange[0].carries {
		return fmt.Errorf("a message that can't be kept was answered with %d and brought\n%s, want it to be strange", status, d.told())
	}
	if !strings.Contains(d.strange[0].raw, h.Text) {
		return fmt.Errorf("what is strange is kept as %q, without its text", d.strange[0].raw)
	}
	d.odd = errors.New("the disk is full")
	if status := d.call(body); !repeats(status) {
		return fmt.Errorf("when what is strange can't be kept the answer is %d, want one after which the provider calls again", status)
	}
	return nil
}

// rereader is a new desk with its channel, which reads again.
func (h Hook) rereader() (*desk, channels.Rereader, error) {
	d, err := h.desk()
	if err != nil {
		return nil, nil, err
	}
	r, ok := d.channel.(channels.Rereader)
	if !ok {
		return nil, nil, errors.New("the channel reads nothing again")
	}
	return d, r, nil
}

func rereads(h Hook) error {
	d, r, err := h.rereader()
	if err != nil {
		return err
	}
	body, err := h.recorded("text")
	if err != nil {
		return err
	}
	d.call(body)
	want := d.told()
	d.forget()
	d.sink = refusal.Of("text", "the text is too long")
	if d.call(body); len(d.strange) != 1 {
		return fmt.Errorf("a message that can't be kept brought\n%s", d.told())
	}
	raw := []byte(d.strange[0].raw)
	d.sink = errors.New("the disk is full")
	if err := r.Reread(context.Background(), raw); err == nil {
		return errors.New("what can't be kept when it is read again seems to be kept")
	}
	d.sink = nil
	d.forget()
	if err := r.Reread(context.Background(), raw); err != nil || d.told() != want {
		return fmt.Errorf("what was kept, %.200q, was read again with %v and brought\n%s, want\n%s", raw, err, d.told(), want)
	}
	return nil
}

func stillStrange(h Hook) error {
	d, r, err := h.rereader()
	if err != nil {
		return err
	}
	var kept []string
	for _, name := range []string{"batch", "unknown"} {
		body, err := h.recorded(name)
		if err != nil {
			continue // the provider brings one at a time
		}
		d.forget()
		d.call(body)
		for _, o := range d.strange {
			if o.carries {
				kept = append(kept, o.raw)
			}
		}
	}
	for _, raw := range append(kept, "{", "<xml/>") {
		d.forget()
		err := r.Reread(context.Background(), []byte(raw))
		if refusal.KindOf(err) == 0 && !slices.ContainsFunc(d.strange, func(o oddity) bool { return o.carries }) {
			return fmt.Errorf("%.200q was read again with %v and brought\n%s, want something strange", raw, err, d.told())
		}
	}
	return nil
}

// A mutation is a body of which one thing was changed.
type mutation struct {
	path string // of the thing
	was  string
	now  string
	body []byte
}

func (m mutation) String() string { return m.path + " = " + m.now }

// mutations changes one thing after another: there is none, it is null, or it
// is of another type.
func mutations(body []byte) (out []mutation, err error) {
	var whole any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&whole); err != nil {
		return nil, err
	}
	values := []any{nil, "word", json.Number("7"), json.Number("1.5"), true, []any{}, map[string]any{}, []any{nil, map[string]any{}}}
	visit(whole, "", func(path string, was any, set func(any), remove func()) {
		before, _ := json.Marshal(was)
		for _, v := range values {
			if after, _ := json.Marshal(v); !bytes.Equal(before, after) {
				set(v)
				b, _ := json.Marshal(whole)
				out = append(out, mutation{path, string(before), string(after), b})
			}
		}
		if remove != nil {
			remove()
			b, _ := json.Marshal(whole)
			out = append(out, mutation{path, string(before), "nothing", b})
		}
		set(was)
	})
	return out, nil
}

// visit calls change for everything in v, with ways to replace it.
func visit(v any, path string, change func(path string, was any, set func(any), remove func())) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			was, at := v[name], strings.TrimPrefix(path+"."+name, ".")
			change(at, was, func(x any) { v[name] = x }, func() { delete(v, name) })
			visit(was, at, change)
		}
	case []any:
		for i, was := range v {
			at := strings.TrimPrefix(path+"."+strconv.Itoa(i), ".")
			change(at, was, func(x any) { v[i] = x }, nil)
			visit(was, at, change)
		}
	}
}
