package rest_test

import (
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/rest"
)

var rewriteRights = flag.Bool("rewrite-rights", false, "write the table of rights into the documentation")

// quiet makes a call without waiting for what follows from it, unless it was
// granted and changes something.
func (h *house) quiet(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if body != "" && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.api.ServeHTTP(w, r)
	if w.Code < 400 && method != http.MethodGet {
		settle()
	}
	return w
}

func (h *house) bearer(user string) []string {
	return []string{"Authorization", "Bearer " + h.auth.token(user)}
}

// staff makes a user of each role and one of all, with these bounds.
func (h *house) staff(name string, centers, lines []string) {
	h.t.Helper()
	for _, role := range append(directory.Roles[:], "") {
		u := &event.User{UserId: name + "-" + role, Login: name + "-" + role, CenterIds: centers, LineIds: lines, Roles: []string{role}}
		if role == "" {
			u.UserId, u.Login, u.Roles = name, name, directory.Roles[:]
		}
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: u})
	}
	settle()
}

// nowhere fills a path's gaps with what is not there.
func nowhere(path string) string {
	for strings.Contains(path, "{") {
		before, rest, _ := strings.Cut(path, "{")
		_, after, _ := strings.Cut(rest, "}")
		path = before + "x" + after
	}
	return path
}

// A right is who may make one call.
type right struct {
	call, rule string
	roles      []string // with which it is not refused
	anonymous  bool
	key        bool
}

// rights tries every call as somebody of each role, as nobody, as a disabled user
// and as a program of all permissions.
func (h *house) rights(b *book) (out []right) {
	key := h.key("all", `{"roles":`+everything()+`,"center_ids":["shop"]}`)
	h.staff("own", []string{"shop"}, nil)
	h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: &event.User{UserId: "gone", Login: "gone", CenterIds: []string{"shop"}, Roles: directory.Roles[:], Disabled: true}})
	settle()
	for _, call := range b.calls() {
		method, path, _ := strings.Cut(call, " ")
		refused := func(headers ...string) bool {
			clear(h.auth.ended)
			code := h.quiet(method, nowhere(path), "", headers...).Code
			return code == 401 || code == 403
		}
		text, _ := b.at("paths", path, strings.ToLower(method), "description").(string)
		r := right{call: call, rule: text, anonymous: !refused(), key: !refused(key...)}
		for _, role := range directory.Roles {
			if !refused(h.bearer("own-" + role)...) {
				r.roles = append(r.roles, role)
			}
		}
		if !r.anonymous && !refused(h.bearer("gone")...) {
			h.t.Errorf("%s is granted to a user who is disabled", call)
		}
		out = append(out, r)
	}
	clear(h.auth.ended)
	return out
}

// wrong says in what a right differs from the rule that the description has.
func (r right) wrong() string {
	rule, person := strings.CutSuffix(r.rule, " Not for programs with a key.")
	want, key := directory.Roles[:], !person
	switch {
	case strings.HasPrefix(rule, "Open"):
		key = true
	case strings.HasPrefix(rule, "For anyone"):
	case strings.HasPrefix(rule, "Needs "):
		named := strings.Split(strings.TrimSuffix(strings.TrimPrefix(rule, "Needs "), "."), " or ")
		want = slices.DeleteFunc(slices.Clone(want), func(role string) bool { return !slices.Contains(named, role) })
		if len(want) != len(named) {
			return "its rule names a role that is none: " + rule
		}
	default:
		return "it has no rule"
	}
	switch {
	case !slices.Equal(r.roles, want):
		return fmt.Sprintf("granted to %v; its rule: %s", r.roles, rule)
	case r.anonymous != strings.HasPrefix(rule, "Open"):
		return fmt.Sprintf("granted to nobody: %v; its rule: %s", r.anonymous, rule)
	case r.key != key:
		return fmt.Sprintf("granted to a program: %v; its rule: %s", r.key, r.rule)
	}
	return ""
}

