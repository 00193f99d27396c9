package talk

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/blugelabs/bluge"
)

// HS-05: proves that a month of many conversations becomes one segment too, when
// some of it is forgotten.
func TestAFullMonthBecomesOne(t *testing.T) {
	m, err := openMonth(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.close() })
	documents := func(from, to int, word string) (docs []*bluge.Document) {
		for i := from; i < to; i++ {
			docs = append(docs, bluge.NewDocument(strconv.Itoa(i)).AddField(bluge.NewKeywordField("word", word)))
		}
		return docs
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // it would wait for five
	defer cancel()
	for _, docs := range [][]*bluge.Document{documents(0, 12000, "said"), documents(0, 500, "gone"), documents(11000, 11200, "gone")} {
		if err := m.write(docs); err != nil {
			t.Fatal(err)
		}
		if err := m.join(ctx); err != nil {
			t.Fatal(err)
		}
		if one, err := m.isOne(); !one || err != nil {
			t.Fatalf("the month is one: %v, %v", one, err)
		}
	}
}
