package search

import (
	"time"

	"github.com/blugelabs/bluge"
)

// A view is what the index was at one moment. It stays while nothing is changed,
// for a while: the index puts its parts together as it likes, by which scores move
// a little, and who turns pages would meet an article twice and another not at
// all.
type view struct {
	reader *bluge.Reader
	users  int // questions, and the generation while the view is its present one
	old    *time.Timer
}

// stays is how long a view stays: as long as somebody reads a page, and not so long
// that what has been put together keeps its room on the disk.
const stays = time.Minute

// look returns the present view, which is given back with leave.
func (g *generation) look() (*view, error) {
	g.viewing.Lock()
	defer g.viewing.Unlock()
	if g.view == nil {
		r, err := g.writer.Reader()
		if err != nil {
			return nil, err
		}
		v := &view{reader: r, users: 1}
		v.old = time.AfterFunc(stays, func() { _ = g.turn(v) })
		g.view = v
	}
	g.view.users++
	return g.view, nil
}

// leave gives a view back. Who is the last closes it.
func (g *generation) leave(v *view) error {
	g.viewing.Lock()
	defer g.viewing.Unlock()
	return v.release()
}

func (v *view) release() error {
	if v.users--; v.users > 0 {
		return nil
	}
	return v.reader.Close()
}

// turn takes a view away, or whichever there is for nil: the next question has a new
// one.
func (g *generation) turn(away *view) error {
	g.viewing.Lock()
	defer g.viewing.Unlock()
	v := g.view
	if v == nil || away != nil && away != v {
		return nil
	}
	g.view = nil
	v.old.Stop()
	return v.release()
}
