package customers

import (
	"fmt"
	"runtime"
	"testing"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// many is a large contact center's customers.
const many = 100_000

// crowd writes the rows of many customers.
func crowd(b *testing.B) *world {
	w := newWorld(b, 1, none)
	var batch []journal.Entry
	for i := range many {
		id := fmt.Sprintf("%032x", i)
		stream := event.CustomerStream + id
		conv := id + ".1"
		for _, e := range []event.Event{
			&event.CustomerRegistered{CustomerId: id, Address: &event.Address{AccountId: "mail", Address: fmt.Sprintf("user%d@example.org", i), Kind: "email"}},
			&event.ProfileChanged{Fields: map[string]string{"fname": oneOf(w.rand, firstNames...), "lname": fmt.Sprintf("%s%c%c", oneOf(w.rand, lastNames...), 'а'+i%32, 'а'+i/32%32),
				"phone": fmt.Sprintf("+79%09d", i*7919%1_000_000_000)}},
			&event.ConversationStarted{ConversationId: conv},
		} {
			batch = append(batch, journal.Entry{Stream: stream, Shard: store.ShardOf(stream), Event: e})
		}
		batch = append(batch, journal.Entry{Stream: event.ConversationStream + conv, Shard: store.ShardOf(stream),
			Event: &event.ConversationOpened{At: w.at(), CenterId: "shop", Routing: &event.Routing{LineId: oneOf(w.rand, "one", "two")}}})
		if len(batch) >= 4000 || i == many-1 {
			if err := w.view.take(batch); err != nil {
				b.Fatal(err)
			}
			batch = batch[:0]
		}
	}
	return w
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkHundredThousand tells how long a start takes to read a hundred
// thousand customers, what they take of memory, and how long searches take.
func BenchmarkHundredThousand(b *testing.B) {
	w := crowd(b)
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			w.view = nil
			before := inUse()
			w.open()
			b.ReportMetric(float64(inUse()-before)/many, "B/customer")
		}
	})
	sees := askers[2].sees
	for name, text := range map[string]string{"rare": "user777@", "name": "иванов анна", "two letters": "ан", "phone": "+7 912 345", "nobody's": "ан"} {
		b.Run("search "+name, func(b *testing.B) {
			q := Question{Text: text, User: "boss", Sees: sees}
			if name == "nobody's" {
				q.Sees = askers[4].sees
			}
			for b.Loop() {
				if _, err := w.view.Search(q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
