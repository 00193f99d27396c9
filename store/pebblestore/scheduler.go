package pebblestore

import "github.com/cockroachdb/pebble/v2"

// A scheduler lets Pebble compact as its own does, but for what that does ten
// times a second: look whether more may run than before. That woke a server
// with nothing to do more often than everything else together. How many may
// run changes with a flush, which Pebble tells of, and with a compaction's end.
type scheduler struct {
	*pebble.ConcurrencyLimitScheduler
}

func newScheduler() pebble.CompactionScheduler {
	return scheduler{pebble.NewConcurrencyLimitSchedulerWithNoPeriodicGrantingForTest()}
}

// UpdateGetAllowedWithoutPermission is told of a flush. Whatever may run now is
// started by the end of a permission that was not used; beside the caller, who
// may hold Pebble's locks.
func (s scheduler) UpdateGetAllowedWithoutPermission() {
	go func() {
		if ok, permission := s.TrySchedule(); ok {
			permission.Done()
		}
	}()
}
