package main

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"time"
	_ "time/tzdata" // working hours are read in zones that the machine may not know

	"crafttalkd/actors/event"
	"crafttalkd/transport/agent"
	"crafttalkd/transport/egress"
	"crafttalkd/transport/rest"
	"crafttalkd/transport/teacher"
)

// openAgents starts who acts for the automatic agents.
func (n *node) openAgents(ctx context.Context) error {
	ways, err := egress.NewWays(egress.Options{Allow: n.config.egress})
	if err != nil {
		return err
	}
	way, err := ways.Way(egress.Network{})
	if err != nil {
		return err
	}
	base, err := n.config.base()
	if err != nil {
		return err
	}
	n.agents, err = agent.Open(agent.Config{System: n.system, Journal: n.journal, Table: n.engine, Articles: n.articles.State,
		Answers: teacher.Answers{Teacher: n.teacher, Unlearnt: &agent.Exact{Articles: n.articles.State}}, Client: way.Patient, Secrets: n.agentSecrets, Public: base, Serve: n.handouts.Answer,
		Key: n.master.Derive("agent answer"), Now: time.Now, Draw: rand.Uint64, Refuse: n.refuse, Log: n.log})
	if err != nil {
		return err
	}
	n.running.Go(func() { n.must("agents", n.agents.Follow()) })
	n.running.Go(func() { n.agents.Run(ctx) })
	return nil
}

// agentSecrets opens what an agent keeps sealed.
func (n *node) agentSecrets(a *event.Agent) (signing []string, bearer string, err error) {
	s, err := rest.OpenAgentSecrets(n.master, a)
	return s.Signing, s.Bearer, err
}

// automatic are the conversations that agents keep now.
func (n *node) automatic() []rest.Automatic {
	out := []rest.Automatic{}
	for _, p := range n.agents.Kept() {
		out = append(out, rest.Automatic{ConversationID: p.Conversation, AccountID: p.Account, CenterID: p.Center,
			Routing: rest.Message[*event.Routing]{Of: p.Routing}, AgentID: p.Agent, Since: p.Since})
	}
	return out
}

// tryAgent asks an agent for once.
func (n *node) tryAgent(ctx context.Context, id, center, text string) (rest.TriedAgent, error) {
	t, err := n.agents.Try(ctx, id, center, text)
	if err != nil {
		return rest.TriedAgent{}, err
	}
	out := rest.TriedAgent{Sent: t.Sent, Status: t.Status, Answer: t.Answer, Seconds: t.Took.Seconds(), Later: t.Later,
		Actions: []json.RawMessage{}, Failure: t.Failure, Why: t.Why}
	for _, a := range t.Actions {
		one, err := json.Marshal(a)
		if err != nil {
			return rest.TriedAgent{}, err
		}
		out.Actions = append(out.Actions, one)
	}
	return out, nil
}

// agentCalls are what external agents are asked, and how they answer later.
func agentCalls() []rest.Operation {
	return []rest.Operation{
		{Method: "POST", Path: agent.AnswerPath + ":token", Summary: "The answer of an external agent that took its time, once",
			Body: agent.Actions{}, Answers: []rest.Answer{{Status: http.StatusNoContent, Doc: "done"}},
			Refusals: map[int]string{404: "the token was never good", 409: "nobody waits for the answer any more", 422: "an action can't be done; the answer names it, and may be mended"}},
		{Method: "GET", Path: agent.FilePath + ":token", Summary: "A file of the message that an external agent was told of",
			Answers: []rest.Answer{{Status: http.StatusOK, Doc: "the file", Media: "*/*", Of: binary},
				{Status: http.StatusPartialContent, Doc: "the range that was asked for", Media: "*/*", Of: binary}},
			Refusals: map[int]string{403: "the address is forged or has ended", 404: "the file is gone, or could not be fetched",
				503: "the file is still on its way from the messenger"}},
		{Method: "POST", Path: "agent-turn", Outward: true, Summary: "An external agent keeps a conversation, or its customer has written",
			Body: agent.Occasion{}, Answers: []rest.Answer{{Status: http.StatusOK, Doc: "what is to be done", Of: agent.Actions{}},
				{Status: http.StatusAccepted, Doc: "the answer is posted to answer_url later"}, {Status: http.StatusNoContent, Doc: "it is the customer's turn"}}},
	}
}
