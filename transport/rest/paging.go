package rest

import (
	"fmt"
	"strconv"

	"crafttalkd/actors/refusal"
)

// A pageSize is how many items a list shows at once: what is usual, and what may
// be asked for at most. Its parameter's description and its check are made of it.
type pageSize struct{ usual, most int }

var (
	rowsOfTable        = pageSize{10, 500} // Manual: 10 rows a page by default
	conversationsShown = pageSize{50, 200}
	surveysShown       = pageSize{50, 200}
	customersShown     = pageSize{20, 50}
	actsShown          = pageSize{100, 500}
	nightsShown        = pageSize{100, 500}
	changesShown       = pageSize{20, 100}
	articlesFound      = pageSize{10, 50}
	articlesSuggested  = pageSize{8, 50}
	articlesAssisted   = pageSize{5, 10}
	itemsOfFeed        = pageSize{100, 1000}
)

// furthest is how far a list is turned over.
const furthest = 1 << 20

// param describes the limit.
func (p pageSize) param() param {
	return param{name: "limit", doc: fmt.Sprintf("at most %d; %d if left out", p.most, p.usual)}
}

// params describe the limit and the offset.
func (p pageSize) params() []param {
	return []param{p.param(), {name: "offset", doc: "how many to pass over"}}
}

// limit is how many items of a list are asked for.
func (c *call) limit(p pageSize) (int, error) { return c.between("limit", p.usual, 1, p.most) }

// window is which items of a list are asked for.
func (c *call) window(p pageSize) (limit, offset int, err error) {
	if limit, err = c.limit(p); err == nil {
		offset, err = c.between("offset", 0, 0, furthest)
	}
	return limit, offset, err
}

// between reads a number of the query, which has bounds.
func (c *call) between(name string, usual, least, most int) (int, error) {
	text := c.r.URL.Query().Get(name)
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, refusal.Of(name, "this must be a number from %d to %d", least, most)
	}
	return n, nil
}

// number reads a number of the query; 0 if it is not there.
func (c *call) number(name string) (uint64, error) {
	text := c.r.URL.Query().Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 53)
	if err != nil {
		return 0, refusal.Of(name, "this is not a number")
	}
	return n, nil
}
