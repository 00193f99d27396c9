/*
Package knowledge is the knowledge base: the articles that operators and
automatic agents answer with, the slots that surveys ask for, and the types that
articles are sorted by.

	Put, Remove, Restore, Import ----> knowledge ----> ArticlePut, SlotPut …
	                                   (one writer)

There is one base and one writer, so what holds between articles is decided and
not hoped for: an identifier is unique whatever its letters' case, a button leads
to an article that exists, a slot or a type in use stays, and an import happens
whole or not at all.

The state holds what the next decision needs of each entry: its name, its
revision, what it refers to, and a fingerprint by which the same again is no
news. What articles say is not in it. Their versions are their ArticlePut
events, and whoever restores one brings what it said.

Lines, skills, topics and agents are the directory's: whoever asks has looked
whether they exist. The package does not look at the clock, makes no ids and
reads no files.
*/
package knowledge
