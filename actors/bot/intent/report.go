package intent

// A Report says how a training went.
type Report struct {
	Samples        int // examples that differ
	Articles       int
	Contradictions []Contradiction
}
