package articles

import "crafttalkd/store/search"

// Searches is the sight of a search whose hits all of the sights see.
func Searches(by ...Sight) search.Sight {
	var readers []search.Reader
	for _, s := range by {
		readers = append(readers, search.Reader{Centers: s.Centers.list(), Lines: s.Lines.list(), Skills: s.Skills.list(), Languages: s.Languages.list()})
	}
	return search.As(readers...)
}

// list is a set as searches know it: nil for all there is.
func (s Set) list() []string {
	if s.All {
		return nil
	}
	return append([]string{}, s.Of...)
}
