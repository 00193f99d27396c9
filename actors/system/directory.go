package system

import (
	"context"
	"sync"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/store/journal"
)

// A Directory is the organisation as everybody outside the actors reads it:
// the present state, published anew after every change.
type Directory struct {
	mu      sync.Mutex // guards what follows
	state   directory.State
	changed chan struct{} // closed at the next change
}

// readDirectory makes the state of what was kept.
func readDirectory(j *journal.Journal) (*Directory, error) {
	d := &Directory{changed: make(chan struct{})}
	for e, err := range j.Events(event.DirectoryStream, 0) {
		if err != nil {
			return nil, err
		}
		d.state = directory.Apply(d.state, e.Event)
	}
	return d, nil
}

// State returns the organisation at this moment.
func (d *Directory) State() directory.State {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.state
}

// Wait returns once the published state has the version, so that who changed
// something reads the change.
func (d *Directory) Wait(ctx context.Context, version uint64) error {
	for {
		d.mu.Lock()
		there, changed := d.state.Version >= version, d.changed
		d.mu.Unlock()
		if there {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// take follows the directory's stream.
func (d *Directory) take(batch []journal.Entry) error {
	for _, e := range batch {
		if e.Stream == event.DirectoryStream {
			d.apply(e)
		}
	}
	return nil
}

func (d *Directory) apply(e journal.Entry) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if e.Version != d.state.Version+1 {
		return // read at the start already
	}
	d.state = directory.Apply(d.state, e.Event)
	close(d.changed)
	d.changed = make(chan struct{})
}