// proves WS-04, US-04: each call is granted to those of the 22 roles that its rule
// names and refused to all others, to nobody, to the disabled; the table in the
// documentation is what was found.
func TestWS04_RightsOfEveryCall(t *testing.T) {
	inHouse(t, func(h *house) {
		found := h.rights(openBook(t, h.api))
		if len(found) < 150 {
			t.Errorf("only %d calls were tried", len(found))
		}
		opens := map[string]int{}
		for _, r := range found {
			if why := r.wrong(); why != "" {
				t.Errorf("%s: %s", r.call, why)
			}
			if strings.HasPrefix(r.rule, "Needs") {
				for _, role := range r.roles {
					opens[role]++
				}
			}
		}
		var idle []string
		for _, role := range directory.Roles {
			if opens[role] == 0 {
				idle = append(idle, role)
			}
		}
		// The first of them is the door's, see TestUS04_LoginIsThePermissionToSignIn. The last of them the desk knows: who has it must say whether a customer was dissatisfied.
		if want := []string{directory.Login, directory.ViewDocExchange, directory.ModifyUserDissatisfaction}; !slices.Equal(idle, want) {
			t.Errorf("these roles open no call: %v, want %v", idle, want)
		}
		faulty := found[0]
		faulty.rule, faulty.roles = "Needs admin.", directory.Roles[:2]
		if faulty.wrong() == "" {
			t.Error("a call that is granted to who has no right is not seen")
		}
		livetest.KeepTable(t, "calls", callTable(found), *rewriteRights)
	})
}

