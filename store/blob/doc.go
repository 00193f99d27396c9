/*
Package blob keeps the files that customers and operators send each other.

A file belongs to a subject and is named by the SHA-256 of its bytes. A subject
is a customer, or a part of one: a conversation, or what no message names yet. A
part goes with its customer, and can go before. It goes from the sender to the disk in one pass: limited, hashed
and sealed on the way, never whole in memory.

	DIR/tmp/RANDOM                  while it is being written
	DIR/SU/SUBJECT/HASH             afterwards; SU is how SUBJECT begins
	DIR/SU/SUBJECT/PART/HASH        of the part SUBJECT.PART

	salt 32 | proof 32 | DARE 2.0 packages of up to 64 KiB

Each file has a key of its own, made from the subject's key and the salt, so
destroying the subject's key makes all its files unreadable at once. The proof
binds the content to the name and the size: a file that was cut, or put under
another's name, is refused when it is opened, and a changed package when it is
read. What Put returned is on disk; before that nothing is seen.

The package leaves to others who may read a file, how it is shown, and when
nobody needs it any more.
*/
package blob
