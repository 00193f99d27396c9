package spelling

import "slices"

// longest is how many letters a word may have to be looked for, and deepest how
// many one may have that is found.
const (
	longest = 40
	deepest = longest + 2
)

// slack is how much more a beginning may cost than the word: of two letters
// that changed places the first looks left out until the second is there.
const slack = left - swapped

// A found word, and what the slips cost that make it the typed one.
type found struct {
	word string
	cost int
}

// A seeker goes through a graph for words that are near to the typed one. It
// keeps, for the letters it has gone through, what they cost for each beginning
// of the typed word; a way on which each costs too much is left.
type seeker struct {
	*graph
	typed  []rune
	number []int8    // of the typed letters; -1 for one that no word has
	costs  [][]uint8 // of the typed letters, for each of the graph's
	extra  []int16   // what each costs as one too many
	limit  int
	band   int // how many letters longer or shorter a beginning may be
	most   int
	path   [deepest + 1]int8
	rows   [deepest + 1][longest + 1]int16
	found  []found
}

// near returns the words that cost at most the limit, the nearest first, and
// not more than the most.
func (g *graph) near(typed []rune, limit, most int) []found {
	if len(typed) > longest {
		return nil
	}
	s := &seeker{graph: g, typed: typed, limit: limit, band: limit / cheapest, most: most}
	for i, r := range typed {
		n, ok := g.number[r]
		if ok {
			s.costs = append(s.costs, g.costs[n])
		} else {
			n, s.costs = -1, append(s.costs, costsOf(r, g.letters))
		}
		s.number, s.extra = append(s.number, n), append(s.extra, int16(extra(typed, i)))
		s.rows[0][i+1] = s.rows[0][i] + s.extra[i]
	}
	if root := g.root(); root != 0 {
		s.walk(root, 0)
	}
	return s.found
}

// walk goes on from a state that is some letters deep.
func (s *seeker) walk(state uint32, depth int) {
	for i := state; ; i++ {
		a := s.arc(i)
		s.path[depth+1] = int8(a.letter())
		if least := s.step(depth+1, a.letter()); least <= s.limit+slack {
			if cost := s.cost(depth + 1); a.is(endsWord) && !a.is(hiddenEnd) && cost <= s.limit {
				s.keep(depth+1, cost)
			}
			if next := a.target(); next != 0 && depth+1 < deepest {
				s.walk(next, depth+1)
			}
		}
		if a.is(lastArc) {
			return
		}
	}
}

// cost is what a word costs that ends at a depth.
func (s *seeker) cost(depth int) int {
	if d := depth - len(s.typed); max(d, -d) > s.band {
		return never
	}
	return int(s.rows[depth][len(s.typed)])
}

// step fills the row of a letter, and returns the least that is in it. Of
// the row only that is filled which the limit lets be reached: each letter more
// or less has its cost.
func (s *seeker) step(depth, letter int) int {
	above, row := &s.rows[depth-1], &s.rows[depth]
	last := -1
	if depth > 1 {
		last = int(s.path[depth-1])
	}
	omit := s.omitted[letter]
	if last == letter {
		omit = leftTwin
	}
	from, to := max(1, depth-s.band), min(len(s.typed), depth+s.band)
	least := int16(never)
	row[from-1] = never
	if from == 1 {
		row[0] = above[0] + omit
		least = row[0]
	}
	for j := from; j <= to; j++ {
		cost := int16(s.costs[j-1][letter])
		if j == 1 && depth == 1 && cost > sounds { // what one hears, one writes so on purpose
			cost += begins
		}
		best := min(above[j]+omit, row[j-1]+s.extra[j-1], above[j-1]+cost)
		if j > 1 && depth > 1 && int(s.number[j-1]) == last && int(s.number[j-2]) == letter && last != letter {
			best = min(best, s.rows[depth-2][j-2]+swapped)
		}
		row[j] = best
		least = min(least, best)
	}
	if to < len(s.typed) {
		row[to+1] = never
	}
	return int(least)
}

// keep takes in a word that has been found, and looks no further than what has
// been found already once there is enough of it.
func (s *seeker) keep(depth, cost int) {
	word := make([]rune, depth)
	for i := range word {
		word[i] = s.letters[s.path[i+1]]
	}
	s.found = append(s.found, found{string(word), cost})
	slices.SortStableFunc(s.found, compare)
	if len(s.found) > s.most {
		s.found = s.found[:s.most]
		s.limit = s.found[s.most-1].cost
	}
}

// compare puts the nearer first, and what is as near in the order of letters.
func compare(a, b found) int {
	if a.cost != b.cost {
		return a.cost - b.cost
	}
	if a.word < b.word {
		return -1
	}
	return 1
}
