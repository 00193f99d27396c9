/*
Package telegramtest plays the servers of Telegram for tests: it checks what
they check, and misbehaves as they do.

	bot --> /bot<token>/<method> --> the answer, or a Fault instead of it
	    <-- updates, by getUpdates or by the webhook that the bot has set
*/
package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf16"
)

// A Fake is the servers of Telegram with one bot.
type Fake struct {
	Token string

	mu       sync.Mutex // guards what follows
	chats    map[int64]bool
	sent     []Message
	updates  []update
	next     int64
	files    map[string][]byte
	presses  map[string]bool // open ones
	hook     string
	secret   string
	kinds    json.RawMessage
	faults   map[string][]Fault
	calls    []string
	polling  bool
	news     chan struct{}
	LastFail string // what the webhook answered, if it was no success
}

// A Message is what a customer sees.
type Message struct {
	ID       int64
	Chat     int64
	Method   string
	Text     string // or caption
	Markup   map[string]any
	File     []byte
	FileName string
	Place    [2]float64
}

// A Fault is what happens instead of an answer.
type Fault struct {
	Status int
	Body   string
	Lost   bool // the call is carried out and the line is cut
}

type update struct {
	id   int64
	body json.RawMessage
}

// New is a fake with a bot of the token. The chats have talked with it.
func New(token string, chats ...int64) *Fake {
	f := &Fake{
		Token: token, chats: map[int64]bool{}, next: 1000, files: map[string][]byte{}, presses: map[string]bool{},
		faults: map[string][]Fault{}, news: make(chan struct{}),
	}
	for _, c := range chats {
		f.chats[c] = true
	}
	return f
}

// Block lets a customer block the bot, or take it back.
func (f *Fake) Block(chat int64, blocked bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.chats[chat] = !blocked
}

// Hold puts a file where bots find it.
func (f *Fake) Hold(id string, b []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files[id] = b
}

// Fail lets the next calls of a method fail.
func (f *Fake) Fail(method string, all ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults[method] = append(f.faults[method], all...)
}

// Sent are the messages that customers see.
func (f *Fake) Sent() []Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.sent)
}

// Calls are the methods that were called.
func (f *Fake) Calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

// Waiting counts the updates that the bot has not confirmed.
func (f *Fake) Waiting() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.updates)
}

// Push is an update, such as {"message": …}; its number is put in.
func (f *Fake) Push(kind string, v any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next++
	body, err := json.Marshal(map[string]any{"update_id": f.next, kind: v})
	if err != nil {
		panic(err) // a test of ours pushes what is no JSON
	}
	if q, ok := v.(map[string]any); ok && kind == "callback_query" {
		f.presses[fmt.Sprint(q["id"])] = true
	}
	f.updates = append(f.updates, update{f.next, body})
	close(f.news)
	f.news = make(chan struct{})
}

// Bring calls the bot's webhook with every update, at most tries times each,
// and returns the statuses of the answers. What was answered well is gone; a
// method named in the answer is carried out.
func (f *Fake) Bring(h http.Handler, tries int) (statuses []int) {
	f.mu.Lock()
	all, secret := slices.Clone(f.updates), f.secret
	f.mu.Unlock()
	for _, u := range all {
		for range tries {
			r := httptest.NewRequest(http.MethodPost, "https://bot.test/", bytes.NewReader(u.body))
			r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			statuses = append(statuses, w.Code)
			if w.Code/100 == 2 {
				f.taken(u.id, w.Body.Bytes())
				break
			}
			f.mu.Lock()
			f.LastFail = fmt.Sprintf("Wrong response from the webhook: %d %s", w.Code, http.StatusText(w.Code))
			f.mu.Unlock()
		}
	}
	return statuses
}

// taken removes an update and carries out what its answer asks for.
func (f *Fake) taken(id int64, answer []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.updates = slices.DeleteFunc(f.updates, func(u update) bool { return u.id == id })
	var call map[string]any
	if json.Unmarshal(answer, &call) == nil && call["method"] != nil {
		f.calls = append(f.calls, fmt.Sprint(call["method"]))
		f.do(context.Background(), fmt.Sprint(call["method"]), params{values: call})
	}
}

// A failure is an answer that is no success.
type failure struct {
	Code        int
	Description string
	Parameters  map[string]any
}

func bad(format string, args ...any) *failure {
	return &failure{Code: 400, Description: "Bad Request: " + fmt.Sprintf(format, args...)}
}

var path = regexp.MustCompile(`^/(file/)?bot([^/]+)/(?:test/)?(.+)$`)

// ServeHTTP is the Bot API.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	part := path.FindStringSubmatch(r.URL.Path)
	switch {
	case part == nil:
		write(w, nil, &failure{Code: 404, Description: "Not Found"})
	case part[2] != f.Token:
		write(w, nil, &failure{Code: 401, Description: "Unauthorized"})
	case part[1] != "":
		f.serveFile(w, part[3])
	default:
		f.serveMethod(w, r, part[3])
	}
}

