package main

import (
	"context"
	"path/filepath"
	"time"

	"crafttalkd/store/search/talk"
)

// talkDir is where the index of what was said lives.
func talkDir(dir string) string { return filepath.Join(dir, "talk") }

// openTalk starts the search of finished conversations. It is a reading that
// anybody can do without for a while, so what goes wrong with it ends nothing
// else.
func (n *node) openTalk(ctx context.Context) (err error) {
	if n.talk, err = talk.Open(talkDir(n.dir), n.master.Derive("index of conversations"), n.journal); err != nil {
		return err
	}
	if why := n.talk.Fresh(); why != "" {
		n.log.Info("the index of conversations is made anew", "why", why)
	}
	n.running.Go(func() {
		n.followTalk(ctx)
		if err := n.talk.Close(); err != nil {
			n.log.Error("conversations' search", "err", err)
		}
	})
	return nil
}

func (n *node) followTalk(ctx context.Context) {
	for ctx.Err() == nil {
		err := n.talk.Follow(ctx)
		if err == nil {
			return // the journal is closed
		}
		n.log.Error("conversations' search", "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(searchPause):
		}
	}
}
