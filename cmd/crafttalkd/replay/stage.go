package replay

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A stage is what the player puts into the server before it plays: a center of
// its own with lines, accounts and operators, made through REST. All that is
// known of those routes is in this file.
type stage struct {
	url, token string // of the administrator
	http       *http.Client
	run        string
	password   string // of every operator
}

// A route is what conversations of some account ask of an operator.
type route struct {
	line, language, skills string // skills by comma
}

func (r route) compare(o route) int {
	return cmp.Or(cmp.Compare(r.line, o.line), cmp.Compare(r.language, o.language), cmp.Compare(r.skills, o.skills))
}

const (
	center   = "replay"
	mostHeld = 100 // conversations that the server lets one operator have
	haste    = 1e4 // frames a second that a visitor of ours may send: more than a person
)

// roles is what an operator may do.
var roles = [...]string{"login", "view_client", "view_clients", "view_kb", "view_reroute_btn", "send_files", "send_pics", "modify_user_dissatisfaction"}

func newStage(o Options, run string) *stage {
	return &stage{url: strings.TrimRight(o.URL, "/"), http: &http.Client{Timeout: 30 * time.Second}, run: run, password: rand.Text()}
}

// signIn returns a token of the user.
func (s *stage) signIn(ctx context.Context, login, password string) (string, error) {
	var a struct {
		Token string `json:"token"`
	}
	err := s.ask(ctx, http.MethodPost, "/api/v1/session", "", object{"login": login, "password": password}, &a)
	if err == nil && a.Token == "" {
		err = fmt.Errorf("sign in as %s: the server gave no token", login)
	}
	return a.Token, err
}

// session makes a visitor of the account, and returns the visitor's token.
func (s *stage) session(ctx context.Context, account string) (string, error) {
	var a struct {
		Token string `json:"token"`
	}
	err := s.ask(ctx, http.MethodPost, "/widget/v1/"+account+"/session", "", object{}, &a)
	return a.Token, err
}

// routes makes the center, its lines, languages and skills, and a widget
// account for each route. It returns the accounts' ids.
func (s *stage) routes(ctx context.Context, all []route) (map[route]string, error) {
	if err := s.make(ctx, "centers", center, object{"name": "Replay"}); err != nil {
		return nil, err
	}
	for _, line := range column(all, func(r route) []string { return []string{r.line} }) {
		if err := s.make(ctx, "lines", line, object{"name": line, "center_id": center}); err != nil {
			return nil, err
		}
	}
	for _, l := range languages(all) {
		if err := s.make(ctx, "languages", l, object{"name": given(languageNames(l), l)}); err != nil {
			return nil, err
		}
	}
	for _, k := range skills(all) {
		if err := s.make(ctx, "skills", k, object{"name": k}); err != nil {
			return nil, err
		}
	}
	accounts := map[route]string{}
	for i, r := range all {
		id := center + "-" + strconv.Itoa(i+1)
		name, err := s.nameOf(ctx, r)
		if err != nil {
			return nil, err
		}
		body := object{"kind": "widget", "name": name, "center_id": center, "routing": r.routing(), "settings": object{"rate": 100_000}}
		if err := s.put(ctx, "accounts", id, body); err != nil {
			return nil, err
		}
		accounts[r] = id
	}
	return accounts, nil
}

// routeOf returns what a dialog asks for, in names that are the center's own.
func routeOf(d *Dialog) route {
	r := route{line: center, language: d.Language}
	if d.Line != "" {
		r.line = center + "-" + d.Line
	}
	for i, k := range slices.Sorted(slices.Values(d.Skills)) {
		if i > 0 {
			r.skills += ","
		}
		r.skills += center + "-" + k
	}
	return r
}

// apiAccount makes an account of the channel API, new in every run because its
// key is told only once.
func (s *stage) apiAccount(ctx context.Context, r route, webhook string) (id, key string, err error) {
	var a struct {
		Key string `json:"key"`
	}
	id = center + "-api-" + s.run
	name, err := s.nameOf(ctx, r)
	if err != nil {
		return "", "", err
	}
	body := object{"kind": "api", "name": name + ", API", "center_id": center, "routing": r.routing(), "settings": object{"webhook_url": webhook}}
	err = s.ask(ctx, http.MethodPut, "/api/v1/accounts/"+id, s.token, body, &a)
	return id, a.Key, err
}

