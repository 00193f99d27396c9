package visitor

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"strconv"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/transport/live"
	"crafttalkd/transport/wire"
)

// A Visit is the answer to who comes for the first time.
type Visit struct {
	Token      string `json:"token" doc:"the visitor keeps it, and nobody else has it"`
	CustomerID string `json:"customer_id"`
}

// Said is the answer to a message that is kept.
type Said struct {
	ConversationID string `json:"conversation_id"`
	MessageID      string `json:"message_id"`
	Version        uint64 `json:"version" doc:"of the conversation, with the message"`
	Repeated       bool   `json:"repeated" doc:"it was there before"`
}

// A Page is some of a conversation.
type Page struct {
	ConversationID string            `json:"conversation_id"`
	Frames         []json.RawMessage `json:"frames" doc:"as the socket has them"`
	Version        uint64            `json:"version" doc:"they go up to it"`
	More           bool              `json:"more"`
}

// Session makes a new visitor: POST /widget/v1/ACCOUNT/session.
func (l *Lobby) Session(w http.ResponseWriter, r *http.Request) {
	account, err := l.widget(r)
	if err != nil {
		l.refuse(w, r, err)
		return
	}
	token := l.token()
	address, _ := l.address(token)
	l.reply(w, r, http.StatusOK, Visit{token, l.config.CustomerID(account, address)})
}

// Say takes a message without a socket: POST /widget/v1/ACCOUNT/messages, a
// [wire.Say] in JSON. It is answered once the message is on disk.
func (l *Lobby) Say(w http.ResponseWriter, r *http.Request) {
	v, err := l.visitor(r)
	if err != nil {
		l.refuse(w, r, err)
		return
	}
	say := &wire.Say{}
	if err := readJSON(w, r, say); err != nil {
		l.refuse(w, r, err)
		return
	}
	of, err := l.saying(v.account, say.GetIdentify().GetFields(), say.GetIdentify().GetToken())
	if err != nil && refusal.KindOf(err) == 0 {
		l.refuse(w, r, err)
		return
	}
	in := channels.Inbound{Account: v.account, Address: v.address, ID: say.MessageId, Content: said(say.Content), Order: say.Order,
		Fields: of.claims, Proven: of.proven, Verified: of.verified()}
	type result struct {
		kept channels.Kept
		err  error
	}
	done := make(chan result, 1)
	l.config.Door.Receive(r.Context(), in, func(k channels.Kept, err error) { done <- result{k, err} })
	select {
	case d := <-done:
		if d.err != nil {
			l.refuse(w, r, d.err)
			return
		}
		l.reply(w, r, http.StatusAccepted, Said{d.kept.Conversation, say.MessageId, d.kept.Version, d.kept.Repeated})
	case <-r.Context().Done():
	}
}

// Messages returns what the visitor may see of a conversation after a version:
// GET /widget/v1/ACCOUNT/messages?conversation=ID&after=N. Without a
// conversation it is the open one. The answer says up to which version it goes,
// and whether there is more.
func (l *Lobby) Messages(w http.ResponseWriter, r *http.Request) {
	v, err := l.visitor(r)
	if err != nil {
		l.refuse(w, r, err)
		return
	}
	owner, open, err := l.home(r.Context(), v, func(string) {})
	if err != nil {
		l.refuse(w, r, err)
		return
	}
	q := r.URL.Query()
	conv := cmp.Or(q.Get("conversation"), open)
	if conv != open && !mine(conv, v.customer, owner) {
		l.refuse(w, r, errOwn)
		return
	}
	var after uint64
	if n := q.Get("after"); n != "" {
		if after, err = strconv.ParseUint(n, 10, 64); err != nil {
			l.refuse(w, r, refusal.Of("after", "a version is a number"))
			return
		}
	}
	frames, version, more, err := l.page(v, conv, after)
	if err != nil {
		l.refuse(w, r, err)
		return
	}
	l.reply(w, r, http.StatusOK, Page{conv, frames, version, more})
}

// Rate takes a rating without a socket: POST /widget/v1/ACCOUNT/rating, a
// [wire.Rate] in JSON.
func (l *Lobby) Rate(w http.ResponseWriter, r *http.Request) {
	v, err := l.visitor(r)
	m := &wire.Rate{}
	if err == nil {
		err = readJSON(w, r, m)
	}
	var owner, open string
	if err == nil {
		owner, open, err = l.home(r.Context(), v, func(string) {})
	}
	if err == nil && m.ConversationId != open && !mine(m.ConversationId, v.customer, owner) {
		err = errOwn
	}
	if err == nil {
		_, err = l.config.System.Ask(r.Context(), event.ConversationStream+m.ConversationId,
			conversation.Rate{Rating: m.Rating, Comment: m.Comment})
	}
	if err != nil {
		l.refuse(w, r, err)
		return
	}
	l.reply(w, r, http.StatusOK, struct{}{})
}

func readJSON(w http.ResponseWriter, r *http.Request, m proto.Message) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 256<<10))
	if err == nil {
		err = protojson.Unmarshal(body, m)
	}
	if err != nil {
		return refusal.New(refusal.Invalid, "the request can't be read")
	}
	return nil
}

// page returns the frames of a conversation after a version, and the version
// they go up to.
func (l *Lobby) page(v visitor, conv string, after uint64) (frames []json.RawMessage, version uint64, more bool, err error) {
	frames = []json.RawMessage{}
	if conv == "" {
		return frames, after, false, nil
	}
	stream := event.ConversationStream + conv
	page, more, err := live.Page(l.config.System.Journal(), stream, after)
	known := l.names(v.account, stream)
	for _, e := range page {
		after = e.Version
		m, err := known.shown(e)
		if err != nil {
			return nil, 0, false, err
		}
		if m == nil {
			continue
		}
		b, err := wire.InJSON.Encode(m)
		if err != nil {
			return nil, 0, false, err
		}
		frames = append(frames, b)
	}
	return frames, after, more, err
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
	h := w.Header()
	h.Add("Vary", "Origin")
	o := r.Header.Get("Origin")
	if o == "" || !l.allowed(r, o) {
		return
	}
	h.Set("Access-Control-Allow-Origin", o)
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
	h.Set("Access-Control-Allow-Methods", "GET, POST")
}
