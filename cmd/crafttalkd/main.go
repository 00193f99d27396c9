// Command crafttalkd routes written conversations between customers and
// operators. It is the whole product in one file: run it and open the address
// that it prints.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/urfave/cli/v3"
	_ "golang.org/x/crypto/x509roots/fallback" // whom to trust on a machine that does not say
)

// version is set by the linker for a release.
var version = "0.1.0-dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := app().Run(ctx, os.Args); err != nil {
		fmt.Fprintln(os.Stderr, "crafttalkd:", err)
		os.Exit(1)
	}
}

func app() *cli.Command {
	serve := serveCommand()
	return &cli.Command{
		Name:    "crafttalkd",
		Usage:   "a contact center for written conversations",
		Version: version,
		Flags:   serve.Flags, // also without the word
		Action:  serve.Action,
		Commands: []*cli.Command{
			serve,
			demoCommand(),
			replayCommand(),
			generateCommand(),
			verifyCommand(),
			doctorCommand(),
			readyCommand(),
			rebuildCommand(),
			backupCommand(),
			restoreCommand(),
			eraseCommand(),
			forgetCommand(),
			userCommand(),
			botCommand(),
			versionCommand(),
		},
	}
}

// dataFlag names the data directory in every command.
func dataFlag() cli.Flag {
	return &cli.StringFlag{Name: "data", Value: "crafttalk-data", Usage: "`DIR` where everything is kept",
		Sources: cli.EnvVars("CRAFTTALK_DATA_DIR")}
}
