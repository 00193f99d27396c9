package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the test's own binary the program crafttalkd on the path, so
// that tests run it as a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"crafttalkd": main, "talker": talker, "learned": learned})
}
