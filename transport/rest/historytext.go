package rest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/refusal"
)

// textWords are those of conversations as text, in the languages they come in.
var textWords = map[string]map[string]string{
	"ru": {"title": "Обращения", "conversation": "Обращение", "customer": "Клиент", "channel": "Канал", "opened": "Открыто", "closed": "Закрыто",
		"line": "Группа", "topic": "Тема", "rating": "Оценка", "comment": "Отзыв", "status": "Статус", "finished": "ЗАВЕРШЕН", "reviewed": "ПРОВЕРЕН",
		"open": "ИДЁТ", "sessions": "Сессии обработки", "operator": "Оператор", "agent": "Агент", "queue": "Очередь", "system": "Система",
		"note": "Заметка", "file": "файл", "total": "Всего обращений", "broken": "ВЫГРУЗКА ПРЕРВАНА, ЭТО НЕ ВСЁ", "test": "тестовый клиент",
		"removed": "удалено клиентом", "ticket": "Тикет", "forgotten": "Текст удалён по сроку хранения"},
	"en": {"title": "Conversations", "conversation": "Conversation", "customer": "Customer", "channel": "Channel", "opened": "Opened", "closed": "Closed",
		"line": "Line", "topic": "Topic", "rating": "Rating", "comment": "Comment", "status": "Status", "finished": "FINISHED", "reviewed": "REVIEWED",
		"open": "OPEN", "sessions": "Sessions", "operator": "Operator", "agent": "Agent", "queue": "Queue", "system": "System",
		"note": "Note", "file": "file", "total": "Conversations in all", "broken": "THE EXPORT BROKE OFF, THIS IS NOT ALL", "test": "test customer",
		"removed": "taken back by the customer", "ticket": "Ticket", "forgotten": "The text is not kept any longer, since"},
}

// A script writes conversations as text.
type script struct {
	out       *bufio.Writer
	words     map[string]string
	zone      *time.Location
	directory directory.State
}

// newScript reads in which language and zone a text is wanted.
func (c *call) newScript(out io.Writer) (*script, error) {
	lang := c.r.URL.Query().Get("lang")
	if lang == "" {
		lang = "ru"
	}
	w := textWords[lang]
	if w == nil {
		return nil, refusal.Of("lang", "this is one of ru, en")
	}
	zone, err := c.zone()
	return &script{out: bufio.NewWriter(out), words: w, zone: zone, directory: c.directory()}, err
}

func (s *script) time(at time.Time) string { return at.In(s.zone).Format("2006-01-02 15:04:05") }

// line writes a parameter, if there is anything to say.
func (s *script) line(word, value string) {
	if value != "" {
		fmt.Fprintf(s.out, "%s: %s\n", s.words[word], value)
	}
}

// conversation writes one conversation: its parameters and what was said.
func (s *script) conversation(v *Conversation) {
	fmt.Fprintf(s.out, "%s %s\n", s.words["conversation"], v.ConversationID)
	s.line("customer", s.customer(v))
	s.line("channel", strings.TrimSpace(v.Kind+" "+s.directory.Account(v.AccountID).GetName()))
	s.line("line", s.named(s.directory.Line(v.Routing.Of.GetLineId()).GetName(), v.Routing.Of.GetLineId()))
	s.line("opened", s.time(v.OpenedAt))
	if !v.ClosedAt.IsZero() {
		s.line("closed", s.time(v.ClosedAt))
	}
	s.line("status", s.words[statusOf(v)])
	if v.Disposition.Rating > 0 {
		s.line("rating", fmt.Sprint(v.Disposition.Rating))
	}
	s.line("comment", v.Disposition.Comment)
	s.line("topic", s.named(s.directory.Topics[v.Disposition.TopicID].Value.GetName(), v.Disposition.TopicID))
	s.line("ticket", v.Ticket)
	if v.Forgotten != nil {
		s.line("forgotten", s.time(v.Forgotten.At))
	}
	fmt.Fprintf(s.out, "%s:\n", s.words["sessions"])
	for _, p := range v.Sessions {
		end := ""
		if !p.End.IsZero() {
			end = s.time(p.End)
		}
		fmt.Fprintf(s.out, "  %s - %s  %s %s\n", s.time(p.Begin), end, s.words[p.Handler], s.name(p.Handler, p.HandlerID))
	}
	fmt.Fprintln(s.out)
	for i := range v.Messages {
		s.message(&v.Messages[i])
	}
	fmt.Fprintln(s.out)
}

func statusOf(v *Conversation) string {
	switch {
	case v.ClosedAt.IsZero():
		return "open"
	case v.ReviewedAt.IsZero():
		return statusFinished
	}
	return statusReviewed
}

func (s *script) customer(v *Conversation) string {
	name := s.named(v.CustomerName, v.CustomerID)
	if v.Test {
		name += ", " + s.words["test"]
	}
	return name
}

// named is a name with the id that it stands for.
func (s *script) named(name, id string) string {
	switch {
	case name == "":
		return id
	case id == "":
		return name
	}
	return name + " (" + id + ")"
}

// name is what a keeper is called.
func (s *script) name(handler, id string) string {
	switch handler {
	case "operator":
		u := s.directory.User(id)
		return s.named(strings.TrimSpace(u.GetFirstName()+" "+u.GetLastName()), id)
	case "queue":
		return s.named(s.directory.Line(id).GetName(), id)
	}
	return id
}

