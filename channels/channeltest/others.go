package channeltest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Node runs one of the scripts in testdata/emulators, which use programs that
// others have written, and returns what it prints.
func Node(t testing.TB, input, script string, args ...string) string {
	t.Helper()
	home := filepath.Join(root(t), "testdata", "emulators")
	if _, err := os.Stat(filepath.Join(home, "node_modules", ".package-lock.json")); err != nil {
		t.Fatal("the programs of others are not installed: make emulators")
	}
	return run(t, home, input, "node", append([]string{script}, args...)...)
}

// root is the folder of the module.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("the test runs outside of the module")
		}
		dir = filepath.Dir(dir)
	}
}

func run(t testing.TB, dir, input, program string, args ...string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), program, args...)
	var out, complaints bytes.Buffer
	c.Dir, c.Stdin, c.Stdout, c.Stderr = dir, strings.NewReader(input), &out, &complaints
	err := c.Run()
	if strings.Contains(complaints.String(), "Cannot find module") {
		t.Fatalf("the programs of others are not those of the lock file: make emulators\n%s", complaints.String())
	}
	if err != nil {
		t.Fatalf("%s %q: %v\n%s%s", program, args, err, out.String(), complaints.String())
	}
	return out.String()
}

// Go runs the program in testdata/calibration, which uses libraries that others
// have written, and returns what it prints.
func Go(t testing.TB, input string, args ...string) string {
	t.Helper()
	return run(t, filepath.Join(root(t), "testdata", "calibration"), input, "go", append([]string{"run", "."}, args...)...)
}
