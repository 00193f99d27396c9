// Package traffic carries the recorded dialogs of this folder in the program,
// so that a demonstration needs nothing but the binary. README.md describes
// their format.
package traffic

import "embed"

// Files are the recordings, one dialog a line.
//
//go:embed *.jsonl
var Files embed.FS
