package intent

import (
	"math"

	"gonum.org/v1/gonum/blas/gonum"
)

// blas is the arithmetic of vectors, which gonum has in assembly.
var blas gonum.Implementation

// axpy adds a·x to y.
func axpy(a float32, x, y []float32) { blas.Saxpy(len(x), a, x, 1, y, 1) }

// dot is the sum of products. In which order it adds up depends on whether y
// begins at a multiple of 16 bytes, as slices of 32 bytes and more do, and their
// rows by their number: shorter ones would not give the same bytes each time.
func dot(x, y []float32) float32 { return blas.Sdot(len(x), x, 1, y, 1) }

// softmax turns scores into probabilities, in place.
func softmax(s []float32) {
	top := float32(math.Inf(-1))
	for _, x := range s {
		top = max(top, x)
	}
	var sum float32
	for i, x := range s {
		s[i] = exp(x - top)
		sum += s[i]
	}
	for i := range s {
		s[i] /= sum
	}
}

func exp(x float32) float32 { return float32(math.Exp(float64(x))) }

// A packed matrix holds each row in bytes, with the size of one step of it.
type packed struct {
	width int
	steps []float32
	cells []int8
}

// pack rounds the rows of a matrix.
func pack(m []float32, width int) packed {
	p := packed{width: width, steps: make([]float32, len(m)/width), cells: make([]int8, len(m))}
	for r := range p.steps {
		row := m[r*width : (r+1)*width]
		var most float32
		for _, x := range row {
			most = max(most, x, -x)
		}
		if most == 0 {
			continue
		}
		p.steps[r] = most / 127
		for i, x := range row {
			p.cells[r*width+i] = int8(math.RoundToEven(float64(x / p.steps[r])))
		}
	}
	return p
}

// add adds a times row r to y.
func (p packed) add(a float32, r uint32, y []float32) {
	a *= p.steps[r]
	row := p.cells[int(r)*p.width : (int(r)+1)*p.width]
	y = y[:len(row)]
	for i, c := range row {
		y[i] += a * float32(c)
	}
}
