//go:build !unix

package boteval

import "time"

// cpuTime is the time that passes, where the system tells no better.
func cpuTime() time.Duration { return time.Since(began) }

var began = time.Now()
