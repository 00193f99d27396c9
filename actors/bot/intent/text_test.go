package intent

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTokens(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"Ёлка, ЕЛКА!", "елка елка"},
		{"Где моя карта???", "где моя карта ?"},
		{"can't won’t", "cant wont"},
		{"пин-код", "пин код"},
		{"за\u0301мок", "замок"},
		{"йод и\u0306од", "йод йод"},
		{"see https://example.com/a?b=1 or www.example.com", "see <url> or <url>"},
		{"mail Anna@example.com.", "mail <mail>"},
		{"@name and a@b", "name and a b"},
		{"звоните +7 (912) 345-67-89 сегодня", "звоните <phone> сегодня"},
		{"карта 4111 1111 1111 1111", "карта <number>"},
		{"заказ 123456 от 5 мая", "заказ <number> от 5 мая"},
		{"ставка 12,5", "ставка 12 5"},
		{"हिन्दी में", "हिन्दी में"},
		{"bad \xff bytes", "bad bytes"},
		{" … ", ""},
	} {
		if got := strings.Join(tokens(tt.in), " "); got != tt.want {
			t.Errorf("tokens(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestScript(t *testing.T) {
	for in, want := range map[string]string{
		"Где моя карта Visa?": "Cyrl", "my card": "Latn", "12:30 :)": "", "Πού είναι": "Grek", "你好": "Hani",
	} {
		if got := Script(in); got != want {
			t.Errorf("Script(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestRepair(t *testing.T) {
	l := lexicon{count: map[string]uint32{"карта": 9, "карты": 3, "кредит": 5, "перевод": 2, "где": 7, "<number>": 1, "cart": 2, "cast": 2, "once": 1}}
	l.index()
	for in, want := range map[string]string{
		"карат":   "карта",  // two swapped
		"крта":    "карта",  // one left out
		"крредит": "кредит", // one too many
		"кридит":  "кредит", // one for another
		"карте":   "карта",  // the more frequent of two
		"cait":    "cart",   // as frequent, and first
		"гдк":     "гдк",    // too short to tell
		"варта":   "варта",  // slips are rare in the first letter
		"акрта":   "карта",  // but for two that are swapped
		"onces":   "onces",  // what was met once may be a slip itself
		"карта":   "карта",  // known
		"собака":  "собака", // like nothing
		"12345":   "12345",  // no word
		"пиривод": "пиривод",
	} {
		given := []string{"где", in}
		if got := l.repair(given); got[1] != want || given[1] != in {
			t.Errorf("repair(%q) = %q, want %q; what was given is %q", in, got[1], want, given[1])
		}
	}
}

// What customers write may be anything.
func FuzzRank(f *testing.F) {
	m := train(f, phrases(f, "shop_en.tsv"), Options{Seed: 1})
	m = m.Learn(Example{Text: "my refund", Article: "refund"})
	for _, s := range []string{"", "my refund?", "+7 (912) 345-67-89", "<url>", "\xff\xfe", "a\u0301\u0301", strings.Repeat("слово ", 500), strings.Repeat("x", 5000), "١٢٣٤٥٦"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := m.Rank(text, nil, 3)
		last := 1.0
		for _, s := range r.Best {
			if !(s.Probability >= 0 && s.Probability <= last) {
				t.Fatalf("Rank(%q) = %v", text, r)
			}
			last = s.Probability
		}
		if len(r.Best) > 3 || !(r.NoArticle >= 0 && r.NoArticle <= 1) {
			t.Fatalf("Rank(%q) = %v", text, r)
		}
		for _, w := range m.Explain(text, "refund", 3).Read {
			if w == "" || !utf8.ValidString(w) {
				t.Fatalf("%q was read as %q", text, w)
			}
		}
	})
}

// What is on disk may be damaged.
func FuzzDecode(f *testing.F) {
	m := train(f, phrases(f, "shop_en.tsv")[:16], Options{Seed: 1})
	f.Add(m.Encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, err := Decode(b); err == nil {
			m.Rank("my refund", nil, 3)
		}
	})
}
