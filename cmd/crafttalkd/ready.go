package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"
)

// readyCommand is /readyz for who has no other program to ask with, as an image
// that holds ours alone.
func readyCommand() *cli.Command {
	return &cli.Command{
		Name: "ready", Usage: "say whether the server can commit a write now, as /readyz does; the exit status is 1 if not",
		Flags: []cli.Flag{dataFlag()},
		Action: func(ctx context.Context, c *cli.Command) error {
			if _, err := command[readyRequest, readyAnswer](ctx, c.String("data"), "ready", readyRequest{}); err != nil {
				return err
			}
			fmt.Fprintln(c.Root().Writer, "ready")
			return nil
		},
	}
}

type readyRequest struct{}
type readyAnswer struct{}

func (n *node) ready(ctx context.Context, _ readyRequest) (readyAnswer, error) {
	return readyAnswer{}, n.rest.Ready(ctx)
}
