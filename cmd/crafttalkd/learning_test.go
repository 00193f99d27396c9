package main

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

// learnt waits until the server has a model, and returns its name.
func (c client) learnt(t *testing.T) string {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for range 600 {
		var state struct {
			Languages []struct {
				Model struct {
					ID string `json:"model_id"`
				}
			}
		}
		if err := c.ask("GET", "/api/v1/bot", nil, &state); err != nil {
			t.Fatal(err)
		}
		if len(state.Languages) > 0 && state.Languages[0].Model.ID != "" {
			return state.Languages[0].Model.ID
		}
		<-tick.C
	}
	t.Fatal("the bot has learnt nothing in a minute")
	return ""
}

// proves BT-05: a server learns what its knowledge base says by itself, knows it
// after being killed, and answers how sure it is; a restored backup has no
// model, and learns again.
func TestBT05_TheServerLearns(t *testing.T) {
	out := t.TempDir()
	dir, listen := filepath.Join(out, "data"), "127.0.0.1:0"
	server := newServer(t, dir, "--listen", listen)
	admin := func() client {
		c, err := signIn(server.url, adminLogin, adminPassword)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := admin()
	for id, questions := range map[string][]string{
		"lost": {"я потерял карту", "заблокируйте карту", "украли карту, что делать", "карта пропала"},
		"rate": {"какой курс доллара", "курс евро", "по какому курсу обмен валюты", "где курсы валют"},
	} {
		if err := c.ask("PUT", "/api/v1/articles/"+id, object{"identifier": id, "title": "Статья " + id, "questions": questions,
			"answers": []object{{"answer_id": "1", "text": "Ответ"}}}, nil); err != nil {
			t.Fatal(err)
		}
	}
	model := c.learnt(t)
	try := func(c client) string {
		var got struct {
			Model string
			Items []struct {
				ID          string `json:"article_id"`
				Probability float64
			}
		}
		if err := c.ask("POST", "/api/v1/bot/try", object{"text": "потерялась карта"}, &got); err != nil || len(got.Items) == 0 {
			t.Fatal(got, err)
		}
		return fmt.Sprint(got.Model, got.Items)
	}
	before := try(c)
	server.kill()
	restart := func(dir string) {
		t.Helper()
		var err error
		if server, err = startChild(dir, nil, "--listen", listen); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.kill)
		c = admin()
	}
	restart(dir)
	if again := c.learnt(t); again != model {
		t.Errorf("after the kill model %s is in use, before it %s", again, model)
	}
	if after := try(c); after != before {
		t.Errorf("after the kill %s, before it %s", after, before)
	}
	backup := filepath.Join(out, "backup")
	command := (&scene{t: t}).command
	command("backup", backup, "--data", dir)
	if _, err := server.stop(); err != nil {
		t.Error(err)
	}
	restored := filepath.Join(out, "restored")
	command("restore", backup, "--data", restored, "--key", filepath.Join(dir, "master.key"))
	restart(restored)
	if c.learnt(t) == model {
		t.Error("the backup had the model")
	}
}
