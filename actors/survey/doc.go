/*
Package survey is what an article asks a customer and how it answers: slots,
the conditions over them, and the choice among the answers that fit.

	a slot ----- Check       may it be kept?
	words ------ Read        are they what the slot asks for?
	             Extract     is it anywhere in what was said before?
	answers ---- Choose      whose conditions hold, by the article's policy
	conditions - Parse       speed = good and staff != bad or known(phone)

All of it is functions of their arguments. The conversation asks the questions
and remembers what was answered; the knowledge base keeps the slots.

# Patterns

A pattern is RE2, which takes time in proportion to what it reads. Its text and
the program it compiles to are bounded, and so is the text that it is held
against, so no pattern that was kept can hold up a conversation.
*/
package survey
