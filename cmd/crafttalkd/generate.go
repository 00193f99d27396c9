package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/urfave/cli/v3"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/system"
	"crafttalkd/cmd/crafttalkd/archive"
	"crafttalkd/store/journal"
)

func generateCommand() *cli.Command {
	return &cli.Command{
		Name: "generate", Usage: "fill a new data directory with finished conversations that somebody might have had",
		Description: "Makes an organisation, a year of its operators' shifts and conversations up, to try statistics and searches on. The same seed makes the same ones.\n" +
			"The data directory must be new: make a user with 'user --admin' afterwards, and serve it.",
		Flags: []cli.Flag{dataFlag(),
			&cli.IntFlag{Name: "conversations", Value: 10_000, Usage: "`N` of them"},
			&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "where chance comes from"}},
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() > 0 || c.Int("conversations") < 1 {
				return errUsage("generate [--conversations N] [--seed S] [--data DIR]")
			}
			out, begun := c.Root().Writer, time.Now()
			a := archive.Config{Conversations: c.Int("conversations"), Seed: c.Uint64("seed"), Until: begun,
				Progress: func(n int) { fmt.Fprintf(out, "%d conversations, %s\n", n, time.Since(begun).Round(time.Second)) }}
			if err := generate(ctx, c.String("data"), a); err != nil {
				return err
			}
			fmt.Fprintf(out, "%d conversations are in %s after %s\n", a.Conversations, c.String("data"), time.Since(begun).Round(time.Second))
			return nil
		},
	}
}

// acting are the followers that act on what happens: nothing of what was made up is
// theirs to do.
var acting = []string{"flow", "courier", "fetcher", "agents", "introducer"}

// generate fills a new data directory.
func generate(ctx context.Context, dir string, a archive.Config) error {
	h, err := openHome(dir, logger(slog.LevelWarn), 0)
	if err != nil {
		return err
	}
	return errors.Join(h.generate(ctx, a), h.close())
}

func (h *home) generate(ctx context.Context, a archive.Config) error {
	j, err := h.journal()
	if err != nil {
		return err
	}
	if j.Now() != (journal.Places{}) {
		return fmt.Errorf("%s holds something already; conversations are made up in a new data directory", h.dir)
	}
	opened := a.Opened()
	s, err := system.Start(system.Config{Journal: j, Now: func() time.Time { return opened }, Log: logger(slog.LevelWarn)})
	if err != nil {
		return err
	}
	for _, entry := range archive.Entries() {
		if _, err := s.Ask(ctx, event.DirectoryStream, directory.Put{By: "setup", Entry: entry}); err != nil {
			s.Kill()
			return err
		}
	}
	if err := s.Stop(ctx); err != nil {
		return err
	}
	if j, err = h.journal(); err != nil {
		return err
	}
	if err := archive.Write(j, a); err != nil {
		return err
	}
	for _, name := range acting {
		if err := j.SavePlace(name, j.Now()); err != nil {
			return err
		}
	}
	return nil
}
