/*
Package spelling tells whether a word of Russian or English is written right,
and what it may have been to be.

	word --> its script, its case --> known? --> yes
	                                    |
	                                    +-----> no: other layout, a missing space
	                                            or hyphen, the words that are few
	                                            slips away, the likeliest first

The words are those of the dictionaries dictionary-ru and dictionary-en, every
form of them, and some of ours (gen/ru.dic). Command gen writes them as graphs
that are embedded and read where they lie: 1.4 million Russian forms are 0.8 MB
in the program and nothing on the heap. The licences are beside them.

What is likely is a matter of keyboards and ears: a key beside costs less than
one far away, а for о less than а for щ, a letter left out less than one too
many. Nothing is known of how frequent words are. The graph is ours because the
costs steer the way through it: vellum, which the search index has, knows plain
edits alone, takes 1.7 times the room and five times the time for them.

An е may stand for an ё. A word is right with a capital in front, and a name not
without. Abbreviations in capitals, lone letters, numbers, addresses and words
with letters of other languages are not looked up; which pieces of a text are
words is told by whoever asks. A house has words of its own beside: [Words].

The package knows no center, no settings and no clock.
*/
package spelling
