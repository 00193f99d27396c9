package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/urfave/cli/v3"

	"crafttalkd/cmd/crafttalkd/replay"
)

// demoTime is how long the demonstration plays.
const demoTime = 40 * time.Second

func demoCommand() *cli.Command {
	return &cli.Command{
		Name:  "demo",
		Usage: "see it work: a center with lines, languages and operators, and customers who write",
		Action: func(ctx context.Context, c *cli.Command) error {
			out := c.Root().Writer
			fmt.Fprintln(out, "Starting a center of its own in a temporary directory…")
			s, err := startSelf(ctx, "")
			if err != nil {
				return err
			}
			defer s.stop()
			dir, err := recordings()
			if err != nil {
				return err
			}
			defer os.RemoveAll(dir)
			fmt.Fprintf(out, "Watch it live at %s (login %s, password %s).\nA bank, a shop and a telecom operator, in Russian and English; a day's conversations in %v.\n\n",
				s.url, s.login, s.password, demoTime)
			err = play(ctx, replay.Options{Files: []string{dir}, URL: s.url, Login: s.login, Password: s.password,
				Speed: 20, Rate: 25, Operators: 12, Duration: demoTime, Seed: 1, Progress: os.Stderr}, false, out)
			if err == nil {
				fmt.Fprintln(out, "\nNothing was lost, doubled or out of order. Start your own: crafttalkd serve")
			}
			return err
		},
	}
}
