/*
Package directory is the organisation: who works here and with what rights, the
lines they serve and when, the channels customers come through, the automatic
agents that meet them there, and the settings that conversations open with.

There is one directory, and its whole state is small. The state is published to
other goroutines as it is: a [State] once returned is never changed again, so
whoever asks "may this user do that?" reads it without a lock.

	Put, Remove, SetPassword ----> directory ----> State, an immutable value
	                                               read by sign-in, permission
	                                               checks, intake and routing

Every entry knows who changed it last, when, and at which version of the
directory. A change names the revision it was made from, so two administrators
who edit the same entry don't silently overwrite each other. An entry that is
referred to can't be removed, and the last user who may modify users can be
neither removed nor shut out.

The directory does not hash passwords, look at the clock, or know what a
channel's settings mean: hashes, times and sealed secrets arrive in commands.
*/
package directory
