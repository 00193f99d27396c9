package accounts

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/channels"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
)

func newShelves(t *testing.T) *Shelves {
	t.Helper()
	return openShelves(t, vfs.NewMem(), keys.NewMaster())
}

func openShelves(t *testing.T, fs vfs.FS, master *keys.Master) *Shelves {
	t.Helper()
	s, err := pebblestore.Open("store", pebblestore.Options{FS: fs})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &Shelves{Table: s, Ring: keys.NewRing(master, s), Master: master, CustomerID: master.CustomerID}
}

// lies checks what lies under an address and a key.
func lies(t *testing.T, s channels.Shelf, address, key, want string) {
	t.Helper()
	got, err := s.Get(address, key)
	if err != nil || string(got) != want || (got == nil) != (want == "") {
		t.Errorf("under %q, %q lies %q, %v; want %q", address, key, got, err, want)
	}
}

func put(t *testing.T, s channels.Shelf, address, key, value string) {
	t.Helper()
	if err := s.Put(address, key, []byte(value)); err != nil {
		t.Fatal(err)
	}
}

// proves that what an adapter lays away is its own, is the newest, and is on
// disk: the file system is cut off from what was not synced.
func TestShelf(t *testing.T) {
	fs, master := vfs.NewCrashableMem(), keys.NewMaster()
	all := openShelves(t, fs, master)
	for n, account := range []string{"a", "a/b", ""} {
		for m, address := range []string{"", "anna", "anna/a", "-"} {
			for k, key := range []string{"", "uid", "a/b"} {
				put(t, all.of(account), address, key, "old")
				put(t, all.of(account), address, key, fmt.Sprint(n, m, k))
			}
		}
	}
	all = openShelves(t, fs.CrashClone(vfs.CrashCloneCfg{}), master)
	for n, account := range []string{"a", "a/b", ""} {
		for m, address := range []string{"", "anna", "anna/a", "-"} {
			for k, key := range []string{"", "uid", "a/b"} {
				lies(t, all.of(account), address, key, fmt.Sprint(n, m, k))
			}
		}
	}
	lies(t, all.of("a"), "boris", "uid", "")
	lies(t, all.of("a"), "", "none", "")
}

// proves G44: what lies under a customer's address goes with the customer, is
// never readable on the disk, and others are not concerned.
func TestG44_ShelfErased(t *testing.T) {
	all := newShelves(t)
	s := all.of("a")
	put(t, s, "anna@shop.example", "server", "the secret of anna")
	put(t, s, "boris", "server", "of boris")
	put(t, s, "", "uid", "the account's own")
	for row, err := range all.Table.Scan(shelf, "") {
		if err != nil || strings.Contains(row.Key, "anna") || bytes.Contains(row.Value, []byte("anna")) {
			t.Errorf("the row %q tells of anna: %q, %v", row.Key, row.Value, err)
		}
	}
	anna := all.CustomerID("a", "anna@shop.example")
	if err := all.Ring.(*keys.Ring).Erase(anna); err != nil {
		t.Fatal(err)
	}
	lies(t, s, "anna@shop.example", "server", "")
	if err := all.Forget([]string{anna}); err != nil {
		t.Fatal(err)
	}
	for row := range all.Table.Scan(shelf, anna) {
		t.Errorf("the row %q is still there", row.Key)
	}
	lies(t, s, "boris", "server", "of boris")
	lies(t, s, "", "uid", "the account's own")
	put(t, s, "anna@shop.example", "server", "heard of again")
	lies(t, s, "anna@shop.example", "server", "heard of again")
	if err := all.clear("a"); err != nil {
		t.Fatal(err)
	}
	lies(t, s, "", "uid", "")
	lies(t, s, "boris", "server", "of boris")
}