func (f *Fake) serveFile(w http.ResponseWriter, name string) {
	f.mu.Lock()
	b, ok := f.files[strings.TrimPrefix(name, "documents/")]
	f.mu.Unlock()
	if !ok {
		write(w, nil, &failure{Code: 404, Description: "Not Found"})
		return
	}
	w.Write(b)
}

func (f *Fake) serveMethod(w http.ResponseWriter, r *http.Request, method string) {
	p, err := unpack(r)
	if err != nil {
		write(w, nil, bad("%v", err))
		return
	}
	f.mu.Lock()
	f.calls = append(f.calls, method)
	var fault *Fault
	if all := f.faults[method]; len(all) > 0 {
		fault, f.faults[method] = &all[0], all[1:]
	}
	if fault != nil && !fault.Lost {
		f.mu.Unlock()
		w.WriteHeader(fault.Status)
		io.WriteString(w, fault.Body)
		return
	}
	result, fail := f.do(r.Context(), method, p)
	f.mu.Unlock()
	if fault != nil {
		if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
			c.Close()
		}
		return
	}
	write(w, result, fail)
}

func write(w http.ResponseWriter, result any, fail *failure) {
	w.Header().Set("Content-Type", "application/json")
	if fail == nil {
		json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result})
		return
	}
	w.WriteHeader(fail.Code)
	json.NewEncoder(w).Encode(map[string]any{"ok": false, "error_code": fail.Code, "description": fail.Description, "parameters": fail.Parameters})
}

// do carries out a method. The lock is held, but for waiting.
func (f *Fake) do(ctx context.Context, method string, p params) (any, *failure) {
	switch method {
	case "getMe":
		id, _, _ := strings.Cut(f.Token, ":")
		n, _ := strconv.ParseInt(id, 10, 64)
		return map[string]any{"id": n, "is_bot": true, "first_name": "Чайная", "username": "teashop_bot"}, nil
	case "setWebhook":
		return f.setWebhook(p)
	case "deleteWebhook":
		f.hook, f.secret = "", ""
		return true, nil
	case "getWebhookInfo":
		return map[string]any{
			"url": f.hook, "has_custom_certificate": false, "pending_update_count": len(f.updates), "allowed_updates": f.kinds, "last_error_message": f.LastFail,
		}, nil
	case "getUpdates":
		return f.getUpdates(ctx, p)
	case "sendMessage", "sendPhoto", "sendDocument", "sendLocation":
		return f.send(method, p)
	case "sendChatAction":
		if a := p.text("action"); a != "typing" && !strings.HasPrefix(a, "upload_") {
			return nil, bad("wrong parameter action in request")
		}
		return true, f.chat(p)
	case "answerCallbackQuery":
		id := p.text("callback_query_id")
		if !f.presses[id] {
			return nil, bad("query is too old and response timeout expired or query ID is invalid")
		}
		delete(f.presses, id)
		return true, nil
	case "getFile":
		return f.getFile(p)
	case "getUserProfilePhotos":
		size := func(id string, n int) map[string]any {
			return map[string]any{"file_id": id, "file_unique_id": id, "width": n, "height": n}
		}
		return map[string]any{"total_count": 1, "photos": [][]any{{size("ava-s", 160), size("ava-l", 640)}}}, f.chat(p)
	}
	return nil, &failure{Code: 404, Description: "Not Found"}
}

// OpenPresses counts the presses that wait for an answer.
func (f *Fake) OpenPresses() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.presses)
}

// chat checks that the bot may write to a chat.
func (f *Fake) chat(p params) *failure {
	name := "chat_id"
	if p.text("user_id") != "" {
		name = "user_id"
	}
	id, err := strconv.ParseInt(p.text(name), 10, 64)
	switch open, known := f.chats[id]; {
	case err != nil:
		return bad("%s is empty", name)
	case !known:
		return bad("chat not found")
	case !open:
		return &failure{Code: 403, Description: "Forbidden: bot was blocked by the user"}
	}
	return nil
}

var secrets = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func (f *Fake) setWebhook(p params) (any, *failure) {
	address, secret, most := p.text("url"), p.text("secret_token"), p.text("max_connections")
	n, err := strconv.Atoi(most)
	switch {
	case address != "" && !strings.HasPrefix(address, "https://"):
		return nil, bad("bad webhook: An HTTPS URL must be provided for webhook")
	case secret != "" && !secrets.MatchString(secret):
		return nil, bad("secret token contains unallowed characters")
	case most != "" && (err != nil || n < 1 || n > 100):
		return nil, bad("max_connections must be 1-100")
	}
	f.hook, f.secret, f.LastFail = address, secret, ""
	f.kinds, _ = json.Marshal(p.value("allowed_updates"))
	return true, nil
}

