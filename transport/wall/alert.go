package wall

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/wall"
	"crafttalkd/store"
	"crafttalkd/transport/accounts"
)

// alertRows is the table of the alerts that are up. It is written together with
// the posts that tell of them, so that a process that ends in between neither
// forgets to tell nor tells twice.
const alertRows = "alert"

func readAlerts(t store.Table) (map[string]wall.Alert, error) {
	out := map[string]wall.Alert{}
	for row, err := range t.Scan(alertRows, "") {
		if err != nil {
			return nil, fmt.Errorf("read the alerts: %w", err)
		}
		var a wall.Alert
		if err := json.Unmarshal(row.Value, &a); err != nil {
			return nil, fmt.Errorf("alert %q: %w", row.Key, err)
		}
		out[row.Key] = a
	}
	return out, nil
}

// A trouble is an account that is broken.
type trouble struct {
	since time.Time
	last  time.Time // when it was seen to be
}

// mended is how long an account must not be broken before it counts as well: one
// that fails every other time fails, and one that has just been opened, as after
// a restart, has not shown yet whether it does.
const mended = time.Minute

// ail notes which accounts are broken, and returns how long each has been. The
// lock is held.
func (w *Wall) ail(d directory.State, now time.Time) (out []wall.Alert) {
	for id, c := range w.conditions {
		t := w.failing[id]
		if c.State == accounts.Broken {
			if t.since.IsZero() {
				t.since = now
			}
			t.last = now
			w.failing[id] = t
		}
	}
	policy := policies(d)
	for id, t := range w.failing {
		a := d.Account(id)
		if a == nil || a.Disabled || now.Sub(t.last) >= mended {
			delete(w.failing, id)
			continue
		}
		out = append(out, wall.Alert{Kind: wall.Failing, Center: a.CenterId, Subject: id, Value: t.last.Sub(t.since).Seconds(),
			Bound: policy(a.CenterId).GetFailingOver().AsDuration().Seconds()})
	}
	return out
}

// remember takes up the accounts of the alerts that a former process raised.
func (w *Wall) remember(now time.Time) {
	for _, a := range w.alerts {
		if a.Kind == wall.Failing {
			w.failing[a.Subject] = trouble{since: a.Since.Add(-time.Duration(a.Bound * float64(time.Second))), last: now}
		}
	}
}

// judge raises what must be raised, and ends what is over.
func (w *Wall) judge(ctx context.Context) {
	now, d := w.config.System.Now(), w.directory()
	w.mu.Lock()
	if !w.judged {
		w.judged = true
		if w.fault == forgetful {
			w.alerts = map[string]wall.Alert{}
		}
		w.remember(now)
	}
	raise, over := wall.Judge(w.alerts, append(w.model.Measure(policies(d), now), w.ail(d, now)...), now)
	up := maps.Clone(w.alerts)
	w.mu.Unlock()
	if len(raise)+len(over) > 0 {
		if err := w.keep(d, up, raise, over, now); err != nil {
			w.config.Log.Error("wall: alerts", "err", err) // they are raised with the next look
			return
		}
	}
	w.hooks.send(ctx, d, now)
}

// keep writes what was raised and what is over, with the posts that say so, and
// shows it then.
func (w *Wall) keep(d directory.State, up map[string]wall.Alert, raise []wall.Alert, over []string, now time.Time) error {
	slices.SortFunc(raise, func(a, b wall.Alert) int { return a.Since.Compare(b.Since) })
	var changed []store.Row
	var posts []*post
	for _, a := range raise {
		value, err := json.Marshal(a)
		if err != nil {
			return err
		}
		changed = append(changed, store.Row{Table: alertRows, Key: a.Key(), Value: value})
		posts = append(posts, newPost("alert.raised", a, now))
		up[a.Key()] = a
	}
	for _, k := range over {
		changed = append(changed, store.Row{Table: alertRows, Key: k})
		posts = append(posts, newPost("alert.over", up[k], now))
		delete(up, k)
	}
	told, err := w.hooks.rows(d, posts)
	if err != nil {
		return err
	}
	if err := w.config.Table.Put(append(changed, told...), true); err != nil {
		return err
	}
	w.hooks.add(posts)
	for _, a := range raise {
		w.config.Log.Warn("alert", "kind", a.Kind, "center", a.Center, "of", a.Subject, "value", a.Value, "bound", a.Bound)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.alerts = up
	for _, r := range changed {
		if r.Table == alertRows {
			w.dirty[key{alerts, r.Key}] = struct{}{}
		}
	}
	return nil
}
