package channels

import "strings"

// Draft is a first message for an invite link of a channel that carries nothing
// else: the customer sends it, and the token with it.
func Draft(token string) string { return "Здравствуйте! [#" + token + "]" }

// Code is the token in a text that was drafted by an invite link, or "".
func Code(text string) string {
	_, after, found := strings.Cut(text, "[#")
	token, _, closed := strings.Cut(after, "]")
	if !found || !closed || len(token) < 16 || len(token) > 64 {
		return ""
	}
	return token
}
