package intent

import "math"

// dice are seeded chance: splitmix64, the same on every machine. Whoever is
// handed a seed throws the same for ever, whatever is thrown elsewhere.
type dice struct{ state uint64 }

// newDice returns dice for one purpose, so that no two throw alike.
func newDice(seed uint64, purpose ...uint64) *dice {
	d := &dice{seed}
	for _, p := range purpose {
		d.state = d.next() ^ p*0x9e3779b97f4a7c15
	}
	return d
}

func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	return stir(d.state)
}

// stir spreads what two numbers differ in over all bits.
func stir(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// float is from 0 up to 1.
func (d *dice) float() float32 { return float32(d.next()>>40) / (1 << 24) }

// below is one of 0 to n-1.
func (d *dice) below(n int) int { return int(d.next() % uint64(n)) }

// normal has mean 0 and deviation 1.
func (d *dice) normal() float32 {
	u := float64(d.next()>>11)/(1<<53) + 1e-18
	v := float64(d.next()>>11) / (1 << 53)
	return float32(math.Sqrt(-2*math.Log(u)) * math.Cos(2*math.Pi*v))
}

func (d *dice) shuffle(order []int) {
	for i := len(order) - 1; i > 0; i-- {
		j := d.below(i + 1)
		order[i], order[j] = order[j], order[i]
	}
}
