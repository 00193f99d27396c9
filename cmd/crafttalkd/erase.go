package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/system"
	"crafttalkd/store/keys"
	"crafttalkd/transport/rest"
)

func eraseCommand() *cli.Command {
	return &cli.Command{
		Name: "erase", Usage: "make everything unreadable that a customer ever said and was called; for good", ArgsUsage: "CUSTOMER",
		Description: "The server must be running. What was done and when stays; texts, files, names and addresses are gone from the data\n" +
			"directory at once, and from all backups with the next 'backup', which replaces their file of keys. What is printed is\n" +
			"the certificate; it stays in the journal too, and administrators see it beside the customer.",
		Flags: []cli.Flag{dataFlag(), &cli.BoolFlag{Name: "json", Usage: "print the certificate as one JSON object"}},
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() != 1 {
				return errUsage("erase CUSTOMER [--data DIR]")
			}
			out, err := command[eraseRequest, rest.Erasure](ctx, c.String("data"), "erase", eraseRequest{c.Args().First()})
			if err != nil {
				return err
			}
			if c.Bool("json") {
				return json.NewEncoder(c.Root().Writer).Encode(out)
			}
			return certify(c.Root().Writer, out)
		},
	}
}

type eraseRequest struct{ Customer string }

// certify writes a certificate for people.
func certify(w io.Writer, e rest.Erasure) error {
	for _, row := range []struct{ name, what string }{
		{"erased", strings.Join(e.CustomerIDs, ", ")},
		{"at", e.ErasedAt.Format(time.RFC3339)},
		{"conversations", fmt.Sprint(len(e.ConversationIDs))},
		{"facts unreadable", fmt.Sprint(e.Facts)},
		{"files removed", fmt.Sprintf("%d, %d bytes", e.Files, e.Bytes)},
		{"copies at the messengers of", strings.Join(e.AccountIDs, ", ")},
		{"agents that were told", strings.Join(e.AgentIDs, ", ")},
		{"backups", "know the customer until the next 'crafttalkd backup'"},
	} {
		if _, err := fmt.Fprintf(w, "%-28s %s\n", row.name, cmp.Or(row.what, "none")); err != nil {
			return err
		}
	}
	return nil
}

// A trace is all streams that are about one human being.
type trace struct {
	subjects      []string // whose keys seal them
	conversations []string
	addresses     []*event.Address
}

// streams are those of the person and of all conversations.
func (p trace) streams() (out []string) {
	for _, subject := range p.subjects {
		out = append(out, event.CustomerStream+subject)
	}
	for _, id := range p.conversations {
		out = append(out, event.ConversationStream+id)
	}
	return out
}

// homes are the customers that the addresses lead to by themselves.
func (p trace) homes(of func(account, address string) string) (out []string) {
	for _, a := range p.addresses {
		out = append(out, of(a.AccountId, a.Address))
	}
	return out
}

// erase is the command of the machine's administrator.
func (n *node) erase(ctx context.Context, in eraseRequest) (rest.Erasure, error) {
	if err := n.eraseCustomer(ctx, in.Customer, ""); err != nil {
		return rest.Erasure{}, err
	}
	all, err := rest.Erasures(n.journal, in.Customer)
	if err != nil {
		return rest.Erasure{}, err
	}
	return all[len(all)-1], nil
}

// eraseCustomer destroys the keys of a customer and of all customers that have
// become part of it, then everything that was made of what they sealed. What
// was found is kept before, so that an erasure that was broken off shows as one;
// it is done once more then.
func (n *node) eraseCustomer(ctx context.Context, id, by string) error {
	p, err := n.trace(ctx, id)
	if err != nil {
		return err
	}
	found, err := n.found(p)
	if err != nil {
		return err
	}
	if _, err := n.system.Ask(ctx, event.CustomerStream+id, customer.BeginErasure{By: by, Found: found}); err != nil {
		return err
	}
	for _, subject := range p.subjects {
		if err := n.destroy(ctx, subject); err != nil {
			return err
		}
	}
	if err := n.forget(ctx, p); err != nil {
		return err
	}
	for _, subject := range p.subjects {
		if err := n.blobs.Remove(subject); err != nil {
			return err
		}
	}
	err = errors.Join(n.customers.Forget(p.subjects), n.history.Forget(p.conversations), n.talk.Forget(ctx, p.conversations), n.teacher.Forget(p.subjects), n.failures.Forget(p.subjects), n.failures.ForgetAbout(p.addresses),
		n.shelves.Forget(append(p.homes(n.master.CustomerID), p.subjects...)), n.engine.Purge(keys.Table))
	if err != nil {
		return err
	}
	_, err = n.system.Ask(ctx, event.CustomerStream+id, customer.EndErasure{})
	return err
}

// found counts what an erasure reaches, and names who has copies.
func (n *node) found(p trace) (*event.Erasure, error) {
	out := &event.Erasure{CustomerIds: p.subjects, ConversationIds: p.conversations}
	accounts, agents := map[string]bool{}, map[string]bool{}
	for _, stream := range p.streams() {
		for e, err := range n.journal.Events(stream, 0) {
			if err != nil {
				return nil, fmt.Errorf("what erasing reaches: %w", err)
			}
			if len(event.Personal(event.KindOf(e.Event))) > 0 {
				out.Facts++
			}
			switch e := e.Event.(type) {
			case *event.MessageReceived:
				accounts[e.AccountId] = true
			case *event.MessageSent:
				accounts[e.AccountId] = true
			case *event.AgentEngaged:
				agents[e.AgentId] = true
			}
		}
	}
	for _, subject := range p.subjects {
		files, bytes, err := n.blobs.Count(subject)
		if err != nil {
			return nil, err
		}
		out.Files, out.Bytes = out.Files+int32(files), out.Bytes+bytes
	}
	delete(agents, conversation.Silence)
	out.AccountIds, out.AgentIds = slices.Sorted(maps.Keys(accounts)), slices.Sorted(maps.Keys(agents))
	return out, nil
}

// trace finds what belongs to a customer.
func (n *node) trace(ctx context.Context, id string) (p trace, err error) {
	p.subjects = []string{id}
	for i := 0; i < len(p.subjects); i++ {
		s, err := system.Look(ctx, n.system, event.CustomerStream+p.subjects[i], func(s customer.State, _ uint64) customer.State {
			return customer.State{ID: s.ID, Into: s.Into,
				Conversations: slices.Clone(s.Conversations), Absorbed: slices.Clone(s.Absorbed), Addresses: slices.Clone(s.Addresses)}
		})
		switch {
		case err != nil:
			return p, err
		case i == 0 && s.ID == "":
			return p, refusal.New(refusal.NotFound, "there is no customer %q", id)
		case i == 0 && s.Into != "":
			return p, refusal.New(refusal.Conflict, "the customer is part of customer %s now; erase that one", s.Into)
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
	for _, stream := range p.streams() {
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