// message writes one message. Lines after its first are moved in, so that nobody
// who writes can make them look like another message.
func (s *script) message(m *ConversationMessage) {
	who := s.words[m.From]
	switch m.From {
	case "operator", "note":
		who += " " + s.name("operator", m.OperatorID)
	case "agent":
		who += " " + m.AgentID
	}
	parts := []string{m.Content.Of.GetText(), m.Content.Of.GetPressed().GetCaption()}
	for _, a := range m.Content.Of.GetAttachments() {
		parts = append(parts, "["+s.words["file"]+": "+a.Name+"]")
	}
	if m.Removed {
		parts = append(parts, "["+s.words["removed"]+"]")
	}
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	text := strings.ReplaceAll(strings.ReplaceAll(strings.Join(said, "\n"), "\r", ""), "\n", "\n    ")
	fmt.Fprintf(s.out, "[%s] %s: %s\n", s.time(m.At), who, text)
}

// conversationText hands one conversation out.
func (c *call) conversationText() error {
	v, err := c.openedConversation()
	if err != nil {
		return err
	}
	s, err := c.newScript(c.w)
	if err != nil {
		return err
	}
	c.attached("text/plain; charset=utf-8", "conversation-"+v.ConversationID+".txt")
	s.conversation(v)
	_ = s.out.Flush() // who has gone does not wait for it
	return nil
}

func (c *call) attached(media, name string) {
	h := c.w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
	c.w.WriteHeader(http.StatusOK)
}

// A teller hands out conversations one after the other.
type teller interface {
	begin(c *call)
	tell(v *Conversation) error
	end(total int, err error)
	flush() error
}

// exportHistory hands out all conversations that a question finds, one after the
// other as they are read. It ends with how many there were, or says that it is
// not all.
func (c *call) exportHistory() error {
	q, err := c.soughtHistory()
	if err != nil {
		return err
	}
	found, err := c.history(c.r.Context(), q)
	if err != nil {
		return err
	}
	text, err := c.newScript(c.w)
	if err != nil {
		return err
	}
	var t teller = text
	name, media := "history-"+c.config.System.Now().UTC().Format(time.DateOnly), "text/plain; charset=utf-8"
	if wants, _, _ := mime.ParseMediaType(c.r.Header.Get("Accept")); wants == ndjson {
		t, media = &jsonLines{out: bufio.NewWriter(c.w)}, ndjson
		name += ".ndjson"
	} else {
		name += ".txt"
	}
	c.attached(media, name)
	t.begin(c)
	total, flushed := 0, time.Time{}
	for spot, err := range found {
		var told bool
		if err == nil {
			told, err = c.tell(t, spot.ID)
		}
		if err == nil && time.Since(flushed) > flushEvery {
			flushed, err = time.Now(), errors.Join(t.flush(), http.NewResponseController(c.w).Flush())
		}
		if err == nil && c.stopping() {
			err = errors.New("the server stops")
		}
		if err != nil {
			c.brokeOff(t, total, err)
			return nil
		}
		if told {
			total++
		}
	}
	t.end(total, nil)
	_ = t.flush() // who has gone does not wait for it
	return nil
}

// flushEvery is how long what is written may wait.
const flushEvery = 500 * time.Millisecond

func (c *call) stopping() bool { return c.config.Stopping != nil && c.config.Stopping() }

// tell hands one conversation out, if it is still the asker's to read.
func (c *call) tell(t teller, id string) (bool, error) {
	v, err := c.story(id)
	if err != nil || v.ConversationID == "" || !c.seesConversation(v) {
		return false, err
	}
	return true, t.tell(v)
}

// brokeOff says in what was handed out that it is not all.
func (c *call) brokeOff(t teller, total int, err error) {
	if !errors.Is(err, context.Canceled) {
		c.config.Log.Error("export of history broke off", "err", err)
	}
	t.end(total, err)
	_ = t.flush()
}

func (s *script) begin(c *call) {
	fmt.Fprintf(s.out, "%s, %s\n", s.words["title"], s.time(c.config.System.Now()))
	for _, p := range historyParams {
		if values := c.r.URL.Query()[p.name]; len(values) > 0 {
			fmt.Fprintf(s.out, "%s = %q\n", p.name, values)
		}
	}
	fmt.Fprintln(s.out)
}

func (s *script) tell(v *Conversation) error {
	s.conversation(v)
	return nil // the writer remembers its first error
}

func (s *script) end(total int, err error) {
	if err != nil {
		fmt.Fprintf(s.out, "*** %s ***\n", s.words["broken"])
	}
	fmt.Fprintf(s.out, "%s: %d\n", s.words["total"], total)
}

func (s *script) flush() error { return s.out.Flush() }

// jsonLines writes conversations as JSON, one a line, and what there was at the end.
type jsonLines struct{ out *bufio.Writer }

func (l *jsonLines) begin(*call) {}

func (l *jsonLines) tell(v *Conversation) error {
	body, err := json.Marshal(v)
	if err == nil {
		l.out.Write(append(body, '\n')) // the writer remembers its first error
	}
	return err
}

func (l *jsonLines) end(total int, err error) {
	fmt.Fprintf(l.out, `{"end":{"total":%d,"complete":%t}}`+"\n", total, err == nil)
}

func (l *jsonLines) flush() error { return l.out.Flush() }
