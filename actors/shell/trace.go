package shell

import (
	"slices"
	"strings"
)

// A Trace is where a Unique effect may have been had before, besides in the
// shard of the actor that is asked for it.
type Trace struct {
	Key     string
	Streams []string // in whose shards the key may have been used
	Kin     []string // and in those of the kin of these, see [House]
}

// A Traveller is a Unique command whose key may have been used in the shards
// of other streams, before it came to belong here: see [Trace].
type Traveller interface {
	Before() (streams, kin []string)
}

// traceOf returns where the key of a command may have been used.
func traceOf(cmd any, key string) Trace {
	t := Trace{Key: key}
	if v, ok := cmd.(Traveller); ok {
		t.Streams, t.Kin = v.Before()
	}
	return t
}

// known answers a command that has had its effect already, as far as that is to
// be looked for before it is decided.
func (a *shell[S, C]) known(t *turn, c C) (Answer, bool) {
	if a.ways.Trace != nil {
		if trace, ok := a.ways.Trace(a.state, c); ok {
			return a.repeated(t, trace)
		}
	}
	key := a.key(c)
	if key == "" {
		return Answer{}, false
	}
	trace := traceOf(c, key)
	if !a.careful && len(trace.Streams) == 0 && len(trace.Kin) == 0 && !slices.Contains(t.keys, key) {
		return Answer{}, false
	}
	return a.repeated(t, trace)
}

// repeated answers a Unique command that has had its effect, in the name of the
// stream that has it. It is not what makes the effect single: that is the key in
// the append itself.
func (a *shell[S, C]) repeated(t *turn, trace Trace) (Answer, bool) {
	answer := Answer{Stream: a.stream, Version: a.version, Repeated: true}
	if slices.Contains(t.keys, trace.Key) {
		return answer, true
	}
	streams := append([]string{a.stream}, trace.Streams...)
	for _, s := range trace.Kin {
		kin, err := a.house.Kin(s)
		if err != nil {
			answer.Err = err
			return answer, true
		}
		streams = append(append(streams, s), kin...)
	}
	for _, stream := range streams {
		r, taken, err := a.house.Journal.Taken(stream, trace.Key)
		if err == nil && taken {
			answer.Version = r.Version
			stream, err = a.house.Journal.StreamAt(stream, r.Position)
		}
		if err == nil && taken && stream != "" {
			answer.Stream = stream
		}
		if answer.Err = err; taken || err != nil {
			return answer, true
		}
	}
	return answer, false
}

// key returns the key of a Unique command, and "" for one that has none.
func (a *shell[S, C]) key(cmd any) string {
	u, ok := cmd.(Unique)
	if !ok {
		return ""
	}
	if own, ok := strings.CutPrefix(u.Unique(), "."); ok {
		return a.stream + own
	}
	return u.Unique()
}
