package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/urfave/cli/v3"

	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/system"
	"crafttalkd/store/keys"
)

func eraseCommand() *cli.Command {
	return &cli.Command{
		Name: "erase", Usage: "make everything unreadable that a customer ever said and was called; for good", ArgsUsage: "CUSTOMER",
		Description: "The server must be running. What was done and when stays; texts, files, names and addresses are gone from the data\n" +
			"directory at once, and from all backups with the next 'backup', which replaces their file of keys.",
		Flags: []cli.Flag{dataFlag()},
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() != 1 {
				return errUsage("erase CUSTOMER [--data DIR]")
			}
			out, err := command[eraseRequest, eraseAnswer](ctx, c.String("data"), "erase", eraseRequest{c.Args().First()})
			if err != nil {
				return err
			}
			fmt.Fprintf(c.Root().Writer, "erased %s, %d conversations\nbackups still know the customer until the next 'crafttalkd backup'\n",
				c.Args().First(), out.Conversations)
			return nil
		},
	}
}

type eraseRequest struct{ Customer string }
type eraseAnswer struct{ Conversations int }

// A trace is all streams that are about one human being.
type trace struct {
	subjects      []string // whose keys seal them
	conversations []string
	addresses     []*event.Address
	open          string
}

// homes are the customers that the addresses lead to by themselves.
func (p trace) homes(of func(account, address string) string) (out []string) {
	for _, a := range p.addresses {
		out = append(out, of(a.AccountId, a.Address))
	}
	return out
}

// erase destroys the keys of a customer and of all customers that have become
// part of it, then everything that was made of what they sealed.
func (n *node) erase(ctx context.Context, in eraseRequest) (eraseAnswer, error) {
	p, err := n.trace(ctx, in.Customer)
	if err != nil {
		return eraseAnswer{}, err
	}
	if p.open != "" {
		return eraseAnswer{}, refusal.New(refusal.Conflict, "conversation %s of the customer is open; close it first", p.open)
	}
	for _, subject := range p.subjects {
		if err := n.destroy(ctx, subject); err != nil {
			return eraseAnswer{}, err
		}
	}
	if err := n.forget(ctx, p); err != nil {
		return eraseAnswer{}, err
	}
	for _, subject := range p.subjects {
		if err := n.blobs.Remove(subject); err != nil {
			return eraseAnswer{}, err
		}
	}
	err = errors.Join(n.customers.Forget(p.subjects), n.teacher.Forget(p.subjects), n.failures.Forget(p.subjects), n.failures.ForgetAbout(p.addresses),
		n.shelves.Forget(append(p.homes(n.master.CustomerID), p.subjects...)), n.engine.Purge(keys.Table))
	return eraseAnswer{len(p.conversations)}, err
}

// trace finds what belongs to a customer.
func (n *node) trace(ctx context.Context, id string) (p trace, err error) {
	p.subjects = []string{id}
	for i := 0; i < len(p.subjects); i++ {
		s, err := system.Look(ctx, n.system, event.CustomerStream+p.subjects[i], func(s customer.State, _ uint64) customer.State {
			return customer.State{ID: s.ID, Into: s.Into, Open: s.Open,
				Conversations: slices.Clone(s.Conversations), Absorbed: slices.Clone(s.Absorbed), Addresses: slices.Clone(s.Addresses)}
		})
		switch {
		case err != nil:
			return p, err
		case i == 0 && s.ID == "":
			return p, refusal.New(refusal.NotFound, "there is no customer %q", id)
		case i == 0 && s.Into != "":
			return p, refusal.New(refusal.Conflict, "the customer is part of customer %s now; erase that one", s.Into)
		case i == 0:
			p.open = s.Open
		}
		for _, other := range s.Absorbed {
			if !slices.Contains(p.subjects, other) {
				p.subjects = append(p.subjects, other)
			}
		}
		p.conversations = append(p.conversations, s.Conversations...)
		for _, a := range s.Addresses {
			p.addresses = append(p.addresses, a.Address)
		}
	}
	slices.Sort(p.conversations)
	p.conversations = slices.Compact(p.conversations)
	return p, nil
}

// patience is how long erasing waits before it looks again whether somebody is
// done.
const patience = 20 * time.Millisecond

// destroy destroys one key, after it has reached the disk if it is just being
// made.
func (n *node) destroy(ctx context.Context, subject string) error {
	for {
		err := n.ring.Erase(subject)
		if !errors.Is(err, keys.ErrMaking) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
}

// forget takes what was read before out of memory and out of the snapshots.
func (n *node) forget(ctx context.Context, p trace) error {
	var streams []string
	for _, subject := range p.subjects {
		streams = append(streams, event.CustomerStream+subject)
	}
	for _, id := range p.conversations {
		streams = append(streams, event.ConversationStream+id)
	}
	for _, stream := range streams {
		for !n.system.LetGo(stream) {
			if err := wait(ctx); err != nil {
				return err
			}
		}
		if err := n.journal.DropSnapshot(stream); err != nil {
			return err
		}
	}
	return nil
}

func wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(patience):
		return nil
	}
}