func callTable(found []right) string {
	var b strings.Builder
	b.WriteString("| Вызов | Без входа | Ключ программы | Роли, каждой из которых довольно |\n|---|---|---|---|\n")
	for _, r := range found {
		roles := strings.Join(r.roles, ", ")
		if len(r.roles) == len(directory.Roles) {
			roles = "любая, и ни одной"
			if r.anonymous {
				roles = "не нужны"
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", r.call, sign(r.anonymous), sign(r.key), roles)
	}
	return b.String()
}

func sign(b bool) string {
	if b {
		return "да"
	}
	return "нет"
}

// A theirs is something of the shop's line help, for others to reach for.
type theirs struct {
	conversation, closed, customer, message, address, hash string
	marks                                                  []string // in an answer they give it away
}

// lay puts it there.
func (h *house) belongings() theirs {
	h.t.Helper()
	h.turnTab(0)
	h.online("oleg")
	w := theirs{conversation: h.writes("site", "quokka", "wombat"), customer: customerID("site", "quokka"), message: "m-wombat", closed: "platypus.1"}
	h.passed(past{id: w.closed, center: "shop", line: "help", operator: "oleg", opened: time.Now().Add(-time.Hour), texts: []string{"an old numbat"}})
	h.heard()
	h.errors.items["e1"] = rest.Failed{ErrorID: "e1", AccountID: "site", Reason: "no bandicoot", Size: 10, Raw: "bandicoot"}
	file := h.as("boss", "POST", "/api/v1/files?conversation="+w.conversation+"&name=a.txt", "a bilby", "Content-Type", "text/plain").want(200)
	w.hash = file.field("blob").(string)
	w.address = h.as("boss", "GET", "/api/v1/customers/"+w.customer, "").want(200).field("addresses", 0, "address_id").(string)
	w.marks = []string{w.customer, "quokka", "wombat", "platypus", "numbat", "bandicoot", "bilby"}
	return w
}

// reach is the path and the body with which a call reaches for it; ok is false for
// calls that are about nothing of a center's.
func (w theirs) reach(call string) (path, body string, ok bool) {
	_, path, _ = strings.Cut(call, " ")
	const v1 = "/api/v1"
	query := map[string]string{v1 + "/customers": "?query=quo", v1 + "/history": "?text=numbat", v1 + "/reviews": "?text=numbat", v1 + "/changed/customers": "?limit=100",
		v1 + "/workplace/transfer": "?conversation=" + w.conversation, v1 + "/files": "?name=a.txt&conversation=" + w.conversation,
		v1 + "/feed": "?limit=1000", v1 + "/conversations/{id}/moment": "?at=2100-01-01T00:00:00Z", v1 + "/conversations/{id}/assistant": "?message=" + w.message,
		v1 + "/history/days": "?zone=UTC", v1 + "/kb/articles/{id}": "?conversation=" + w.conversation}
	bodies := map[string]string{"/assign": `{"operator_id":"oleg"}`, "/priority": `{"priority":2}`, "/ticket": `{"number":"T-1"}`, "/call": `{"address":"+79990001122"}`, "/mail": `{"address":"quokka@example.org","text":"Good day!"}`,
		"/label": `{"article_id":""}`, "/links": `{"account_id":"site"}`, "/merge": `{"from":"` + w.customer + `"}`, "/erasures": `{"customer_id":"` + w.customer + `"}`,
		"/conversations": `{"account_id":"site","address":"quokka","text":"Good day!"}`, "/addresses": `{"account_id":"site","address":"another"}`,
		"/addresses/{address}": `{"account_id":"site","address":"another"}`, "/customers/{id}": `{"fields":{"lname":"Smith"},"revision":1}`, "/drafts/{conversation}": `{"account_id":"site","text":"By the way"}`}
	for end, b := range bodies {
		if strings.HasSuffix(path, end) && !strings.HasPrefix(call, "GET") && !strings.HasPrefix(call, "DELETE") {
			body = b
		}
	}
	if call == "POST "+v1+"/files" {
		body = "a file"
	}
	more, about := query[path], false
	for _, gap := range []struct{ under, gap, with string }{
		{v1 + "/conversations/{id}/messages", "{message}", w.message}, {v1 + "/conversations/{id}/tabs", "{tab}", "crm"}, {v1 + "/conversations/{id}", "{id}", w.conversation},
		{v1 + "/customers/{id}", "{address}", w.address}, {v1 + "/customers/{id}", "{id}", w.customer},
		{v1 + "/files/", "{customer}", w.customer}, {v1 + "/files/", "{hash}", w.hash}, {v1 + "/operators/{id}", "{id}", "oleg"},
		{v1 + "/errors/{id}", "{id}", "e1"}, {v1 + "/me/drafts/", "{conversation}", w.conversation}, {v1 + "/statistics/presence/{id}", "{id}", "oleg"}} {
		_, first, _ := strings.Cut(call, " ")
		if strings.HasPrefix(first, gap.under) && strings.Contains(path, gap.gap) {
			path, about = strings.Replace(path, gap.gap, gap.with, 1), true
		}
	}
	lists := []string{"/monitoring", "/history", "/history/days", "/history/export", "/reviews", "/surveys", "/surveys/export", "/changed/customers", "/feed", "/customers",
		"/errors", "/workplace", "/workplace/transfer", "/statistics/conversations", "/statistics/operators", "/statistics/operators.csv", "/statistics/presence", "/statistics/presence.csv", "/files", "/audit", "/audit.csv", "/audit.ndjson", "/me/drafts"}
	for _, list := range lists {
		about = about || path == v1+list
	}
	return path + more, body, about
}

// nobodys is what calls are about that are not about anybody's conversations: the
// organisation, the knowledge base and one's own affairs, and sums.
var nobodys = []string{"/accounts", "/agents", "/article-types", "/articles", "/bot", "/calendars", "/centers", "/conditions", "/dictionary", "/export/users",
	"/hours", "/import/users", "/invitation", "/kb", "/keys", "/kinds", "/knowledge", "/languages", "/lines", "/me/factors", "/me/identities", "/me/preferences",
	"/me/recovery", "/password", "/phrases", "/positions", "/providers", "/retention", "/session", "/sessions", "/settings", "/setup", "/skills", "/slots",
	"/spelling", "/statistics", "/statistics/definitions", "/statistics/figures.csv", "/surveys/summary", "/templates", "/ticket", "/topics", "/users", "/uses",
	"/webhooks", "/widget/preview", "/audit/{id}"}

// ofNobody reports whether a call is known to be about nothing that is a center's
// customers'. What is below statistics is named one by one.
func ofNobody(call string) bool {
	_, path, _ := strings.Cut(call, " ")
	rest, ours := strings.CutPrefix(path, "/api/v1")
	return !ours || slices.ContainsFunc(nobodys, func(of string) bool {
		return rest == of || of != "/statistics" && strings.HasPrefix(rest, of+"/")
	})
}

// stirred is how many facts there are of it.
func (h *house) stirred(w theirs) (n int) {
	for _, stream := range []string{event.ConversationStream + w.conversation, event.ConversationStream + w.closed, event.CustomerStream + w.customer, event.OperatorStream + "oleg"} {
		n += len(h.events(stream))
	}
	return n
}

// proves G42, WS-04: by whatever call and with whatever roles, who has other
// bounds reaches nothing of a center's: no answer has a word of it, and nothing
// about it changes; who has these bounds is granted what the roles say.
func TestG42_RightsOverWhatIsOthers(t *testing.T) {
	inHouse(t, func(h *house) {
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Entry: &event.Line{LineId: "other", Name: "Other", CenterId: "shop"}})
		w, b := h.belongings(), openBook(t, h.api)
		h.owner()
		far := h.as("owner", "PUT", "/api/v1/keys/far", `{"roles":`+everything()+`,"center_ids":["bank"]}`).want(200)
		key := []string{"Authorization", "Bearer " + far.field("secret").(string)}
		bounds := []struct {
			name           string
			centers, lines []string
		}{{"center", []string{"bank"}, nil}, {"line", []string{"shop"}, []string{"other"}}, {"none", nil, nil}}
		for _, s := range bounds {
			h.staff(s.name, s.centers, s.lines)
		}
		// An administrator without bounds has all, by design.
		h.ask(event.DirectoryStream, directory.Remove{By: "setup", Kind: "User", ID: "none-" + directory.Admin})
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: &event.User{UserId: "none", Login: "none", Roles: directory.Roles[1:]}})
		settle()
		before, table := h.stirred(w), map[string][]string{}
		for _, call := range b.calls() {
			path, body, about := w.reach(call)
			if !about {
				if !ofNobody(call) {
					t.Errorf("%s: say how it reaches for a conversation, a customer, a file or a list of them, or that it is about nothing of the kind", call)
				}
				continue
			}
			method, _, _ := strings.Cut(call, " ")
			for _, s := range bounds {
				for _, role := range append([]string{""}, directory.Roles[:]...) {
					who := strings.TrimSuffix(s.name+"-"+role, "-")
					if h.system.Directory.State().User(who) == nil {
						continue
					}
					code := h.reaches(w, who, method, path, body, h.bearer(who)...)
					if role == "" {
						table[call] = append(table[call], outcome(code))
					}
				}
			}
			h.reaches(w, "a program", method, path, body, key...)
		}
		if after := h.stirred(w); after != before {
			t.Errorf("%d facts about it before, %d after", before, after)
		}
		if len(table) < 45 {
			t.Errorf("only %d calls reach for it", len(table))
		}
		h.inside(w, table)
		if refusal.KindOf(h.blind(w)) == 0 {
			t.Error("an answer that gives it away is not seen")
		}
		livetest.KeepTable(t, "others", reachTable(table), *rewriteRights)
	})
}

