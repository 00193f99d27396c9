package showroom

import (
	"bytes"
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Center is the center of everything that is set up. It is also where the
// package replay plays, so that its conversations are the center's own.
const Center = "replay"

//go:embed center.json
var centerJSON []byte

//go:embed people.json
var peopleJSON []byte

// Staff is what the operators of recorded conversations are called.
var Staff = [...]string{"Алексей Громов", "Наталья Зайцева", "Сергей Лебедев", "Юлия Комарова", "Максим Орлов", "Татьяна Белкина",
	"Роман Титов", "Вера Савельева", "Никита Панов", "Дарья Котова", "Илья Мельник", "Полина Жукова"}

// A Showroom is a running server that is being set up.
type Showroom struct {
	url, token string // of the administrator
	http       *http.Client
	keys       map[string]string // of accounts of the channel API
}

type object map[string]any

// Open signs the administrator in.
func Open(ctx context.Context, url, login, password string) (*Showroom, error) {
	s := &Showroom{url: strings.TrimRight(url, "/"), http: &http.Client{Timeout: 30 * time.Second}, keys: map[string]string{}}
	var err error
	s.token, err = s.signIn(ctx, login, password)
	return s, err
}

func (s *Showroom) signIn(ctx context.Context, login, password string) (string, error) {
	var a struct{ Token string }
	err := s.ask(ctx, http.MethodPost, "/api/v1/session", "", object{"login": login, "password": password}, &a)
	return a.Token, err
}

// Furnish makes the organisation. What operators answer in the channel API
// goes to the webhook.
func (s *Showroom) Furnish(ctx context.Context, webhook string) error {
	var entries []struct {
		Kind, ID string
		Body     object
	}
	if err := json.Unmarshal(centerJSON, &entries); err != nil {
		return fmt.Errorf("center.json: %w", err)
	}
	for _, e := range entries {
		if e.Kind == "accounts" && e.Body["kind"] == "api" {
			e.Body["settings"] = object{"webhook_url": webhook}
		}
		var made struct{ Key string }
		if err := s.ask(ctx, http.MethodPut, "/api/v1/"+e.Kind+"/"+e.ID, s.token, e.Body, &made); err != nil {
			return err
		}
		if made.Key != "" {
			s.keys[e.ID] = made.Key
		}
	}
	return nil
}

// A Person can sign in.
type Person struct {
	Login, Password, Name string
	Position              string // operator or supervisor
}

// Hire makes the people who work in the center. Each has a password of this
// start. They serve every line there is.
func (s *Showroom) Hire(ctx context.Context) ([]Person, error) {
	var people []struct {
		Login, Position string
		FirstName       string `json:"first_name"`
		LastName        string `json:"last_name"`
		Roles           []string
		Capacity        int
		Serves          bool
	}
	if err := json.Unmarshal(peopleJSON, &people); err != nil {
		return nil, fmt.Errorf("people.json: %w", err)
	}
	served := object{}
	for field, kind := range map[string]string{"line_ids": "lines", "languages": "languages", "skills": "skills"} {
		var err error
		if served[field], err = s.every(ctx, kind, strings.TrimSuffix(field, "s")); err != nil {
			return nil, err
		}
	}
	var out []Person
	for _, p := range people {
		who := Person{p.Login, NewPassword(), p.FirstName + " " + p.LastName, p.Position}
		body := object{"login": p.Login, "password": who.Password, "first_name": p.FirstName, "last_name": p.LastName,
			"position_id": p.Position, "roles": p.Roles, "center_ids": []string{Center}, "capacity": p.Capacity}
		for field, ids := range served {
			if p.Serves {
				body[field] = ids
			}
		}
		if err := s.ask(ctx, http.MethodPut, "/api/v1/users/"+p.Login, s.token, body, nil); err != nil {
			return nil, err
		}
		out = append(out, who)
	}
	return out, nil
}

// every returns one field of all entries of a kind.
func (s *Showroom) every(ctx context.Context, kind, field string) ([]string, error) {
	items, err := s.list(ctx, kind)
	var out []string
	for _, x := range items {
		out = append(out, fmt.Sprint(x[field]))
	}
	return out, err
}

func (s *Showroom) list(ctx context.Context, kind string) ([]object, error) {
	var a struct{ Items []object }
	err := s.ask(ctx, http.MethodGet, "/api/v1/"+kind, s.token, nil, &a)
	return a.Items, err
}

// NewPassword makes a password that people can type.
func NewPassword() string {
	t := strings.ToLower(rand.Text())
	return t[:4] + "-" + t[4:8] + "-" + t[8:12]
}

// Retire switches the accounts off that recorded conversations came in by, so
// that operators are not offered them.
func (s *Showroom) Retire(ctx context.Context) error {
	accounts, err := s.list(ctx, "accounts")
	if err != nil {
		return err
	}
	for _, a := range accounts {
		id := fmt.Sprint(a["account_id"])
		if !strings.HasPrefix(id, Center+"-") {
			continue
		}
		body := object{"kind": a["kind"], "name": a["name"], "center_id": a["center_id"], "routing": a["routing"],
			"settings": a["settings"], "disabled": true, "revision": a["revision"]}
		if err := s.ask(ctx, http.MethodPut, "/api/v1/accounts/"+id, s.token, body, nil); err != nil {
			return err
		}
	}
	return nil
}

// ask makes one request and reads the answer into a, unless a is nil.
func (s *Showroom) ask(ctx context.Context, method, path, token string, body object, a any) error {
	var b []byte
	if body != nil {
		var err error
		if b, err = json.Marshal(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, bytes.NewReader(b))
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
	text, err := io.ReadAll(io.LimitReader(resp.Body, 8<<20))
	switch {
	case err != nil:
		return fmt.Errorf("%s %s: %w", method, path, err)
	case resp.StatusCode >= 300:
		return fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, text[:min(len(text), 300)])
	case a == nil || len(text) == 0:
		return nil
	}
	if err := json.Unmarshal(text, a); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}
