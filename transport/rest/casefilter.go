package rest

import (
	"slices"
	"strconv"

	"crafttalkd/actors/figures"
	"crafttalkd/actors/refusal"
)

// sharedFilter reads what statistics and history choose conversations by. A
// parameter that is given several times takes any of its values, and an empty value
// conversations that have none: so a link leads from a figure to what made it. Who
// handled them goes by the one name there and by another here.
func (c *call) sharedFilter(handling string) (f figures.Filter, err error) {
	query := c.r.URL.Query()
	f = figures.Filter{Centers: query["center"], Kinds: query["kind"], Accounts: query["account"], Lines: query["line"], Languages: query["language"],
		Skills: query["skill"], Topics: query["topic"], Operators: query["operator"]}
	for _, text := range query["rating"] {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 5 {
			return f, refusal.Of("rating", "a rating is 1 to 5, or 0 for none")
		}
		f.Ratings = append(f.Ratings, int32(n))
	}
	for _, text := range query[handling] {
		i := slices.Index([]string{figures.Automatic.String(), figures.ByOperator.String(), figures.Unserved.String()}, text)
		if i < 0 {
			return f, refusal.Of(handling, "this is one of automatic, by_operators, unserved")
		}
		f.Handlings = append(f.Handlings, figures.Automatic+figures.Handling(i))
	}
	f.Dissatisfied, err = c.yes("dissatisfied")
	return f, err
}

// yes reads a parameter that is yes or no; nil if it is left out.
func (c *call) yes(name string) (*bool, error) {
	switch c.r.URL.Query().Get(name) {
	case "":
		return nil, nil
	case "yes":
		return new(true), nil
	case "no":
		return new(false), nil
	}
	return nil, refusal.Of(name, "this is yes or no")
}
