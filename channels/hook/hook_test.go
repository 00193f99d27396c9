package hook

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"crafttalkd/actors/refusal"
)

func TestBody(t *testing.T) {
	for _, c := range []struct {
		name   string
		body   *http.Request
		ok     bool
		status int
	}{
		{"as large as may be", httptest.NewRequest("POST", "/", strings.NewReader("12345")), true, 200},
		{"one byte more", httptest.NewRequest("POST", "/", strings.NewReader("123456")), false, 413},
		{"broken off", httptest.NewRequest("POST", "/", iotest.ErrReader(errors.New("gone"))), false, 400},
		{"none", httptest.NewRequest("POST", "/", nil), true, 200},
	} {
		w := httptest.NewRecorder()
		if _, ok := Body(w, c.body, 5); ok != c.ok || w.Code != c.status {
			t.Errorf("%s: Body = %v, status %d, want %v, %d", c.name, ok, w.Code, c.ok, c.status)
		}
	}
}

// What may pass is asked for again; what can't is not.
func TestAnswer(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		again  string
	}{
		{nil, 200, ""},
		{refusal.New(refusal.Busy, "too much"), 503, "5"}, {errors.New("the disk of Anna"), 503, "5"}, {refusal.New(refusal.Conflict, "moving"), 503, "5"},
		{refusal.New(refusal.Denied, "told Anna"), 403, ""}, {refusal.New(refusal.NotFound, "gone"), 403, ""}, {refusal.New(refusal.Invalid, "told Boris"), 400, ""},
	} {
		w := httptest.NewRecorder()
		Answer(w, c.err, nil)
		if w.Code != c.status || w.Header().Get("Retry-After") != c.again {
			t.Errorf("Answer(%v) = %d after %q, want %d after %q", c.err, w.Code, w.Header().Get("Retry-After"), c.status, c.again)
		}
		if c.err != nil && strings.Contains(w.Body.String(), c.err.Error()) {
			t.Errorf("Answer(%v) tells %q", c.err, w.Body)
		}
	}
	w := httptest.NewRecorder()
	Answer(w, nil, func() { w.WriteString("ok") })
	if w.Body.String() != "ok" {
		t.Errorf("the good answer is %q", w.Body)
	}
	w = httptest.NewRecorder()
	Answer(w, errors.New("the disk"), func() { w.WriteString("ok") })
	if w.Code != 503 || strings.Contains(w.Body.String(), "ok") {
		t.Errorf("a bad answer is %d %q", w.Code, w.Body)
	}
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		came, ours string
		same       bool
	}{{"a", "a", true}, {"a", "b", false}, {"", "a", false}, {"a", "", false}, {"", "", false}, {"aa", "a", false}, {"ключ", "ключ", true}} {
		if Same(c.came, c.ours) != c.same {
			t.Errorf("Same(%q, %q) = %v", c.came, c.ours, !c.same)
		}
	}
}

// The vector is test case 2 of RFC 4231.
func TestSigned(t *testing.T) {
	const good = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
	body := []byte("what do ya want for nothing?")
	for _, c := range []struct {
		body      []byte
		signature string
		key       string
		signed    bool
	}{
		{body, good, "Jefe", true}, {body, strings.ToUpper(good), "Jefe", true}, {body, good, "jefe", false}, {body[1:], good, "Jefe", false},
		{body, "", "Jefe", false}, {body, good[:62], "Jefe", false}, {body, good + "00", "Jefe", false}, {body, "nope", "Jefe", false},
		{body, "5" + good[1:63] + "4", "Jefe", false}, {nil, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad", "", false},
	} {
		if Signed(c.body, c.signature, c.key) != c.signed {
			t.Errorf("Signed(%q, %q, %q) = %v", c.body, c.signature, c.key, !c.signed)
		}
	}
}
