package telegram

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"crafttalkd/channels"
)

const (
	patience = 25          // seconds that Telegram may wait for an update
	breath   = time.Second // between calls that brought nothing at once
	atOnce   = 100         // updates in a batch
)

// Poll asks Telegram for updates until ctx is done, telegram.md 2.2. It
// implements [channels.Poller]. A batch is confirmed with the next call, and so
// once it is kept.
func (c *Channel) Poll(ctx context.Context) error {
	if !c.polls() {
		if c.Webhook == "" {
			return errors.New("the server has no public address that Telegram could call; let it poll")
		}
		return channels.ErrNoPolling
	}
	var presses sync.WaitGroup
	defer presses.Wait()
	err := c.poll(ctx, &presses)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (c *Channel) poll(ctx context.Context, presses *sync.WaitGroup) error {
	if _, err := c.ask(ctx, c.caller, "deleteWebhook", map[string]any{"drop_pending_updates": false}); err != nil {
		return fmt.Errorf("take back the webhook: %w", err)
	}
	for next := int64(0); ; {
		begin := time.Now()
		all, err := c.batch(ctx, next)
		if err != nil {
			return err
		}
		for _, u := range all {
			next = max(next, u.id+1)
		}
		for _, u := range bundle(all) {
			if err := c.keep(ctx, u); err != nil {
				return fmt.Errorf("keep what Telegram brought: %w", err)
			}
			if u.press != "" {
				presses.Go(func() { c.endPress(ctx, u.press) })
			}
		}
		if len(all) > 0 && next <= 1 {
			return errors.New("Telegram's updates have no numbers")
		}
		if len(all) == 0 && time.Since(begin) < breath && !pause(ctx, breath) {
			return nil
		}
	}
}

// batch asks for updates from next on. If the last is a piece of an album, it
// asks again until no more pieces come.
func (c *Channel) batch(ctx context.Context, next int64) ([]update, error) {
	all, err := c.updates(ctx, next, patience)
	for err == nil && len(all) > 0 && len(all) < atOnce && all[len(all)-1].album != "" {
		if !pause(ctx, together) {
			return nil, ctx.Err()
		}
		more, err := c.updates(ctx, next, 0)
		if err != nil {
			return nil, err
		}
		if len(more) <= len(all) {
			return all, nil
		}
		all = more
	}
	return all, err
}

func (c *Channel) updates(ctx context.Context, next int64, wait int) ([]update, error) {
	fields := map[string]any{"timeout": wait, "limit": atOnce, "allowed_updates": allowed}
	if next > 0 {
		fields["offset"] = next
	}
	list, err := c.ask(ctx, c.patient, "getUpdates", fields)
	if err != nil {
		return nil, fmt.Errorf("ask for updates: %w", err)
	}
	var all []update
	for _, v := range list.List() {
		all = append(all, sensible(v, v.Raw()))
	}
	return all, nil
}

// endPress lets the pressed button rest. What it answers does not matter: too
// late is late.
func (c *Channel) endPress(ctx context.Context, press string) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	_, _ = c.ask(ctx, c.caller, "answerCallbackQuery", map[string]any{"callback_query_id": press})
}

// pause waits, and tells whether ctx is not done.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
