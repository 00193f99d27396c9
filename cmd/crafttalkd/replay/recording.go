package replay

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// A Dialog is one recorded conversation. testdata/traffic/README.md describes
// the format.
type Dialog struct {
	ID       string    `json:"id"`
	Language string    `json:"language"`
	Topic    string    `json:"topic"`
	Customer *Person   `json:"customer"` // nil for somebody new
	Channel  string    `json:"channel"`  // widget if empty
	Line     string    `json:"line"`
	Skills   []string  `json:"skills"`
	Messages []Message `json:"messages"`
}

// A Person is the customer of one or more dialogs.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// A Message is one message of a dialog.
type Message struct {
	From        string       `json:"from"`
	Text        string       `json:"text"`
	After       *float64     `json:"after"` // seconds since the previous message; nil where nobody measured
	Channel     string       `json:"channel"`
	Attachments []Attachment `json:"attachments"`
	Buttons     []Button     `json:"buttons"`
	Pressed     *Button      `json:"pressed"`
}

// An Attachment is a file of a message, without its bytes.
type Attachment struct {
	Name string `json:"name"`
	MIME string `json:"mime"`
	Size int64  `json:"size"`
}

// A Button is something to press.
type Button struct {
	Caption string `json:"caption"`
	Value   string `json:"value"`
}

// Who writes, and where.
const (
	customer = "customer"
	operator = "operator"
	widget   = "widget"
	api      = "api"
)

const longestLine = 4 << 20

// Read reads recordings, plain or gzipped. A directory stands for the .jsonl
// and .jsonl.gz files in it. An error names the file and the line.
func Read(files []string) ([]Dialog, error) {
	var all []Dialog
	for _, f := range files {
		names, err := spread(f)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if all, err = readFile(all, name); err != nil {
				return nil, err
			}
		}
	}
	if len(all) == 0 {
		return nil, errors.New("there are no recordings to play")
	}
	return all, nil
}

func spread(name string) ([]string, error) {
	info, err := os.Stat(name)
	if err != nil || !info.IsDir() {
		return []string{name}, err
	}
	plain, err := filepath.Glob(filepath.Join(name, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	zipped, err := filepath.Glob(filepath.Join(name, "*.jsonl.gz"))
	return append(plain, zipped...), err
}

func readFile(all []Dialog, name string) ([]Dialog, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := unzipped(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), longestLine)
	n := 0
	for lines.Scan() {
		n++
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		d, err := parse(lines.Bytes())
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		all = append(all, d)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", name, n+1, err)
	}
	return all, nil
}

// unzipped tells a gzipped file by how it begins.
func unzipped(f io.Reader) (io.Reader, error) {
	r := bufio.NewReader(f)
	if magic, _ := r.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return gzip.NewReader(r)
	}
	return r, nil
}

func parse(line []byte) (Dialog, error) {
	var d Dialog
	if err := json.Unmarshal(line, &d); err != nil {
		return d, err
	}
	if d.ID == "" {
		return d, errors.New("the dialog has no id")
	}
	wrote := false
	for i := range d.Messages {
		if err := d.Messages[i].check(); err != nil {
			return d, fmt.Errorf("dialog %s, message %d: %w", d.ID, i+1, err)
		}
		wrote = wrote || d.Messages[i].From == customer
	}
	switch {
	case !wrote:
		return d, fmt.Errorf("dialog %s: the customer writes nothing", d.ID)
	case !channel(d.Channel):
		return d, fmt.Errorf("dialog %s: there is no channel %q", d.ID, d.Channel)
	}
	return d, nil
}

func channel(name string) bool { return name == "" || name == widget || name == api }

func (m *Message) check() error {
	switch {
	case m.From != customer && m.From != operator:
		return fmt.Errorf("it is from %q, not from customer or operator", m.From)
	case m.words() == "":
		return errors.New("it says nothing")
	case m.After != nil && *m.After < 0:
		return errors.New("it comes before the previous one")
	case !channel(m.Channel):
		return fmt.Errorf("there is no channel %q", m.Channel)
	}
	return nil
}

// words returns what the message says, where only text can be said: files are
// named, and a press is its caption.
func (m *Message) words() string {
	parts := make([]string, 0, 1+len(m.Attachments))
	if m.Text != "" {
		parts = append(parts, m.Text)
	}
	for _, a := range m.Attachments {
		parts = append(parts, "["+a.Name+"]")
	}
	if len(parts) == 0 && m.Pressed != nil {
		return m.Pressed.Caption
	}
	return strings.Join(parts, " ")
}
