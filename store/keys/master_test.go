package keys

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMasterTextAndRotation(t *testing.T) {
	first := NewMaster()
	secret := first.Seal([]byte("token"), []byte("tg"))
	id := first.CustomerID("tg", "1")
	second := first.Next()
	third := second.Next()
	for name, m := range map[string]*Master{"second": second, "third": third} {
		back, err := ParseMaster(m.Text())
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := back.Open(secret, []byte("tg")); err != nil || string(plain) != "token" {
			t.Errorf("%s: %q, %v", name, plain, err)
		}
		if got := back.CustomerID("tg", "1"); got != id {
			t.Errorf("%s: the customer's id became %s", name, got)
		}
		if got := back.Alone().CustomerID("tg", "1"); got != id {
			t.Errorf("%s alone: the customer's id became %s", name, got)
		}
		if !bytes.Equal(back.Derive("x"), first.Derive("x")) {
			t.Errorf("%s derives another key", name)
		}
	}
	if _, err := third.Alone().Open(secret, []byte("tg")); !errors.Is(err, ErrUnreadable) {
		t.Errorf("a key that was let go still opens: %v", err)
	}
	if _, err := first.Open(secret, []byte("vk")); !errors.Is(err, ErrUnreadable) {
		t.Errorf("another place: %v", err)
	}
	if bytes.Equal(first.Derive("x"), first.Derive("y")) || bytes.Equal(first.Derive("x"), NewMaster().Derive("x")) {
		t.Error("two purposes or two masters derive one key")
	}
}

// proves CV-03: the id is the address's own, and tells nothing of it.
func TestCustomerID(t *testing.T) {
	m, err := ParseMaster(strings.Repeat("07", KeySize))
	if err != nil {
		t.Fatal(err)
	}
	const want = "w2h4s55idaj4dc5okvphjmtxsy"
	if got := m.CustomerID("tg", "100500"); got != want {
		t.Errorf("CustomerID = %s, want %s as ever", got, want)
	}
	seen := map[string]string{}
	for _, a := range [][2]string{{"tg", "1"}, {"t", "g1"}, {"tg1", ""}, {"vk", "1"}, {"tg", "2"}} {
		id := m.CustomerID(a[0], a[1])
		if other, ok := seen[id]; ok || len(id) != 26 || strings.Trim(id, "abcdefghijklmnopqrstuvwxyz234567") != "" {
			t.Errorf("CustomerID(%q) = %q, before it %q", a, id, other)
		}
		seen[id] = a[0] + a[1]
	}
}

func env(kv ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(kv); i += 2 {
			if kv[i] == name {
				return kv[i+1]
			}
		}
		return ""
	}
}

func TestLoadMasterMakesAFileForANewStoreOnly(t *testing.T) {
	dir := t.TempDir()
	if _, err := LoadMaster(dir, false, env()); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("an old store without its key: %v", err)
	}
	m, err := LoadMaster(dir, true, env())
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, FileName)
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode = %v, %v", info.Mode(), err)
	}
	for _, fresh := range []bool{true, false} { // an interrupted first start begins again
		again, err := LoadMaster(dir, fresh, env())
		if err != nil || again.id != m.id {
			t.Errorf("second start: another key, %v", err)
		}
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("files = %v, want the key alone", files)
	}
	if err := SaveMaster(dir, m.Next()); err != nil {
		t.Fatal(err)
	}
	if next, err := LoadMaster(dir, false, env()); err != nil || next.id == m.id || next.sealer(m.id) == nil {
		t.Errorf("after SaveMaster: %v", err)
	}
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadMaster(dir, false, env()); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key anybody can read: %v", err)
	}
	// Two that start at once agree.
	if err := writeMaster(name, NewMaster(), os.Link); !errors.Is(err, os.ErrExist) {
		t.Errorf("the key was overwritten: %v", err)
	}
}

func TestLoadMasterFromTheEnvironment(t *testing.T) {
	key := bytes.Repeat([]byte{0xfb}, KeySize)
	file := filepath.Join(t.TempDir(), "k")
	if err := os.WriteFile(file, []byte(hex.EncodeToString(key)+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	want := idOf([KeySize]byte(key))
	tests := []struct {
		name string
		env  func(string) string
		ok   bool
	}{
		{"hex", env(EnvKey, hex.EncodeToString(key)), true},
		{"base64", env(EnvKey, base64.StdEncoding.EncodeToString(key)), true},
		{"base64 for URLs", env(EnvKey, base64.RawURLEncoding.EncodeToString(key)), true},
		{"file", env(EnvFile, file), true},
		{"both", env(EnvKey, hex.EncodeToString(key), EnvFile, file), false},
		{"no file", env(EnvFile, file+"x"), false},
		{"short", env(EnvKey, "abcd"), false},
		{"long", env(EnvKey, base64.StdEncoding.EncodeToString(append(key, 1))), false},
		{"nonsense", env(EnvKey, strings.Repeat("x", 64)), false},
		{"blank", env(EnvKey, " "), false},
	}
	for _, tt := range tests {
		dir := t.TempDir()
		m, err := LoadMaster(dir, true, tt.env)
		if (err == nil) != tt.ok || err == nil && m.id != want {
			t.Errorf("%s: %v", tt.name, err)
		}
		if err != nil && strings.Contains(err.Error(), "xxx") {
			t.Errorf("%s: the error tells the key: %v", tt.name, err)
		}
		if files, _ := os.ReadDir(dir); len(files) != 0 {
			t.Errorf("%s: a file was made: %v", tt.name, files)
		}
	}
}
