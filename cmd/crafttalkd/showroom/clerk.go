package showroom

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"
	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
	"crafttalkd/transport/wire"
)

// A clerk is an operator at the desk's socket who does one thing at a time.
type clerk struct {
	conn     *websocket.Conn
	me       string
	last     uint64          // id of the last frame
	assigned map[string]bool // conversations
}

// clerkPatience is how long the server may take for anything.
const clerkPatience = 30 * time.Second

// seat brings an operator to the desk and on reception.
func (s *Showroom) seat(ctx context.Context, p Person) (*clerk, error) {
	token, err := s.signIn(ctx, p.Login, p.Password)
	if err != nil {
		return nil, err
	}
	dialer := websocket.Dialer{Subprotocols: []string{wire.Binary}, HandshakeTimeout: clerkPatience}
	conn, _, err := dialer.DialContext(ctx, "ws"+strings.TrimPrefix(s.url, "http")+"/desk/v1/socket",
		http.Header{"Authorization": {"Bearer " + token}})
	if err != nil {
		return nil, fmt.Errorf("open the desk of %s: %w", p.Login, err)
	}
	k := &clerk{conn: conn, me: p.Login, assigned: map[string]bool{}}
	err = k.do(&wire.FromClient{Is: &wire.FromClient_Hello{Hello: &wire.Hello{}}})
	if err == nil {
		err = k.be(event.Presence_ONLINE)
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return k, nil
}

func (k *clerk) be(p event.Presence) error {
	return k.do(&wire.FromClient{Is: &wire.FromClient_SetPresence{SetPresence: &wire.SetPresence{Presence: p}}})
}

func (k *clerk) leave() error { return k.be(event.Presence_OFFLINE) }

func (k *clerk) reply(conversation, id, text string) error {
	return k.do(&wire.FromClient{Is: &wire.FromClient_Reply{Reply: &wire.Reply{
		ConversationId: conversation, MessageId: id, Content: &event.Content{Text: text}}}})
}

func (k *clerk) close(conversation, topic string) error {
	return k.do(&wire.FromClient{Is: &wire.FromClient_Close{Close: &wire.Close{
		ConversationId: conversation, TopicId: topic, Dissatisfied: new(bool)}}})
}

// do sends a command and waits until it is committed.
func (k *clerk) do(f *wire.FromClient) error {
	k.last++
	f.Id = k.last
	b, err := proto.Marshal(f)
	if err != nil {
		return err
	}
	if err := k.conn.WriteMessage(websocket.BinaryMessage, b); err != nil {
		return err
	}
	for {
		a, err := k.read()
		if err != nil {
			return err
		}
		if a.GetId() != f.Id {
			continue
		}
		if a.Kind != "" {
			return fmt.Errorf("the desk of %s: %s: %s", k.me, a.Kind, a.Text)
		}
		return nil
	}
}

// await waits until the conversation is the clerk's.
func (k *clerk) await(conversation string) error {
	for !k.assigned[conversation] {
		if _, err := k.read(); err != nil {
			return err
		}
	}
	return nil
}

// read takes one frame, and returns it if it is an answer.
func (k *clerk) read() (*wire.Answer, error) {
	if err := k.conn.SetReadDeadline(time.Now().Add(clerkPatience)); err != nil {
		return nil, err
	}
	_, b, err := k.conn.ReadMessage()
	if err != nil {
		return nil, fmt.Errorf("the desk of %s: %w", k.me, err)
	}
	f := &wire.FromServer{}
	if err := proto.Unmarshal(b, f); err != nil {
		return nil, err
	}
	e := f.GetEntry()
	if a, ok := e.GetFact().Unwrap().(*event.ConversationAssigned); ok && a.OperatorId == k.me {
		k.assigned[strings.TrimPrefix(e.Stream, event.ConversationStream)] = true
	}
	return f.GetAnswer(), nil
}
