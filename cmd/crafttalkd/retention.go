package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/urfave/cli/v3"

	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/system"
	"crafttalkd/store/keys"
	"crafttalkd/transport/retention"
)

// forgetAt is the hour at which conversations are forgotten each night, before
// the bot learns of what is left.
const forgetAt = 2

func forgetCommand() *cli.Command {
	return &cli.Command{
		Name: "forget", Usage: "remove now what the night would remove: the words of conversations whose time is over",
		Description: "The server must be running. Without a rule in the settings there is nothing to do. Words and files are gone from the\n" +
			"data directory at once, and from all backups with the next 'backup', which replaces their file of keys.",
		Flags: []cli.Flag{dataFlag()},
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() != 0 {
				return errUsage("forget [--data DIR]")
			}
			night, err := command[struct{}, retention.Night](ctx, c.String("data"), "forget", struct{}{})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.Root().Writer, "forgotten: %d conversations, %d messages, %d files; left with their customers: %d conversations\n",
				night.Conversations, night.Messages, night.Files, night.Left)
			return err
		},
	}
}

func (n *node) forgetNow(ctx context.Context, _ struct{}) (retention.Night, error) {
	night, err := n.retention.Night(ctx)
	if err != nil {
		return retention.Night{}, err
	}
	return *night, nil
}

// openRetention makes who forgets what is not to be kept any longer.
func (n *node) openRetention() *retention.Keeper {
	return retention.New(retention.Config{Ask: n.system.Ask, Journal: n.journal, History: n.history, Keys: n.ring, Blobs: n.blobs, Table: n.engine,
		Conversations: n.conversationsOf, Days: n.keptDays, Clean: n.readAnew, Last: n.afterForgetting, Clock: n.night, Now: time.Now, Log: n.log})
}

// keptDays is for how many days a center keeps words.
func (n *node) keptDays(center string) int {
	return int(n.system.Directory.State().SettingsFor(center).GetRetentionDays())
}

// conversationsOf are all that a customer ever had.
func (n *node) conversationsOf(ctx context.Context, id string) ([]string, error) {
	return system.Look(ctx, n.system, event.CustomerStream+id, func(s customer.State, _ uint64) []string { return slices.Clone(s.Conversations) })
}

// readAnew makes what was read of conversations anew, which have no words any more.
func (n *node) readAnew(ctx context.Context, conversations []string) error {
	return errors.Join(n.history.Forget(conversations), n.talk.Forget(ctx, conversations))
}

// afterForgetting takes away what models have learnt and what could not be
// processed in time, and the files that held destroyed keys.
func (n *node) afterForgetting(_ context.Context, customers []string) error {
	var err error
	if len(customers) > 0 {
		err = n.teacher.Forget(customers)
	}
	return errors.Join(err, n.dropFailures(time.Now()), n.engine.Purge(keys.Table))
}

// dropFailures discards messages that could not be processed and are older than
// what their center keeps.
func (n *node) dropFailures(now time.Time) error {
	all, err := n.failures.List()
	if err != nil {
		return err
	}
	for _, f := range all {
		days := n.keptDays(n.system.Directory.State().Account(f.Account).GetCenterId())
		if days > 0 && f.At.Before(now.AddDate(0, 0, -days)) {
			if err := n.failures.Discard(f.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// night is when the next one begins, by the clock of the first center.
func (n *node) night(now time.Time) time.Time {
	zone := time.UTC
	d := n.system.Directory.State()
	for _, id := range slices.Sorted(maps.Keys(d.Centers)) {
		if z, err := time.LoadLocation(cmp.Or(d.Centers[id].Value.TimeZone, "-")); err == nil {
			zone = z
			break
		}
	}
	at := now.In(zone)
	for days := 0; ; days++ {
		if next := time.Date(at.Year(), at.Month(), at.Day()+days, forgetAt, 0, 0, 0, zone); next.After(now) {
			return next
		}
	}
}
