package intent

// findCentres makes a member that scores by the mean of each class's samples.
func findCentres(lessons []lesson, features, classes int) linear {
	w := make([]float32, (features+1)*classes)
	weight := make([]float32, classes)
	for _, l := range lessons {
		weight[l.class] += l.weight
	}
	for _, l := range lessons {
		share := l.weight / weight[l.class] / max(norm2(l.x), 1e-9)
		for _, t := range l.x {
			w[int(t.id)*classes+l.class] += t.value * share
		}
	}
	return linear{pack(w, classes)}
}

// A nearby member scores a class by the sample that is most like the text.
type nearby struct {
	memory *memory
	of     []int // the class of each sample
}

func newNearest(m *memory, lessons []lesson) nearby {
	n := nearby{memory: m}
	for _, l := range lessons {
		n.of = append(n.of, l.class)
	}
	return n
}

func (n nearby) score(x []term, out []float32) {
	clear(out)
	for i, s := range n.memory.alike(x) {
		out[n.of[i]] = max(out[n.of[i]], s)
	}
}
