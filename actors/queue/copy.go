package queue

import (
	"encoding/json"
	"slices"
)

// A still is what a copy holds of a line: less work to make than maps, which
// are made when it is encoded.
type still struct {
	waits     []Wait
	operators []Operator
}

// Copy returns a state for encoding alone: it is encoded as s is, and stays as
// it is whatever is applied to s.
func Copy(s State) State {
	c := &still{make([]Wait, 0, len(s.Waits)), make([]Operator, 0, len(s.Operators))}
	// What a wait or an operator points to is not changed in place.
	for _, w := range s.Waits {
		c.waits = append(c.waits, *w)
	}
	for _, o := range s.Operators {
		c.operators = append(c.operators, *o)
	}
	s.Waits, s.Operators, s.Left = nil, nil, slices.Clone(s.Left)
	s.index, s.still = nil, c
	return s
}

// MarshalJSON writes a state, or a copy of one.
func (s State) MarshalJSON() ([]byte, error) {
	type plain State
	if c := s.still; c != nil {
		s.Waits = make(map[string]*Wait, len(c.waits))
		s.Operators = make(map[string]*Operator, len(c.operators))
		for i := range c.waits {
			s.Waits[c.waits[i].Conversation] = &c.waits[i]
		}
		for i := range c.operators {
			s.Operators[c.operators[i].ID] = &c.operators[i]
		}
	}
	return json.Marshal(plain(s))
}
