package replay

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// A bar shows how far a run is, on one line of a terminal.
type bar struct {
	w    io.Writer
	wide int
}

const barWidth = 30

// show draws the bar until ctx ends. Where w is no terminal it shows nothing.
func (b bar) show(ctx context.Context, done func() float64, l *ledger) {
	if !terminal(b.w) {
		return
	}
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			b.draw(done(), l)
		case <-ctx.Done():
			fmt.Fprintf(b.w, "\r%*s\r", b.wide, "")
			return
		}
	}
}

func (b *bar) draw(done float64, l *ledger) {
	full := int(min(max(done, 0), 1) * barWidth)
	line := fmt.Sprintf("[%s%s] sent %d, acknowledged %d, delivered %d", strings.Repeat("#", full),
		strings.Repeat("-", barWidth-full), l.sent.Load(), l.acked.Load(), l.delivered.Load())
	b.wide = max(b.wide, len(line))
	fmt.Fprintf(b.w, "\r%-*s", b.wide, line)
}

func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
