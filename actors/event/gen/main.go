// Command gen writes the Go twins of the .proto files in the current folder,
// which may import those of actors/event.
// It needs protoc on the path (Debian: protobuf-compiler).
package main

import (
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	dir, err := os.MkdirTemp("", "gen")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	plugin := filepath.Join(dir, "protoc-gen-go")
	run("go", "build", "-o", plugin, "google.golang.org/protobuf/cmd/protoc-gen-go")
	protos, err := filepath.Glob("*.proto")
	if err != nil || len(protos) == 0 {
		log.Fatalf("no .proto files here: %v", err)
	}
	run("protoc", append([]string{"--plugin=" + plugin, "--go_out=.", "--go_opt=paths=source_relative", "-I.", "-I" + vocabulary()}, protos...)...)
}

// vocabulary returns the folder of the facts' .proto files.
func vocabulary() string {
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", "crafttalkd/actors/event").Output()
	if err != nil {
		log.Fatalf("find actors/event: %v", err)
	}
	return strings.TrimSpace(string(out))
}

func run(name string, args ...string) {
	c := exec.Command(name, args...)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	if err := c.Run(); err != nil {
		log.Fatalf("%s: %v", name, err)
	}
}
