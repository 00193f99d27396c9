package agent

import (
	"context"

	"crafttalkd/actors/event"
)

// Answers says which articles answer what a customer wrote.
type Answers interface {
	Rank(ctx context.Context, q Question) (Ranking, error)
}

// A Question is what a customer wrote, and whose conversation it is: only
// articles with an answer for it are ranked.
type Question struct {
	Text      string
	Center    string
	Routing   *event.Routing
	Precision float64 // that an answer without a person must have; 0 for the usual
}

// A Ranking is the articles that may answer.
type Ranking struct {
	Best      []Scored // the likeliest first
	NoArticle float64  // the probability that none answers
	Sure      bool     // the first may be given without a person
}

// A Scored article is one that may answer.
type Scored struct {
	Article     string
	Probability float64
}
