package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/system"
	"crafttalkd/channels"
	"crafttalkd/transport/egress"
	"crafttalkd/transport/fetcher"
	"crafttalkd/transport/files"
	"crafttalkd/transport/introducer"
	"crafttalkd/transport/scanner"
)

// largestFile is how many bytes a file may have that a third party brings or
// names.
const largestFile = 50 << 20

// openFiles makes who takes files of third parties in and hands ours out.
func (n *node) openFiles() error {
	base, err := n.config.base()
	if err != nil {
		return err
	}
	n.uploads = &files.Uploads{Blobs: n.blobs, CustomerID: n.master.CustomerID, Admit: n.door.Admit, Largest: largestFile, Refuse: n.refuse}
	apart, err := n.config.apart()
	if err != nil {
		return err
	}
	n.handouts = &files.Links{Blobs: n.blobs, Secret: n.master.Derive("file link"), Base: cmp.Or(apart, base), Apart: apart != "", Customer: n.customerOf,
		Now: time.Now, Refuse: n.refuse}
	if s := n.config.scanner(n.log); s != nil {
		n.handouts.Check = s.Check
	}
	return nil
}

// fetch starts who brings the files that messages name. What networks of our
// own may be asked for files is said apart from what webhooks may reach: the
// address of a file is written by somebody outside.
func (n *node) fetch(ctx context.Context) error {
	client, err := egress.New(egress.Options{Allow: n.config.files})
	if err != nil {
		return err
	}
	f, err := fetcher.Open(fetcher.Config{System: n.system, Journal: n.journal, Table: n.engine, Blobs: n.blobs, Client: client,
		Uploaded: func(account, address, id string) (io.ReadCloser, error) { return n.uploads.Open(account, address, id) },
		Held:     n.held,
		Admit:    n.door.Admit, Largest: largestFile, Now: time.Now, Log: n.log})
	if err != nil {
		return err
	}
	n.running.Go(func() { n.must("fetcher", f.Follow()) })
	n.running.Go(func() { f.Run(ctx) })
	return n.introduce(ctx, f)
}

// introduce starts who asks the providers for the names of customers.
func (n *node) introduce(ctx context.Context, f *fetcher.Fetcher) error {
	i, err := introducer.Open(introducer.Config{System: n.system, Journal: n.journal, Table: n.engine, Open: n.accounts.Channel,
		Fetch: f.Picture, Pictures: n.pictures, Admit: n.door.Admit, Log: n.log})
	if err != nil {
		return err
	}
	n.running.Go(func() { n.must("introducer", i.Follow()) })
	n.running.Go(func() { i.Run(ctx) })
	return nil
}

// held returns the channel of an account that keeps files, and its way out.
func (n *node) held(account string) (channels.Channel, *http.Client, error) {
	ch, err := n.accounts.Channel(account)
	if err != nil {
		return nil, nil, err
	}
	client, err := n.accounts.Client(account)
	return ch, client, err
}

// refuse answers as the API does. The API is made after who needs this.
func (n *node) refuse(w http.ResponseWriter, r *http.Request, err error) { n.rest.Refuse(w, r, err) }

// customerOf returns whose a conversation is now.
func (n *node) customerOf(id string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return system.Look(ctx, n.system, event.ConversationStream+id, func(s conversation.State, _ uint64) string { return s.Customer })
}

// upload takes a file of a third party that has the account's key.
func (n *node) upload(w http.ResponseWriter, r *http.Request) {
	ch, id, err := n.thirdParty(r)
	if _, ok := ch.(channels.Webhook); err == nil && !ok {
		err = refusal.New(refusal.NotFound, "the channel %q takes no files here", id)
	}
	if err != nil {
		n.rest.Refuse(w, r, err)
		return
	}
	n.uploads.Take(w, r, id)
}

// base is where the world finds the server: as it was told, or where it
// listens. A port that is not known yet makes no links.
func (c config) base() (string, error) {
	if c.public == "" {
		if _, port, err := net.SplitHostPort(c.listen); err != nil || port == "0" || port == "" {
			return "", nil
		}
		return "http://" + reach(c.listen), nil
	}
	u, err := url.Parse(c.public)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", fmt.Errorf("--public-url %q: an address like https://chat.example is needed", c.public)
	}
	return strings.TrimSuffix(c.public, "/"), nil
}

// apart is the origin of users' files, if they have one of their own: another
// host than everything else's, for a cookie knows hosts and no ports.
func (c config) apart() (string, error) {
	if c.filesURL == "" {
		return "", nil
	}
	u, err := url.Parse(c.filesURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", fmt.Errorf("--files-url %q: an address like https://files.example is needed", c.filesURL)
	}
	base, err := c.base()
	if err != nil {
		return "", err
	}
	if p, err := url.Parse(base); err == nil && strings.EqualFold(p.Hostname(), u.Hostname()) {
		return "", fmt.Errorf("--files-url %q: another host than that of --public-url is needed", c.filesURL)
	}
	return u.Scheme + "://" + u.Host, nil
}

// scanner is who is asked whether files have viruses; nil for nobody.
func (c config) scanner(log *slog.Logger) *scanner.Scanner {
	if c.clamd == "" {
		return nil
	}
	return scanner.New(scanner.Config{Addr: c.clamd, Pass: c.unscanned, Now: time.Now, Log: log})
}