// reaches tries one call, and fails if it gets at anything.
func (h *house) reaches(w theirs, who, method, path, body string, headers ...string) int {
	h.t.Helper()
	if strings.HasPrefix(path, "/api/v1/files?") {
		headers = append(headers, "Content-Type", "text/plain")
	}
	got := h.quiet(method, path, body, headers...)
	if err := w.given(got); err != nil {
		h.t.Errorf("%s %s by %s: %d: %v", method, path, who, got.Code, err)
	}
	own := method == http.MethodDelete && strings.HasPrefix(path, "/api/v1/me/") // drops what one has begun oneself, if anything
	if method != http.MethodGet && got.Code < 400 && !own {
		h.t.Errorf("%s %s by %s is done: %d", method, path, who, got.Code)
	}
	return got.Code
}

// given refuses an answer that gives something away; a refusal may name what was
// asked for.
func (w theirs) given(got *httptest.ResponseRecorder) error {
	for _, mark := range w.marks {
		if got.Code < 400 && strings.Contains(got.Body.String(), mark) {
			return refusal.New(refusal.Denied, "the answer has %q", mark)
		}
	}
	return nil
}

// blind is what is said of an answer that does give it away.
func (h *house) blind(w theirs) error {
	return w.given(h.quiet("GET", "/api/v1/conversations/"+w.conversation, "", h.bearer("boss")...))
}

// inside adds what is granted to who has these bounds and all roles, without
// doing what would change something.
func (h *house) inside(w theirs, table map[string][]string) {
	h.t.Helper()
	for _, call := range slices.Sorted(maps.Keys(table)) {
		method, _, _ := strings.Cut(call, " ")
		path, _, _ := w.reach(call)
		what := "по роли"
		if method == http.MethodGet {
			code := h.quiet(method, path, "", h.bearer("boss")...).Code
			if what = outcome(code); code == 401 || code == 403 || code == 404 {
				h.t.Errorf("%s is refused to who has the bounds: %d", call, code)
			}
		}
		table[call] = append([]string{what}, table[call]...)
	}
}

func outcome(code int) string {
	switch {
	case code < 400:
		return "без чужого"
	case code == http.StatusNotFound:
		return "нет такого"
	}
	return fmt.Sprintf("отказ %d", code)
}

func reachTable(table map[string][]string) string {
	var b strings.Builder
	b.WriteString("| Вызов | Своя область | Другой центр | Другая группа | Без области |\n|---|---|---|---|---|\n")
	for _, call := range slices.Sorted(maps.Keys(table)) {
		cells := table[call]
		if cells[0] == "без чужого" {
			cells[0] = "да"
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", call, strings.Join(cells, " | "))
	}
	return b.String()
}
