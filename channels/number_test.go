package channels

import "testing"

// proves CH-05: a number is kept in one form, however the provider writes it.
func TestCH05_E164(t *testing.T) {
	for in, want := range map[string]string{
		"+7 (999) 000-11-22": "+79990001122", "8 999 000 11 22": "+79990001122", "79990001122": "+79990001122",
		"9990001122": "+79990001122", "+81 3 1234 5678": "+81312345678", "+8 123 456 78 90": "+81234567890", "": "", "none": "",
	} {
		if got := E164(in); got != want {
			t.Errorf("E164(%q) = %q, want %q", in, got, want)
		}
	}
}
