// Command authority is a certificate authority as the world has them, made of
// what Let's Encrypt tests others with. All names are this machine. It writes what
// is to be trusted into a file, prints its directory's URL, and ends when its input
// does.
package main

import (
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"os"

	"github.com/letsencrypt/challtestsrv"
	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
)

func main() {
	plain := flag.Int("http", 0, "port where challenges are answered over HTTP")
	secure := flag.Int("tls", 0, "port where challenges are answered over TLS")
	roots := flag.String("roots", "", "`FILE` for the certificates that are to be trusted")
	flag.Parse()
	quiet := log.New(io.Discard, "", 0)
	names, err := free()
	if err != nil {
		log.Fatal(err)
	}
	world, err := challtestsrv.New(challtestsrv.Config{Log: quiet, DNSAddrs: []string{names}})
	if err != nil {
		log.Fatal(err)
	}
	world.SetDefaultDNSIPv6("")
	go world.Run()
	memory := db.NewMemoryStore()
	authority := ca.New(quiet, memory, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {ValidityPeriod: 90 * 24 * 3600}})
	examiner := va.New(quiet, *plain, *secure, false, names, memory)
	front := wfe.New(quiet, memory, examiner, authority, []string{"authority.test"}, false, false, 1, 1)
	served := httptest.NewTLSServer(front.Handler())
	own := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: served.Certificate().Raw})
	if err := os.WriteFile(*roots, append(own, authority.GetRootCert(0).PEM()...), 0o600); err != nil {
		log.Fatal(err)
	}
	fmt.Println(served.URL + wfe.DirectoryPath)
	io.Copy(io.Discard, os.Stdin)
}

// free is an address for names that nobody has, over UDP and TCP.
func free() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
