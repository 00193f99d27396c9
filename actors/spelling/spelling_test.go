package spelling

import (
	"slices"
	"strings"
	"testing"
)

// proves OP-15
func TestOP15_WhatIsRight(t *testing.T) {
	s := New()
	own := NewWords([]string{"Краснопупинск", "Ozonика"})
	for _, tt := range []struct{ language, right, wrong string }{
		{"ru", "привет Привет ёлка елка ещё еще Москва кто-то по-русски интернет-магазин счёт-фактура кешбэк промокоды айфоном", "превет ёлкаа тёлефон москва привЕт кто-тоо нибудб"},
		{"ru", "ПРИВТЕ в iPhone12 3G Wildberries Samsung привіт қазақ i a@b я не", "пррривет Ghbdtn ghbdtn wrold"},
		{"en", "hello Hello it's it’s well-known London McDonald iPhone", "helo london wildberries recieve Wrold"},
		{"", "hello привет", "helo превет cлово"},
		{"de", "Grüße превет helo", ""},
		{"ru-RU", "привет", "превет"},
		{"ru", "Краснопупинск краснопупинск КРАСНОПУПИНСК Ozonика", "краснопупинска"},
		{"ru", "e.g hello,wrold " + strings.Repeat("ы", longest+1), "ye;yj [jhjij k.,k."},
	} {
		for _, w := range strings.Fields(tt.right) {
			if v := s.Check(w, tt.language, own); !v.Known || v.Suggestions != nil {
				t.Errorf("Check(%s, %s) = %v, want it known", w, tt.language, v)
			}
		}
		for _, w := range strings.Fields(tt.wrong) {
			if v := s.Check(w, tt.language, own); v.Known {
				t.Errorf("Check(%s, %s) is known", w, tt.language)
			}
		}
	}
}

// proves OP-15
func TestOP15_WhatIsSuggested(t *testing.T) {
	s := New()
	own := NewWords([]string{"Краснопупинск"})
	for _, tt := range []struct{ typed, first string }{
		{"приевт", "привет"}, {"Превет", "Привет"}, {"здраствуйте", "здравствуйте"}, {"пожалуста", "пожалуйста"},
		{"ghbdtn", "привет"}, {"Ghbdtn", "Привет"}, {"руддщ", "hello"}, {"ye;yj", "нужно"}, {"[jhjij", "хорошо"},
		{"потомучто", "потому что"}, {"Незнаю", "Не знаю"}, {"вобщем", "в общем"}, {"говорюже", "говорю же"},
		{"изза", "из-за"}, {"какойто", "какой-то"}, {"порусски", "по-русски"}, {"Коекто", "Кое-кто"},
		{"москва", "Москва"}, {"Масква", "Москва"}, {"cлово", "слово"}, {"что-нибудб", "что-нибудь"},
		{"зделать", "сделать"}, {"recieve", "receive"}, {"wrold", "world"}, {"dont", "don't"}, {"iphone", "iPhone"},
		{"краснопупинк", "Краснопупинск"}, {"ёлкаа", "ёлка"}, {"скриншет", "скриншот"}, {"договар", "договор"},
	} {
		v := s.Check(tt.typed, "ru", own)
		if tt.typed == "dont" || tt.typed == "recieve" || tt.typed == "iphone" || tt.typed == "wrold" {
			v = s.Check(tt.typed, "en", own)
		}
		if v.Known || len(v.Suggestions) == 0 || v.Suggestions[0] != tt.first {
			t.Errorf("Check(%s) = %v, want %s first", tt.typed, v, tt.first)
		}
	}
}

func TestOP15_SuggestionsAreFewAndDifferent(t *testing.T) {
	s := New()
	for _, x := range slips(s, s.russian, 500) {
		v := s.Check(x.typed, "")
		seen := map[string]bool{}
		for _, w := range v.Suggestions {
			if seen[Fold(w)] || w == x.typed {
				t.Errorf("Check(%s) = %v", x.typed, v)
			}
			seen[Fold(w)] = true
		}
		if len(v.Suggestions) > Most {
			t.Errorf("Check(%s) has %d suggestions", x.typed, len(v.Suggestions))
		}
	}
}

// What must not be said to customers is known, and never suggested.
func TestOP15_SomeWordsAreNotSuggested(t *testing.T) {
	s := New()
	hidden := 0
	for _, word := range []string{"fucking", "shit", "cunt"} {
		if there, is := s.english.has([]rune(word)); there && is {
			hidden++
		}
		if v := s.Check(word, "en"); !v.Known {
			t.Errorf("%s is not known", word)
		}
		for _, typed := range []string{word + "x", word[:len(word)-1] + "c"} {
			if v := s.Check(typed, "en"); slices.Contains(v.Suggestions, word) {
				t.Errorf("%s suggests what must not be said", typed)
			}
		}
	}
	if hidden == 0 {
		t.Error("no word is hidden")
	}
}

func FuzzCheck(f *testing.F) {
	for _, w := range []string{"привет", "ye;yj", "'", "-", "a-", "--", "ё’", "\xff", "ёёёёёё", strings.Repeat("a", longest), "cлово"} {
		f.Add(w, "ru")
	}
	s, own := New(), NewWords([]string{"Краснопупинск"})
	f.Fuzz(func(t *testing.T, word, language string) {
		v := s.Check(word, language, own)
		if v.Known && v.Suggestions != nil || len(v.Suggestions) > Most {
			t.Errorf("Check(%q, %q) = %v", word, language, v)
		}
		if again := s.Check(word, language, own); !slices.Equal(again.Suggestions, v.Suggestions) {
			t.Errorf("Check(%q) = %v, then %v", word, v, again)
		}
	})
}
