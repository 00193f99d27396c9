/*
Package search finds articles of the knowledge base by their words.

	journal --Follow--> Apply --> bluge on disk    --> Search
	                        \---> cards in memory  --> Suggest, Filter

An article is found by its title, its expected questions, its identifier and the
texts of its answers. Who may read an answer is said by its [Audience], and
whoever asks brings a [Sight]. Rights are a part of every query and never a
sieve after it: each answer is a document of its own in the index, with its
audience beside its words, so the text of an answer that the asker may not read
neither finds its article nor counts, and is never shown. A title and the
questions belong to whoever may read one of the answers.

Words are compared in lower case, without accents, with е for ё, and by their
stems: Russian ones for words with a Cyrillic letter, English ones for Latin
words. Where few articles have the words as they are, those with similar ones
follow. Who types is answered out of memory, by a lexicon of the words of titles
and questions, with the same forgiveness. What people write is never taken for a query language: words are cut
out of it, and queries are made of the words.

The index is a reading of the journal and no more. The version of the knowledge
base that it tells is in the index itself, written together with what it tells,
so whatever part of it a crash takes away is read again. An index that can't be opened, is of
another format, or has been there when the process died twice in a row is
deleted and begins empty; until it has caught up, it says [ErrLoading]. One that
serves can be made anew beside itself, see [Index.Rebuild].

An article is the contact center's own text and nobody's personal data, so it is
not sealed. Backups go without the index.
*/
package search
