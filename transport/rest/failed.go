package rest

import (
	"context"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/auth"
)

// Errors is the error queue: what came in and could not be understood or processed.
type Errors interface {
	List(ctx context.Context) ([]Failed, error)
	Retry(ctx context.Context, id, by string) error
	Discard(ctx context.Context, id, by string) error
	// Raw returns an update that nobody understood, as it came.
	Raw(ctx context.Context, id string) ([]byte, error)
}

// Failed is a message whose processing failed, or an update that nobody understood.
type Failed struct {
	ErrorID   string    `json:"error_id"`
	At        time.Time `json:"at"`
	AccountID string    `json:"account_id"`
	Reason    string    `json:"reason"`
	Size      int       `json:"size" doc:"bytes, as it came in"`
	Raw       string    `json:"raw,omitempty" doc:"the kind of an update that nobody understood when it came: it can be looked at, and processed again once the program or the settings have changed"`
}

// visibleErrors are those of the accounts within the asker's scope. What came
// through no account we know is for who sets up the channels.
func (c *call) visibleErrors() ([]Failed, error) {
	all, err := c.config.Errors.List(c.r.Context())
	out := []Failed{}
	for _, f := range all {
		if a := c.directory().Account(f.AccountID); a != nil && c.sees(a.CenterId, a.Routing) ||
			a == nil && auth.Can(c.asker.user, directory.ModifyConfiguration) {
			out = append(out, f)
		}
	}
	return out, err
}

func (c *call) listErrors() (List[Failed], error) {
	failed, err := c.visibleErrors()
	return List[Failed]{failed}, err
}

func (c *call) retryError() error {
	if err := c.knownError(); err != nil {
		return err
	}
	c.config.Log.Info("error queue: retried", "item", c.id(), "by", c.by())
	return c.config.Errors.Retry(c.r.Context(), c.id(), c.by())
}

func (c *call) discardError() error {
	if err := c.knownError(); err != nil {
		return err
	}
	c.config.Log.Info("error queue: discarded", "item", c.id(), "by", c.by())
	return c.config.Errors.Discard(c.r.Context(), c.id(), c.by())
}

func (c *call) knownError() error {
	failed, err := c.visibleErrors()
	if err != nil {
		return err
	}
	for _, f := range failed {
		if f.ErrorID == c.id() {
			return nil
		}
	}
	return refusal.New(refusal.NotFound, "there is no such item in the error queue")
}

// rawError hands out an update that nobody understood, byte by byte.
func (c *call) rawError() error {
	if err := c.knownError(); err != nil {
		return err
	}
	raw, err := c.config.Errors.Raw(c.r.Context(), c.id())
	if err != nil {
		return err
	}
	c.config.Log.Info("error queue: looked at", "item", c.id(), "by", c.by())
	h := c.w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", `attachment; filename="update.bin"`)
	c.w.Write(raw) // who has gone does not wait for it
	return nil
}
