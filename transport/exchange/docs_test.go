package exchange_test

import (
	"os"
	"strings"
	"testing"

	"crafttalkd/transport/exchange"
)

// The examples of docs/knowledge.md are read as they stand there, and say the
// same.
func TestExamplesOfTheDocs(t *testing.T) {
	text, err := os.ReadFile("../../docs/knowledge.md")
	if err != nil {
		t.Fatal(err)
	}
	for fence, read := range map[string]func([]byte) (*exchange.Book, error){"```csv\n": exchange.ReadCSV, "```json\n": exchange.ReadJSON} {
		_, rest, _ := strings.Cut(string(text), fence)
		example, _, ok := strings.Cut(rest, "```")
		if !ok {
			t.Fatalf("there is no example %s", fence)
		}
		items, faults := take(read, example)
		if len(faults) > 0 {
			t.Errorf("%s: %v", fence, faults)
			continue
		}
		base, _ := baseOf(t, items)
		if a := base.ArticleNamed("quality"); base.Len() != 2 || a == nil || len(a.Answers) != 2 || len(a.SlotIds) != 1 || len(a.Answers[0].Conditions) != 1 {
			t.Errorf("%s: it says %v", fence, a)
		}
	}
}

// The knowledge base of the demonstration is such a file.
func TestDemonstration(t *testing.T) {
	text, err := os.ReadFile("../../cmd/crafttalkd/showroom/knowledge.json")
	if err != nil {
		t.Fatal(err)
	}
	if items, faults := take(exchange.ReadJSON, string(text)); len(faults) > 0 || len(items) < 40 {
		t.Errorf("%d entries, %v", len(items), faults)
	}
}
