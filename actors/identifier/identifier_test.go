package identifier_test

import (
	"testing"

	"crafttalkd/actors/identifier"
)

// An identifier is one whatever its letters' case and however they are composed.
func TestKB03_Keys(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		one  bool
	}{
		{"Greeting", "gREETING", true}, {"Привет", "ПРИВЕТ", true}, {" hello ", "hello", true},
		{"\u0438\u0306од", "йод", true}, {"\u0415\u0308лка", "ёлка", true},
		{"ёлка", "елка", false}, {"a_b", "a-b", false}, {"привет", "privet", false},
	} {
		if got := identifier.Key(tt.a) == identifier.Key(tt.b); got != tt.one {
			t.Errorf("%q and %q are one: %v, want %v", tt.a, tt.b, got, tt.one)
		}
	}
}
