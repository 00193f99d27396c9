package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"crafttalkd/store"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
)

// A backup is a directory:
//
//	BACKUP/store   a consistent copy of the store
//	BACKUP/blobs   the attachments, sealed as they are
//
// The master key is not in it: kept apart, it makes a stolen backup useless.
// Attachments are copied after the store, and nothing kept names one that was
// not there before it, so all that the copy speaks of is in the backup.

func backupCommand() *cli.Command {
	return &cli.Command{
		Name: "backup", Usage: "copy everything but the master key to a new directory; also while serving", ArgsUsage: "DIR",
		Flags: []cli.Flag{dataFlag()},
		Action: func(ctx context.Context, c *cli.Command) error {
			to, err := filepath.Abs(c.Args().First())
			if err != nil || c.Args().Len() != 1 {
				return errUsage("backup DIR [--data DIR]")
			}
			if _, err := onHome(ctx, c.String("data"), "backup", backupRequest{Dir: to}, (*home).backup); err != nil {
				return err
			}
			fmt.Fprintf(c.Root().Writer, "backed up to %s\nkeep the master key %s in another place: without it the backup can't be read\n",
				to, filepath.Join(c.String("data"), keys.FileName))
			return nil
		},
	}
}

type backupRequest struct{ Dir string }
type backupAnswer struct{}

func (h *home) backup(_ context.Context, in backupRequest) (backupAnswer, error) {
	if !filepath.IsAbs(in.Dir) {
		return backupAnswer{}, errors.New("the backup's directory must be absolute")
	}
	if err := os.Mkdir(in.Dir, 0o700); err != nil {
		return backupAnswer{}, fmt.Errorf("backup: %w", err)
	}
	if err := h.engine.Backup(storeDir(in.Dir)); err != nil {
		return backupAnswer{}, fmt.Errorf("backup: %w", err)
	}
	if err := settle(in.Dir); err != nil {
		return backupAnswer{}, fmt.Errorf("backup: %w", err)
	}
	return backupAnswer{}, copyTree(filepath.Join(h.dir, "blobs"), filepath.Join(in.Dir, "blobs"), linkOrCopy)
}

// settle opens and closes a copied store once, which empties its log into files
// that are checksummed to their end. In a log a damaged end looks like one that
// a crash has cut off: nobody could tell such a backup from a whole one.
func settle(dir string) error {
	s, err := pebblestore.Open(storeDir(dir), pebblestore.Options{Log: logger(slog.LevelWarn)})
	if err != nil {
		return err
	}
	return s.Close()
}

func restoreCommand() *cli.Command {
	const usage = "restore BACKUP [--data DIR] [--key FILE]"
	return &cli.Command{
		Name: "restore", Usage: "make a data directory of a backup", ArgsUsage: "BACKUP",
		Flags: []cli.Flag{dataFlag(), &cli.StringFlag{Name: "key", Usage: "`FILE` with the master key; without it the key must be in the environment"}},
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() != 1 {
				return errUsage(usage)
			}
			if err := restore(ctx, c.Args().First(), c.String("data"), c.String("key")); err != nil {
				return err
			}
			fmt.Fprintf(c.Root().Writer, "restored to %s, and everything is as it was written\n", c.String("data"))
			return nil
		},
	}
}

// restore makes dir of a backup and reads everything in it once.
func restore(ctx context.Context, from, dir, key string) error {
	if _, err := os.Stat(storeDir(dir)); err == nil {
		return fmt.Errorf("%s holds a store already; restore to a new directory", dir)
	}
	if _, err := os.Stat(storeDir(from)); err != nil {
		return fmt.Errorf("%s is no backup: %w", from, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if key != "" {
		if err := copyFile(key, filepath.Join(dir, keys.FileName), 0o600); err != nil {
			return fmt.Errorf("restore the key: %w", err)
		}
	}
	for _, part := range []string{"blobs", "store"} { // the store last: without it, restore can be tried again
		if err := copyTree(filepath.Join(from, part), filepath.Join(dir, part), copyPlain); err != nil {
			return fmt.Errorf("restore: %w", err)
		}
	}
	if err := checkRestored(ctx, dir); err != nil {
		return errors.Join(err, os.RemoveAll(storeDir(dir))) // so that another backup can be tried
	}
	return nil
}

func checkRestored(ctx context.Context, dir string) error {
	h, err := openExisting(dir)
	if err != nil {
		return err
	}
	return errors.Join(h.sound(ctx), h.close())
}

// sound reads everything and returns the first damage.
func (h *home) sound(ctx context.Context) error {
	var first error
	err := h.engine.Verify(ctx, func(d store.Damage) {
		if first == nil {
			first = fmt.Errorf("damaged: %v", d)
		}
	})
	return errors.Join(err, first)
}

// copyTree copies a directory, file by file. One that is not there is empty.
func copyTree(from, to string, file func(from, to string) error) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // gone meanwhile
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o700)
		}
		if err := file(path, filepath.Join(to, rel)); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}

// linkOrCopy is for files that never change once they are there.
func linkOrCopy(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	return copyPlain(from, to)
}

func copyPlain(from, to string) error { return copyFile(from, to, 0o600) }

func copyFile(from, to string, mode fs.FileMode) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