// nameOf is what people call a route: its line, language and skills, by the
// names that the server has for them.
func (s *stage) nameOf(ctx context.Context, r route) (string, error) {
	paths := []string{"lines/" + r.line}
	for _, l := range languages([]route{r}) {
		paths = append(paths, "languages/"+l)
	}
	for _, k := range skills([]route{r}) {
		paths = append(paths, "skills/"+k)
	}
	names := make([]string, len(paths))
	for i, p := range paths {
		var a struct {
			Name string `json:"name"`
		}
		if err := s.ask(ctx, http.MethodGet, "/api/v1/"+p, s.token, nil, &a); err != nil {
			return "", err
		}
		names[i] = a.Name
	}
	return strings.Join(names, ", "), nil
}

// operators makes n operators who can serve every route, and returns their ids.
// The first of them are called by the names given.
func (s *stage) operators(ctx context.Context, n int, names []string, all []route) ([]string, error) {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = center + "-" + strconv.Itoa(i+1)
		first, last := "Replay", strconv.Itoa(i+1)
		if i < len(names) {
			first, last, _ = strings.Cut(names[i], " ")
		}
		body := object{
			"login": ids[i], "password": s.password, "first_name": first, "last_name": last,
			"roles": roles, "center_ids": []string{center}, "capacity": mostHeld,
			"line_ids":  column(all, func(r route) []string { return []string{r.line} }),
			"languages": languages(all), "skills": skills(all),
		}
		if err := s.put(ctx, "users", ids[i], body); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func (r route) routing() object {
	o := object{"line_id": r.line}
	if r.language != "" {
		o["language"] = r.language
	}
	if r.skills != "" {
		o["skills"] = strings.Split(r.skills, ",")
	}
	return o
}

func languages(all []route) []string {
	return column(all, func(r route) []string { return []string{r.language} })
}

// languageNames keeps a server that has these languages from losing their names.
func languageNames(tag string) string {
	return map[string]string{"ru": "Русский", "en": "English"}[tag]
}

func skills(all []route) []string {
	return column(all, func(r route) []string { return strings.Split(r.skills, ",") })
}

// column returns the different values that get finds in routes, in order.
func column(all []route, get func(route) []string) []string {
	set := map[string]bool{}
	for _, r := range all {
		for _, v := range get(r) {
			set[v] = true
		}
	}
	delete(set, "")
	return slices.AppendSeq(make([]string, 0, len(set)), sorted(set))
}

func sorted(set map[string]bool) func(func(string) bool) {
	return slices.Values(slices.Sorted(maps.Keys(set)))
}

type object map[string]any

// make puts an entry unless there is one: what others have called it stays.
func (s *stage) make(ctx context.Context, kind, id string, body object) error {
	revision, err := s.revision(ctx, kind, id)
	if err != nil || revision > 0 {
		return err
	}
	return s.ask(ctx, http.MethodPut, "/api/v1/"+kind+"/"+id, s.token, body, nil)
}

// put puts an entry over the one that an earlier run has left.
func (s *stage) put(ctx context.Context, kind, id string, body object) error {
	revision, err := s.revision(ctx, kind, id)
	if err != nil {
		return err
	}
	if revision > 0 {
		body["revision"] = revision
	}
	return s.ask(ctx, http.MethodPut, "/api/v1/"+kind+"/"+id, s.token, body, nil)
}

// revision returns that of an entry, or 0 if there is none.
func (s *stage) revision(ctx context.Context, kind, id string) (uint64, error) {
	var a struct {
		Revision uint64 `json:"revision"`
	}
	err := s.ask(ctx, http.MethodGet, "/api/v1/"+kind+"/"+id, s.token, nil, &a)
	if e, ok := errors.AsType[*refusedError](err); ok && e.status == http.StatusNotFound {
		return 0, nil
	}
	return a.Revision, err
}

// A refusedError is an answer that is not a success.
type refusedError struct {
	what   string
	status int
	text   string
}

func (e *refusedError) Error() string {
	return fmt.Sprintf("%s: status %d: %s", e.what, e.status, e.text)
}

// ask makes one request and reads the answer into a, unless a is nil. It waits
// and asks again while the server says that it is busy.
func (s *stage) ask(ctx context.Context, method, path, token string, body object, a any) error {
	var b []byte
	if body != nil {
		var err error
		if b, err = json.Marshal(body); err != nil {
			return err
		}
	}
	for wait := (backoff{}); ; {
		err := s.once(ctx, method, path, token, b, a)
		if !busy(err) || wait.tries == 20 {
			return err
		}
		if err := wait.pause(ctx); err != nil {
			return err
		}
	}
}

func (s *stage) once(ctx context.Context, method, path, token string, body []byte, a any) error {
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	switch {
	case err != nil:
		return fmt.Errorf("%s %s: %w", method, path, err)
	case resp.StatusCode >= 300:
		return &refusedError{method + " " + path, resp.StatusCode, string(text[:min(len(text), 300)])}
	case a == nil:
		return nil
	}
	if err := json.Unmarshal(text, a); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}
