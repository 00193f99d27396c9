package main

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"crafttalkd/actors/event"
	"crafttalkd/store"
)

// kept is what the journal of a data directory holds of customers' messages.
type kept struct {
	messages int
	tops     map[string]int // the last of each lane
	wrong    []string       // kept twice, or out of a customer's order
}

// readKept reads the journal of a directory that no server uses. Ids of
// messages look like RUN-LANE-N: a lane is one customer, and n rises.
func readKept(dir string) (k kept, err error) {
	h, err := openHome(dir, logger(slog.LevelWarn), 0)
	if err != nil {
		return k, err
	}
	defer h.close()
	j, err := h.journal()
	if err != nil {
		return k, err
	}
	defer j.Close()
	seen, tops := map[string]bool{}, map[string]int{}
	for shard := range store.Shards {
		for e, err := range j.Tail(shard, 0) {
			if err != nil {
				return k, err
			}
			m, ok := e.Event.(*event.MessageReceived)
			if !ok {
				continue
			}
			id := m.ExternalId
			if id == "" {
				id = m.MessageId
			}
			cut := strings.LastIndex(id, "-")
			n, err := strconv.Atoi(id[cut+1:])
			if err != nil {
				return k, fmt.Errorf("message %q: %w", id, err)
			}
			lane := e.Stream + " " + id[:cut+1]
			switch {
			case seen[id]:
				k.wrong = append(k.wrong, id+" is kept twice")
			case n <= tops[lane]:
				k.wrong = append(k.wrong, fmt.Sprintf("%s comes after %d", id, tops[lane]))
			}
			seen[id], tops[lane] = true, max(n, tops[lane])
		}
	}
	k.messages, k.tops = len(seen), map[string]int{}
	for lane, n := range tops {
		_, id, _ := strings.Cut(lane, " ")
		k.tops[id] = n
	}
	return k, nil
}
