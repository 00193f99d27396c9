/*
Package exchange writes the knowledge base into files and reads it from them, so
that nobody is locked in.

	Base --Write--> CSV, JSON or zip --Read--> Book --Items--> knowledge.Import

A file names articles, slots and types by their identifiers, as people do, and
holds the ids too where it was written by us. What was written and is read into
an empty knowledge base gives equal entries. A [Book] is what a file says, each
entry with the line it begins in; whatever is wrong with a file is told by line
and field, all of it at once.

Files of articles, such as pictures, are named by their hashes. A zip holds their
bytes beside the book; the other formats do not. What the formats look like is in docs/knowledge.md.
*/
package exchange
