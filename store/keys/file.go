package keys

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Where a master key comes from.
const (
	FileName = "master.key"                // in the store's directory
	EnvKey   = "CRAFTTALK_MASTER_KEY"      // the key itself
	EnvFile  = "CRAFTTALK_MASTER_KEY_FILE" // a file that holds it
)

// LoadMaster returns the master key of the store in dir: from the environment,
// or from the file in dir. A new store without either gets a new file. An old
// store without its key is an error, as nothing in it could be read.
func LoadMaster(dir string, newStore bool, getenv func(string) string) (*Master, error) {
	text, file := getenv(EnvKey), getenv(EnvFile)
	switch {
	case text != "" && file != "":
		return nil, fmt.Errorf("%s and %s are both set; one of them is enough", EnvKey, EnvFile)
	case text != "":
		m, err := ParseMaster(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", EnvKey, err)
		}
		return m, nil
	case file != "":
		return readMaster(file)
	}
	name := filepath.Join(dir, FileName)
	m, err := readPrivate(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	if !newStore {
		return nil, fmt.Errorf("the master key %s is missing; restore it from where you keep it, or set %s or %s: without it the store can't be read", name, EnvKey, EnvFile)
	}
	if err := writeMaster(name, NewMaster(), os.Link); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return readPrivate(name)
}

// SaveMaster replaces the file in dir by m.
func SaveMaster(dir string, m *Master) error {
	return writeMaster(filepath.Join(dir, FileName), m, os.Rename)
}

// readPrivate is readMaster for a file that nobody else may read.
func readPrivate(name string) (*Master, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	if p := info.Mode().Perm(); p&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("the master key %s can be read by others (mode %04o); chmod 600 it", name, p)
	}
	return readMaster(name)
}

func readMaster(name string) (*Master, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	m, err := ParseMaster(string(b))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

// writeMaster writes m beside name, forces it to disk, and puts it in place:
// with os.Link only where there was nothing, with os.Rename over what was.
func writeMaster(name string, m *Master, place func(from, to string) error) error {
	dir := filepath.Dir(name)
	f, err := os.CreateTemp(dir, FileName+".*") // mode 0600
	if err != nil {
		return fmt.Errorf("master key: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(m.Text())
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = place(f.Name(), name)
	}
	if err == nil {
		err = syncDir(dir)
	}
	if err != nil {
		return fmt.Errorf("master key: %w", err)
	}
	return nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
