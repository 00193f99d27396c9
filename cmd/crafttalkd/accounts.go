package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/julienschmidt/httprouter"

	"crafttalkd/actors/event"
	"crafttalkd/transport/accounts"
	"crafttalkd/transport/egress"
	"crafttalkd/transport/rest"
	"crafttalkd/transport/visitor"
)

// openAccounts makes who opens accounts and tends them.
func (n *node) openAccounts() error {
	ways, err := egress.NewWays(egress.Options{Allow: n.config.egress})
	if err != nil {
		return err
	}
	n.shelves = &accounts.Shelves{Table: n.engine, Ring: n.ring, Master: n.master, CustomerID: n.master.CustomerID}
	n.accounts = accounts.New(accounts.Config{Directory: n.system.Directory, Registry: kinds, Secrets: n.secrets, Ways: ways,
		Sink: n.uploads.Sink(n.door.Receive), Notify: n.door.Notify, Keep: n.keepRaw, Shelf: n.shelves,
		Upload: func(ctx context.Context, account, address string, r io.Reader) (string, error) {
			return n.uploads.Keep(ctx, account, address, r)
		},
		Key: n.master.Derive("channel token"), Public: strings.TrimSuffix(n.config.public, "/"),
		Standing: n.standing, Now: time.Now, Log: n.log})
	n.failures.Reread = n.accounts.Reread
	return nil
}

// keepRaw keeps what nobody understands, while there is room for anything.
func (n *node) keepRaw(account, kind string, raw []byte) error {
	if err := n.door.Admit(); err != nil {
		return err
	}
	return n.failures.KeepRaw(account, kind, raw)
}

// standing tells how the courier fares with an account.
func (n *node) standing(account string) accounts.Standing {
	s := n.courier.Account(account)
	return accounts.Standing{Waiting: s.Waiting, Broken: s.Broken, Why: s.Why, WhyAt: s.Failed, Last: s.Succeeded}
}

// checkAccount refuses what a kind of account could not work with.
func (n *node) checkAccount(id, kind string, settings, secrets json.RawMessage) error {
	if kind != visitor.Kind {
		return n.accounts.Check(id, kind, settings, secrets)
	}
	if _, err := visitor.ReadSecrets(secrets); err != nil {
		return err
	}
	return visitor.CheckSettings(settings)
}

// secrets opens what an account keeps sealed for its channel.
func (n *node) secrets(a *event.Account) (json.RawMessage, error) {
	s, err := rest.OpenSecrets(n.master, a)
	return s.Channel, err
}

// hook hands a call of a provider to the account that it is for.
func (n *node) hook(w http.ResponseWriter, r *http.Request) {
	p := httprouter.ParamsFromContext(r.Context())
	n.accounts.Hook(w, r, p.ByName("kind"), p.ByName("account"))
}
