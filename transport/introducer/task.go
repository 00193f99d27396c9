package introducer

import (
	"encoding/json"
	"fmt"

	"crafttalkd/store"
)

// A task is an address of a customer, named by the event that brought it.
type task struct {
	Stream  string `json:"stream"`
	Version uint64 `json:"version"`
	Account string `json:"account"`
}

func (t task) key() string { return fmt.Sprintf("%s@%d", t.Stream, t.Version) }

func (t task) row() (store.Row, error) {
	value, err := json.Marshal(t)
	return store.Row{Table: rows, Key: t.key(), Value: value}, err
}

func readTask(row store.Row) (t task, err error) {
	if err := json.Unmarshal(row.Value, &t); err != nil {
		return t, fmt.Errorf("row %q: %w", row.Key, err)
	}
	return t, nil
}
