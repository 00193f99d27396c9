package main

import (
	"context"
	"io"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/system"
	"crafttalkd/channels"
	"crafttalkd/channels/webhook"
	"crafttalkd/transport/courier"
	"crafttalkd/transport/egress"
	"crafttalkd/transport/herald"
	"crafttalkd/transport/rest"
	"crafttalkd/transport/typing"
	"crafttalkd/transport/visitor"
)

// deliver starts who carries our messages to the channels.
func (n *node) deliver(ctx context.Context) (err error) {
	n.courier, err = courier.Start(courier.Config{System: n.system, Journal: n.journal, Table: n.engine, Open: n.accounts.Channel,
		Carries: n.carried, Abilities: n.abilities, Link: n.link, File: n.file, Now: time.Now, Log: n.log})
	if err != nil {
		return err
	}
	n.running.Go(func() { n.mend(ctx) })
	n.typing = typing.New(typing.Config{Where: n.where, Open: n.accounts.Channel, Now: time.Now,
		Shows: func(account string) bool { return n.abilities(account).Typing }})
	n.running.Go(func() { n.typing.Run(ctx) })
	return nil
}

// where returns at which address an open conversation goes on.
func (n *node) where(ctx context.Context, id string) (account, address string, err error) {
	s, err := system.Look(ctx, n.system, event.ConversationStream+id, func(s conversation.State, _ uint64) conversation.State { return s })
	if err != nil || s.Phase == conversation.Closed {
		return "", "", err
	}
	return s.Account, s.Address, nil
}

// abilities are those of an account's kind.
func (n *node) abilities(account string) channels.Abilities {
	return kinds[n.system.Directory.State().Account(account).GetKind()].Abilities
}

// carried reports whether the courier brings messages to the account: a
// widget's are read by its socket.
func (n *node) carried(account string) bool {
	a := n.system.Directory.State().Account(account)
	return a == nil || a.Kind != visitor.Kind
}

// link completes an attachment for its receiver. Where the server listens is an
// address for a provider beside it, and none that a customer could be given.
func (n *node) link(account string, m channels.Outbound, a *event.Attachment) error {
	err := n.handouts.Complete(m, a)
	if n.config.public == "" && !n.abilities(account).Linked {
		a.Source = ""
	}
	return err
}

// file opens what goes out with a message.
func (n *node) file(_ context.Context, conversation string, a *event.Attachment) (io.ReadCloser, error) {
	return n.handouts.Open(conversation, a)
}

// mend tells the courier which accounts have changed, until ctx is done.
func (n *node) mend(ctx context.Context) {
	before := n.system.Directory.State()
	for n.system.Directory.Wait(ctx, before.Version+1) == nil {
		now := n.system.Directory.State()
		for id, a := range now.Accounts {
			if a.Revision != before.Accounts[id].Revision {
				n.courier.Mended(id)
			}
		}
		before = now
	}
}

// proclaim starts who tells programs of others what happens.
func (n *node) proclaim(ctx context.Context) error {
	client, err := egress.New(egress.Options{Allow: n.config.egress})
	if err != nil {
		return err
	}
	n.herald = herald.New(herald.Config{Feed: n.feed, Table: n.engine, Directory: n.system.Directory, Client: client, Now: time.Now, Log: n.log,
		Signers: func(w *event.Webhook) ([]webhook.Signer, error) { return rest.Signers(n.master, w) }})
	n.running.Go(func() { n.must("herald", n.herald.Run(ctx)) })
	return nil
}
