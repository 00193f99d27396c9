package channels

import "testing"

// proves CT-06: the token in a drafted text is found, and nothing else is one.
func TestCT06_Code(t *testing.T) {
	const token = "AbCdEfGhIjKlMnOpQrStUv"
	for text, want := range map[string]string{
		Draft(token): token, "я [#" + token + "] пришёл": token, "[#short]": "", "[#" + token: "", token: "", "": "",
	} {
		if got := Code(text); got != want {
			t.Errorf("Code(%q) = %q, want %q", text, got, want)
		}
	}
}