// getUpdates waits for updates; offset confirms those before it.
func (f *Fake) getUpdates(ctx context.Context, p params) (any, *failure) {
	if f.hook != "" {
		return nil, &failure{Code: 409, Description: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}
	}
	if f.polling {
		return nil, &failure{Code: 409, Description: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}
	}
	offset, _ := strconv.ParseInt(p.text("offset"), 10, 64)
	wait, _ := strconv.Atoi(p.text("timeout"))
	f.updates = slices.DeleteFunc(f.updates, func(u update) bool { return u.id < offset })
	if len(f.updates) == 0 && wait > 0 {
		news := f.news
		f.polling = true
		f.mu.Unlock()
		select {
		case <-news:
		case <-ctx.Done():
		case <-time.After(time.Duration(wait) * time.Second):
		}
		f.mu.Lock()
		f.polling = false
	}
	out := []json.RawMessage{}
	for _, u := range f.updates {
		out = append(out, u.body)
	}
	return out[:min(len(out), 100)], nil
}

func (f *Fake) getFile(p params) (any, *failure) {
	const most = 20 << 20
	id := p.text("file_id")
	b, ok := f.files[id]
	switch {
	case !ok:
		return nil, bad("wrong file_id or the file is temporarily unavailable")
	case len(b) > most:
		return nil, bad("file is too big")
	}
	return map[string]any{"file_id": id, "file_unique_id": id, "file_size": len(b), "file_path": "documents/" + id}, nil
}

// send checks a message as Telegram does, and keeps it.
func (f *Fake) send(method string, p params) (any, *failure) {
	if fail := f.chat(p); fail != nil {
		return nil, fail
	}
	chat, _ := strconv.ParseInt(p.text("chat_id"), 10, 64)
	m := Message{ID: int64(len(f.sent)) + 5001, Chat: chat, Method: method, Text: p.text("text"), File: p.file, FileName: p.fileName}
	switch units := len(utf16.Encode([]rune(m.Text))); {
	case method == "sendMessage" && strings.TrimSpace(m.Text) == "":
		return nil, bad("message text is empty")
	case units > 4096:
		return nil, bad("message is too long")
	case method == "sendLocation":
		lat, err1 := strconv.ParseFloat(p.text("latitude"), 64)
		long, err2 := strconv.ParseFloat(p.text("longitude"), 64)
		if err1 != nil || err2 != nil {
			return nil, bad("location is empty")
		}
		m.Place = [2]float64{lat, long}
	case method == "sendPhoto" || method == "sendDocument":
		m.Text = p.text("caption")
		if fail := checkFile(method, m); fail != nil {
			return nil, fail
		}
		if want := strings.ToLower(strings.TrimPrefix(method, "send")); p.fileField != want {
			return nil, bad("there is no %s in the request", want)
		}
	}
	var fail *failure
	if m.Markup, fail = markup(p.value("reply_markup")); fail != nil {
		return nil, fail
	}
	f.sent = append(f.sent, m)
	return map[string]any{"message_id": m.ID, "date": time.Now().Unix(), "chat": map[string]any{"id": chat, "type": "private"}, "text": m.Text}, nil
}

func checkFile(method string, m Message) *failure {
	switch {
	case len(utf16.Encode([]rune(m.Text))) > 1024:
		return bad("message caption is too long")
	case len(m.File) == 0:
		return bad("file must be non-empty")
	case len(m.File) > 50<<20, method == "sendPhoto" && len(m.File) > 10<<20:
		return &failure{Code: 413, Description: "Request Entity Too Large"}
	case method == "sendPhoto" && !strings.HasPrefix(http.DetectContentType(m.File), "image/"):
		return bad("IMAGE_PROCESS_FAILED")
	}
	return nil
}

// markup checks a keyboard.
func markup(v any) (map[string]any, *failure) {
	if v == nil {
		return nil, nil
	}
	k, ok := v.(map[string]any)
	if !ok {
		return nil, bad("object expected as reply markup")
	}
	n := 0
	rows, _ := k["inline_keyboard"].([]any)
	for _, row := range rows {
		keys, _ := row.([]any)
		for _, one := range keys {
			b, _ := one.(map[string]any)
			data, _ := b["callback_data"].(string)
			text, _ := b["text"].(string)
			n++
			switch {
			case text == "":
				return nil, bad("text buttons are unallowed in the inline keyboard")
			case len(data) < 1 || len(data) > 64:
				return nil, bad("BUTTON_DATA_INVALID")
			case n > 100:
				return nil, bad("too many buttons")
			}
		}
	}
	return k, nil
}
