package agent

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"strings"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/egress"
)

// AnswerPath is where answers come that an external agent gives later, with its
// token behind it.
const AnswerPath = "/agent/v1/answers/"

// errNoToken is the answer to whoever has no token that was ever good.
var errNoToken = refusal.New(refusal.NotFound, "there is nothing to answer at this address")

// errOver is the answer to an answer that nobody waits for any more.
var errOver = refusal.New(refusal.Conflict, "nobody waits for this answer any more")

// A ticket is what a token says: for which turn and about what an answer is
// awaited. The conversation itself knows whether it still is, so that a token is
// good once, and outlives a restart.
type ticket struct {
	Conversation string `json:"c"`
	Agent        string `json:"a"`
	Turn         uint64 `json:"t"`
	About        string `json:"m"`
	Until        int64  `json:"u"` // seconds
}

func (r *Runner) token(s Scene, until time.Time) string {
	return r.seal("", ticket{s.ID, s.Agent, s.Turn, s.LastIn, until.Unix()})
}

// seal writes what a token says, with a proof that it was said here. A token of
// one use is none of another.
func (r *Runner) seal(use string, says any) string {
	b, err := json.Marshal(says)
	if err != nil {
		return "" // texts and numbers can always be written
	}
	return base64.RawURLEncoding.EncodeToString(append(r.mac(use, b), b...))
}

// unseal reads what a token says, and reports whether it was said here.
func (r *Runner) unseal(use, token string, into any) bool {
	b, err := base64.RawURLEncoding.DecodeString(token)
	return err == nil && len(b) >= 16 && hmac.Equal(b[:16], r.mac(use, b[16:])) && json.Unmarshal(b[16:], into) == nil
}

func (r *Runner) mac(use string, b []byte) []byte {
	m := hmac.New(sha256.New, r.Key)
	m.Write([]byte(use))
	m.Write(b)
	return m.Sum(nil)[:16]
}

func (r *Runner) ticket(token string) (t ticket, err error) {
	if !r.unseal("", token, &t) {
		return t, errNoToken
	}
	return t, nil
}

// ServeHTTP takes an answer that comes later.
func (r *Runner) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if err := r.later(req); err != nil {
		r.Refuse(w, req, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (r *Runner) later(req *http.Request) error {
	_, token, _ := strings.Cut(req.URL.Path, AnswerPath)
	t, err := r.ticket(token)
	if err != nil {
		return err
	}
	body, err := egress.ReadAll(req.Body, mostAnswer)
	if err != nil {
		return refusal.New(refusal.Invalid, "the answer can't be read, or has more than %d bytes", mostAnswer)
	}
	out, err := parse(body)
	if err != nil {
		return err
	}
	lock := &r.answers[stripe(t.Conversation)]
	lock.Lock()
	defer lock.Unlock()
	s, err := r.look(t.Conversation)
	if err != nil {
		return err
	}
	if !r.awaits(s, t) {
		return errOver
	}
	p := plan{scene: s, directory: r.System.Directory.State(), articles: r.Articles(), draw: r.Draw(), now: r.Now()}
	commands, err := p.commands(out)
	if err != nil {
		return err
	}
	if _, err = r.carry(req.Context(), t.Conversation, s, commands); err != nil {
		return fmt.Errorf("the answer of agent %s: %w", t.Agent, err)
	}
	return nil
}

// awaits tells whether the conversation waits for just this answer.
func (r *Runner) awaits(s Scene, t ticket) bool {
	duty, owes := conversation.Owes(s.State)
	return owes && duty.Agent == t.Agent && duty.Turn == t.Turn && s.LastIn == t.About &&
		!duty.Until.IsZero() && r.Now().Before(time.Unix(t.Until, 0))
}

func stripe(id string) int {
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32() % 64)
}
