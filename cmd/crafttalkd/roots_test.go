package main

import (
	"crypto/x509"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

const countsRoots = "CRAFTTALK_TEST_COUNTS_ROOTS"

// A machine without certificates of authorities, as an image that holds the program
// alone, is served all the same: messengers are reached over TLS.
func TestRootsAreInTheProgram(t *testing.T) {
	if os.Getenv(countsRoots) != "" {
		pool, err := x509.SystemCertPool()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("roots: %d\n", len(pool.Subjects())) //lint:ignore SA1019 these are ours, and not of a system that keeps them to itself
		return
	}
	bare := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	bare.Env = append(os.Environ(), countsRoots+"=1", "SSL_CERT_FILE="+t.TempDir()+"/none", "SSL_CERT_DIR="+t.TempDir())
	out, err := bare.Output()
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(out), "roots: ")
	if n, err := strconv.Atoi(strings.Fields(after + " none")[0]); err != nil || n < 50 {
		t.Errorf("%d authorities are trusted, %v", n, err)
	}
}
