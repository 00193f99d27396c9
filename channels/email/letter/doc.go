/*
Package letter reads mail as it comes, and not as the RFCs want it: wrong
charsets, lost boundaries, names of files in every dress. It reads a mail once,
from its beginning to its end, holds the texts and streams the files:

	mail --Open--> Head: who, when, in answer to what
	     --Body--> text, HTML, report ... and keep(file, its bytes) for each file

What can't be understood is left out or left as it stands; there is no mail that
it refuses, and none that makes it use more than a few megabytes. What a letter
means to us, whose it is and whether it is answered, is not decided here.
*/
package letter
