package main

import (
	"context"
	"net/http"

	"crafttalkd/transport/desk"
	"crafttalkd/transport/egress"
	"crafttalkd/transport/rest"
	"crafttalkd/transport/wall"
)

// openWall starts what supervisors see of the work that goes on.
func (n *node) openWall(ctx context.Context) error {
	client, err := egress.New(egress.Options{Allow: n.config.egress})
	if err != nil {
		return err
	}
	n.wall, err = wall.Open(wall.Config{System: n.system, Hub: n.hub, Table: n.engine, Log: n.log,
		Authenticate: func(r *http.Request) (desk.Who, error) { return n.who(r) },
		Refuse:       func(w http.ResponseWriter, r *http.Request, err error) { n.rest.Refuse(w, r, err) },
		Origin:       sameOrigin, Channels: n.accounts.Conditions, Failures: n.failed, Client: client, Key: n.master.Derive, Version: version})
	if err != nil {
		return err
	}
	n.running.Go(func() { n.must("wall", n.wall.Follow()) })
	n.running.Go(func() { n.wall.Run(ctx) })
	return nil
}

// failed lists the messages whose processing failed, as the wall wants them.
func (n *node) failed() ([]wall.Failure, error) {
	list, err := n.failures.List()
	out := make([]wall.Failure, 0, len(list))
	for _, f := range list {
		out = append(out, wall.Failure{ID: f.ID, At: f.At, Account: f.Account, Reason: f.Reason, Size: f.Size, Raw: f.Raw})
	}
	return out, err
}

// wallCalls are the supervisors' socket, and what is posted of alerts.
func wallCalls() []rest.Operation {
	return []rest.Operation{
		{Method: "GET", Path: "/api/v1/wall", Summary: "A WebSocket (crafttalk.v1, crafttalk.v1.json): the work that goes on, live. Needs view_monitoring.",
			Answers:  []rest.Answer{{Status: http.StatusSwitchingProtocols, Doc: "hello is said, then Wall frames come; Watch follows a conversation"}},
			Refusals: map[int]string{401: "sign in first", 403: "this needs the permission view_monitoring"}},
		{Method: "POST", Path: "alert", Outward: true, Summary: "Something goes wrong, or does no more; signed as Standard Webhooks have it",
			Body: wall.Posted{}, Answers: []rest.Answer{{Status: http.StatusNoContent, Doc: "taken; anything that is not 2xx is tried again for a day"}}},
	}
}
