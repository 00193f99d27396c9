package rest

import (
	"bytes"
	_ "embed" // the page and its looks
	"fmt"
	"html/template"
	"net/http"
	"time"
)

//go:embed status.html
var statusHTML string

//go:embed status.css
var statusCSS []byte

var statusPage = template.Must(template.New("status").Parse(statusHTML))

// A status is what the page shows. It names nobody.
type status struct {
	Lang, Version, Uptime, Up string
	Ready                     bool
	Words                     map[string]string
	Figures                   []figure
}

type figure struct {
	Name  string
	Value int
}

// words are the page's, in the languages it speaks.
var words = map[string]map[string]string{
	"ru": {
		"title": "Сервер crafttalkd", "ready": "Принимает обращения", "unready": "Сейчас не принимает обращения",
		"version": "Версия", "up": "Работает", "actors": "Акторы в памяти", "flowing": "Команды в пути",
		"users": "Пользователи", "lines": "Группы", "channels": "Каналы", "docs": "Для разработчиков",
		"api": "Описание API", "metrics": "Показатели", "health": "Проверка готовности", "other": "English", "otherLang": "en",
		"days": "%d д %d ч", "hours": "%d ч %d мин",
	},
	"en": {
		"title": "crafttalkd server", "ready": "Takes conversations", "unready": "Does not take conversations now",
		"version": "Version", "up": "Running for", "actors": "Actors in memory", "flowing": "Commands on their way",
		"users": "Users", "lines": "Support lines", "channels": "Channels", "docs": "For developers",
		"api": "API description", "metrics": "Metrics", "health": "Readiness check", "other": "Русский", "otherLang": "ru",
		"days": "%d d %d h", "hours": "%d h %d min",
	},
}

// page tells a person how the server is.
func (c *call) page() error {
	lang := "ru"
	if c.r.URL.Query().Get("lang") == "en" {
		lang = "en"
	}
	w, d, stats := words[lang], c.directory(), c.config.System.Stats()
	_, notReady := c.ready()
	up := c.config.System.Now().Sub(c.config.Started)
	s := status{Lang: lang, Version: c.config.Version, Uptime: duration(w, up), Ready: notReady == nil, Words: w, Figures: []figure{
		{w["users"], len(d.Users)}, {w["lines"], len(d.Lines)}, {w["channels"], len(d.Accounts)},
		{w["actors"], stats.Actors}, {w["flowing"], stats.Flowing},
	}}
	var b bytes.Buffer
	if err := statusPage.Execute(&b, s); err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	c.w.WriteHeader(http.StatusOK)
	c.w.Write(b.Bytes())
	return nil
}

// duration writes d in its two largest units.
func duration(w map[string]string, d time.Duration) string {
	hours, minutes := int(d.Hours()), int(d.Minutes())%60
	if hours >= 24 {
		return fmt.Sprintf(w["days"], hours/24, hours%24)
	}
	return fmt.Sprintf(w["hours"], hours, minutes)
}

func (c *call) looks() error {
	c.w.Header().Set("Content-Type", "text/css; charset=utf-8")
	c.w.WriteHeader(http.StatusOK)
	c.w.Write(statusCSS)
	return nil
}
