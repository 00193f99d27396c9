package queue_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"crafttalkd/actors/queue"
)

// proves G13: a snapshot that is written down while the line goes on is the
// line as it was. A copy that shares its waits or operators is seen.
func TestG13_CopyStays(t *testing.T) {
	if !stays(t, queue.Copy) {
		t.Error("the copy has changed with the line")
	}
	if stays(t, func(s queue.State) queue.State { return s }) {
		t.Error("a copy that shares everything was not seen to change")
	}
}

// stays reports whether a copy is what the state was, and remains that.
func stays(t *testing.T, take func(queue.State) queue.State) bool {
	t.Helper()
	l := newLoad(50, 6)
	for range 500 {
		l.enter(6)
	}
	was := encoded(t, l.state)
	kept := take(l.state)
	for i := range 200 {
		l.assign(fmt.Sprintf("operator-%04d", i%50), 6)
	}
	if bytes.Equal(encoded(t, l.state), was) {
		t.Fatal("the line did not go on")
	}
	return bytes.Equal(encoded(t, kept), was)
}

func encoded(t *testing.T, s queue.State) []byte {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// BenchmarkCopy is what a snapshot of a line in which 10,000 wait costs those
// in it, and BenchmarkEncode what it costs beside them.
func BenchmarkCopy(b *testing.B) {
	l := newLoad(1000, 6)
	for range 10000 {
		l.enter(6)
	}
	for b.Loop() {
		queue.Copy(l.state)
	}
}

// BenchmarkEncode writes the same line down.
func BenchmarkEncode(b *testing.B) {
	l := newLoad(1000, 6)
	for range 10000 {
		l.enter(6)
	}
	for b.Loop() {
		all, err := json.Marshal(l.state)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(all)))
	}
}
