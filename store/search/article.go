package search

import (
	"slices"
)

// An Article is what is known here of one article of the knowledge base.
type Article struct {
	ID         string
	Identifier string
	Title      string
	Type       string // its id
	Questions  []string
	Answers    []Answer
}

// An Answer is one of an article's.
type Answer struct {
	ID       string
	Text     string
	Audience Audience
}

// An Audience says for whom an answer is. An empty list is for everybody, any
// other for those who have something of it.
type Audience struct {
	Centers   []string `json:"c,omitempty"`
	Lines     []string `json:"l,omitempty"`
	Skills    []string `json:"s,omitempty"`
	Languages []string `json:"g,omitempty"`
}

// dimensions is how many lists an audience and a reader have.
const dimensions = 4

func (a Audience) lists() [dimensions][]string {
	return [dimensions][]string{a.Centers, a.Lines, a.Skills, a.Languages}
}

// A Reader is a person or a conversation, by what rights are about. A nil list
// stands for all that there is: an audience never shuts such a reader out on
// its account. An empty list that is not nil has nothing.
type Reader struct {
	Centers, Lines, Skills, Languages []string
}

func (r Reader) lists() [dimensions][]string {
	return [dimensions][]string{r.Centers, r.Lines, r.Skills, r.Languages}
}

// fits reports whether a reader is in the audience.
func (r Reader) fits(a Audience) bool {
	theirs := a.lists()
	for i, mine := range r.lists() {
		if mine != nil && len(theirs[i]) > 0 && !slices.ContainsFunc(theirs[i], func(id string) bool { return slices.Contains(mine, id) }) {
			return false
		}
	}
	return true
}

// A Sight is what an asker may see. The zero Sight sees nothing.
type Sight struct {
	all     bool
	readers []Reader
}

// Everything is the sight of an editor of the knowledge base.
func Everything() Sight { return Sight{all: true} }

// As is the sight of readers who look together, such as an operator on behalf of
// a conversation: an answer is seen if it is for each of them.
func As(readers ...Reader) Sight { return Sight{readers: slices.Clone(readers)} }

// blind reports whether nothing can be seen.
func (s Sight) blind() bool { return !s.all && len(s.readers) == 0 }

// sees reports whether an answer with that audience is seen.
func (s Sight) sees(a Audience) bool {
	return s.all || len(s.readers) > 0 && !slices.ContainsFunc(s.readers, func(r Reader) bool { return !r.fits(a) })
}

// A Change is an article as it is from now on.
type Change struct {
	Article Article
	Removed bool // then only the article's id is looked at
}

// latest returns changes with the last of each article alone: the index takes an
// article once in a batch.
func latest(changes []Change) []Change {
	last := make(map[string]int, len(changes))
	for i, c := range changes {
		last[c.Article.ID] = i
	}
	if len(last) == len(changes) {
		return changes
	}
	out := make([]Change, 0, len(last))
	for i, c := range changes {
		if last[c.Article.ID] == i {
			out = append(out, c)
		}
	}
	return out
}
