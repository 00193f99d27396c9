/*
Package showroom sets a contact center up for a demonstration: a bank, a shop and
a telecom operator under one roof, with lines, topics, templates, hold phrases,
settings and channels, the people who work there, and customers some of whom
have written before and all of whom wait for an answer.

	Furnish     center.json     the organisation, before anybody writes
	Hire        people.json     those who can sign in, with passwords of this start
	Populate    customers.json  earlier conversations, and those that wait

Everything comes in through the same doors as in life: REST for who sets up,
the widget and the channel API for customers, the desk's socket for the
operator who answered the earlier conversations. Everybody in it is invented.
*/
package showroom
