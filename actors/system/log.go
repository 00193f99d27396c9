package system

import (
	"context"
	"log/slog"
)

// warnings passes on what the actor library has to complain about, and nothing
// of its everyday.
type warnings struct{ slog.Handler }

// Enabled implements [slog.Handler].
func (w warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && w.Handler.Enabled(ctx, l)
}
