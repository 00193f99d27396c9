package herald

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"crafttalkd/store"
)

// The tables. Keys begin with the webhook's id and a slash. None holds a word of
// what was posted.
const (
	places  = "webhook"         // how far the feed has been read
	waiting = "webhook.waiting" // letters that are tried again
	failed  = "webhook.failed"  // letters that were given up
	logs    = "webhook.log"     // the latest attempts
)

// A letter is a fact that the receiver has not taken.
type letter struct {
	key     string
	Stream  string    `json:"stream"`
	Version uint64    `json:"version"`
	Tries   int       `json:"tries"`
	First   time.Time `json:"first"` // when it was first tried
	Next    time.Time `json:"next"`
	Error   string    `json:"error"`
}

func (l letter) item() string { return fmt.Sprintf("%s@%d", l.Stream, l.Version) }

// An Attempt is one post, as the log tells it.
type Attempt struct {
	At       time.Time     `json:"at"`
	Item     string        `json:"item"`
	Kind     string        `json:"kind"`
	Status   int           `json:"status"` // of the answer; 0 for none
	Duration time.Duration `json:"duration"`
	Error    string        `json:"error"`
	Next     time.Time     `json:"next,omitzero"` // when it is tried again
}

// A Failed is a letter that was given up.
type Failed struct {
	Item  string
	First time.Time
	Tries int
	Error string
}

// Attempts returns the latest attempts of a webhook, the last first.
func (h *Herald) Attempts(id string) ([]Attempt, error) {
	var out []Attempt
	err := scan(h.Table, logs, id, func(_ string, a Attempt) { out = append(out, a) })
	slices.SortStableFunc(out, func(a, b Attempt) int { return b.At.Compare(a.At) })
	return out, err
}

// Failed returns what was given up, the oldest first.
func (h *Herald) Failed(id string) ([]Failed, error) {
	var out []Failed
	err := scan(h.Table, failed, id, func(_ string, l letter) { out = append(out, Failed{l.item(), l.First, l.Tries, l.Error}) })
	return out, err
}

// Waiting returns how many facts are tried again.
func (h *Herald) Waiting(id string) (n int, err error) {
	err = scan(h.Table, waiting, id, func(string, letter) { n++ })
	return n, err
}

// scan reads the rows of a webhook.
func scan[T any](t store.Table, table, id string, take func(key string, v T)) error {
	for row, err := range t.Scan(table, id+"/") {
		var v T
		if err == nil {
			err = json.Unmarshal(row.Value, &v)
		}
		if err != nil {
			return fmt.Errorf("webhook %s: %w", id, err)
		}
		take(row.Key, v)
	}
	return nil
}

func rowOf(table, key string, v any) store.Row {
	value, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings, numbers and times
	}
	return store.Row{Table: table, Key: key, Value: value}
}
