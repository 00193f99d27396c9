package visitor

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"

	"google.golang.org/protobuf/encoding/protojson"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/transport/wire"
)

// Session makes a new visitor: POST /widget/v1/ACCOUNT/session.
func (l *Lobby) Session(w http.ResponseWriter, r *http.Request) {
	account := accountOf(r)
	if a := l.config.System.Directory.State().Account(account); a == nil || a.Kind != Kind {
		l.config.Refuse(w, r, refusal.New(refusal.NotFound, "there is no widget %q", account))
		return
	}
	if o := r.Header.Get("Origin"); o != "" && !l.allowed(r, o) {
		l.config.Refuse(w, r, refusal.New(refusal.Denied, "this site may not show the widget"))
		return
	}
	token := l.token()
	address, _ := l.address(token)
	l.reply(w, r, http.StatusOK, map[string]string{"token": token, "customer_id": l.config.CustomerID(account, address)})
}

// Say takes a message without a socket: POST /widget/v1/ACCOUNT/messages, a
// [wire.Say] in JSON. It is answered once the message is on disk.
func (l *Lobby) Say(w http.ResponseWriter, r *http.Request) {
	v, err := l.visitor(r)
	if err != nil {
		l.config.Refuse(w, r, err)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 256<<10))
	say := &wire.Say{}
	if err == nil {
		err = protojson.Unmarshal(body, say)
	}
	if err != nil {
		l.config.Refuse(w, r, refusal.New(refusal.Invalid, "the message can't be read"))
		return
	}
	in := channels.Inbound{Account: v.account, Address: v.address, ID: say.MessageId, Content: say.Content, Order: say.Order}
	type result struct {
		kept channels.Kept
		err  error
	}
	done := make(chan result, 1)
	l.config.Door.Receive(r.Context(), in, func(k channels.Kept, err error) { done <- result{k, err} })
	select {
	case d := <-done:
		if d.err != nil {
			l.config.Refuse(w, r, d.err)
			return
		}
		l.reply(w, r, http.StatusAccepted, map[string]any{"conversation_id": d.kept.Conversation,
			"message_id": say.MessageId, "version": d.kept.Version, "repeated": d.kept.Repeated})
	case <-r.Context().Done():
	}
}

// Messages returns what the visitor may see of a conversation after a version:
// GET /widget/v1/ACCOUNT/messages?conversation=ID&after=N. Without a
// conversation it is the open one.
func (l *Lobby) Messages(w http.ResponseWriter, r *http.Request) {
	v, err := l.visitor(r)
	if err != nil {
		l.config.Refuse(w, r, err)
		return
	}
	owner, open, err := l.home(r.Context(), v)
	if err != nil {
		l.config.Refuse(w, r, err)
		return
	}
	conv := r.URL.Query().Get("conversation")
	if conv == "" {
		conv = open
	}
	after, _ := strconv.ParseUint(r.URL.Query().Get("after"), 10, 64)
	s := &session{lobby: l, visitor: v, owner: owner}
	if conv != "" && conv != open && !s.mine(conv) {
		l.config.Refuse(w, r, errOwn)
		return
	}
	frames := []json.RawMessage{}
	for e, err := range l.config.System.Journal().Durable(event.ConversationStream+conv, after) {
		if err != nil {
			l.config.Refuse(w, r, err)
			return
		}
		if m := l.shown(e, v.account); m != nil {
			b, err := wire.InJSON.Encode(m)
			if err != nil {
				l.config.Refuse(w, r, err)
				return
			}
			frames = append(frames, b)
		}
	}
	l.reply(w, r, http.StatusOK, map[string]any{"conversation_id": conv, "frames": frames})
}

// reply writes an answer. Pages of the widget's sites may read it: it carries
// no cookie, only what the token's owner may know.
func (l *Lobby) reply(w http.ResponseWriter, r *http.Request, status int, v any) {
	l.cors(w, r)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

// Options answers a browser's question before a request from another origin.
func (l *Lobby) Options(w http.ResponseWriter, r *http.Request) {
	l.cors(w, r)
	w.WriteHeader(http.StatusNoContent)
}

func (l *Lobby) cors(w http.ResponseWriter, r *http.Request) {
	o := r.Header.Get("Origin")
	if o == "" || !l.allowed(r, o) {
		return
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", o)
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
	h.Set("Access-Control-Allow-Methods", "GET, POST")
	h.Add("Vary", "Origin")
}
