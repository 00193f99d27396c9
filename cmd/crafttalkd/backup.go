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

// A backup is a directory, and a file beside it that all backups share:
//
//	BACKUP/store      a consistent copy of the store, without the customers' keys
//	BACKUP/blobs      the attachments, sealed as they are
//	crafttalkd.keys   the customers' keys, wrapped by the master key; only the newest
//
// Each backup replaces the file of keys, and the newest opens every older
// backup. So who is erased is erased in all backups at once, and nobody has to
// write them anew. The master key is in neither: kept apart, it makes a stolen
// backup useless.
//
// Attachments are copied after the store, and nothing kept names one that was
// not there before it; the keys are read after the store too. So all that the
// copy speaks of is in the backup.

// keysName is the file of keys, if no other is named: beside the backup.
const keysName = "crafttalkd.keys"

// unfinished is what a copy of the store is called until it is a backup: a
// crash on the way leaves none that still has keys in it.
const unfinished = "unfinished"

func backupCommand() *cli.Command {
	return &cli.Command{
		Name: "backup", Usage: "copy everything but the master key to a new directory; also while serving", ArgsUsage: "DIR",
		Description: "The customers' keys go to one file beside DIR, which the next backup replaces. Keep the newest alone: with it every\n" +
			"backup can be restored, and who was erased before it was written stays erased. An older one would know them again.",
		Flags: []cli.Flag{dataFlag(), keysFlag()},
		Action: func(ctx context.Context, c *cli.Command) error {
			to, err := filepath.Abs(c.Args().First())
			if err != nil || c.Args().Len() != 1 {
				return errUsage("backup DIR [--data DIR] [--keys FILE]")
			}
			known, err := filepath.Abs(keysBeside(to, c.String("keys")))
			if err != nil {
				return err
			}
			if _, err := onHome(ctx, c.String("data"), "backup", backupRequest{Dir: to, Keys: known}, (*home).backup); err != nil {
				return err
			}
			fmt.Fprintf(c.Root().Writer, "backed up to %s\nits keys are in %s, which opens every backup: keep the newest alone\n"+
				"keep the master key %s in another place: without it the backup can't be read\n",
				to, known, filepath.Join(c.String("data"), keys.FileName))
			return nil
		},
	}
}

func keysFlag() cli.Flag {
	return &cli.StringFlag{Name: "keys", Usage: "`FILE` of the customers' keys; without it " + keysName + " beside the backup"}
}

// keysBeside is the file of keys that was named, or the one beside the backup.
func keysBeside(backup, named string) string {
	if named != "" {
		return named
	}
	return filepath.Join(filepath.Dir(backup), keysName)
}

type backupRequest struct{ Dir, Keys string }
type backupAnswer struct{}

func (h *home) backup(_ context.Context, in backupRequest) (backupAnswer, error) {
	if !filepath.IsAbs(in.Dir) || !filepath.IsAbs(in.Keys) {
		return backupAnswer{}, errors.New("the backup's directory and its keys must be absolute")
	}
	if err := os.Mkdir(in.Dir, 0o700); err != nil {
		return backupAnswer{}, fmt.Errorf("backup: %w", err)
	}
	if err := h.copyTo(in.Dir, in.Keys); err != nil {
		return backupAnswer{}, fmt.Errorf("backup: %w", errors.Join(err, os.RemoveAll(in.Dir)))
	}
	return backupAnswer{}, nil
}

// copyTo makes the parts of a backup. It is one when the store has its name.
func (h *home) copyTo(dir, known string) error {
	raw := filepath.Join(dir, unfinished)
	if err := h.engine.Backup(raw); err != nil {
		return err
	}
	if err := detach(raw); err != nil {
		return err
	}
	if err := copyTree(filepath.Join(h.dir, "blobs"), filepath.Join(dir, "blobs"), linkOrCopy); err != nil {
		return err
	}
	if err := h.ring.Save(known); err != nil {
		return err
	}
	return os.Rename(raw, storeDir(dir))
}

// detach takes the customers' keys out of a copied store, from its files too.
// That it is opened and closed once empties its log into files that are
// checksummed to their end. In a log a damaged end looks like one that a crash
// has cut off: nobody could tell such a backup from a whole one.
func detach(dir string) error {
	s, err := pebblestore.Open(dir, pebblestore.Options{Log: logger(slog.LevelWarn)})
	if err != nil {
		return err
	}
	err = keys.Detach(s)
	if err == nil {
		err = s.Purge(keys.Table)
	}
	return errors.Join(err, s.Close())
}

func restoreCommand() *cli.Command {
	const usage = "restore BACKUP [--data DIR] [--key FILE] [--keys FILE]"
	return &cli.Command{
		Name: "restore", Usage: "make a data directory of a backup", ArgsUsage: "BACKUP",
		Flags: []cli.Flag{dataFlag(), &cli.StringFlag{Name: "key", Usage: "`FILE` with the master key; without it the key must be in the environment"},
			keysFlag()},
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() != 1 {
				return errUsage(usage)
			}
			from := c.Args().First()
			if err := restore(ctx, from, c.String("data"), c.String("key"), keysBeside(filepath.Clean(from), c.String("keys"))); err != nil {
				return err
			}
			fmt.Fprintf(c.Root().Writer, "restored to %s, and everything is as it was written\n", c.String("data"))
			return nil
		},
	}
}

// restore makes dir of a backup and of the newest file of keys, and reads
// everything in it once.
func restore(ctx context.Context, from, dir, key, known string) error {
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
	if err := finishRestore(ctx, dir, known); err != nil {
		return errors.Join(err, os.RemoveAll(storeDir(dir))) // so that another backup can be tried
	}
	return nil
}

func finishRestore(ctx context.Context, dir, known string) error {
	h, err := openExisting(dir)
	if err != nil {
		return err
	}
	return errors.Join(h.attach(ctx, known), h.close())
}

// attach brings the keys back to a restored store, and drops the files of those
// who were erased meanwhile.
func (h *home) attach(ctx context.Context, known string) error {
	if err := h.ring.Load(known); err != nil {
		return err
	}
	for subject, err := range h.ring.Erased() {
		if err == nil {
			err = h.blobs.Remove(subject)
		}
		if err != nil {
			return err
		}
	}
	return h.sound(ctx)
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
