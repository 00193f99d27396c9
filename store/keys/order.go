package keys

import "sync"

// An order is who may write keys: those who write made ones beside each other, who
// destroys keys, wraps them anew or brings them back alone. Its methods are called with the ring's
// lock held, which they give away while they wait.
type order struct {
	changed sync.Cond
	many    int    // write made keys
	one     bool   // destroys, wraps anew, or brings back
	dying   string // whose key is being destroyed
}

// beside waits until nobody writes alone. It is followed by left.
func (o *order) beside() {
	for o.one {
		o.changed.Wait()
	}
	o.many++
}

func (o *order) left() {
	o.many--
	o.changed.Broadcast()
}

// alone waits until nobody writes. It is followed by done.
func (o *order) alone(dying string) {
	for o.one || o.many > 0 {
		o.changed.Wait()
	}
	o.one, o.dying = true, dying
}

func (o *order) done() {
	o.one, o.dying = false, ""
	o.changed.Broadcast()
}

// outlive waits until the key of the subject, or the one around it, is not being destroyed.
func (o *order) outlive(subject string) {
	for o.dying != "" {
		if customer, _ := whole(subject); customer != o.dying && subject != o.dying {
			return
		}
		o.changed.Wait()
	}
}
