/*
Package replay plays recorded dialogs against a running server and measures
what comes of them.

It is all the people of a contact center at once: visitors on the widget's
sockets, callers of the channel API, operators at their desks. It comes in
through the same doors as they do and knows nothing of the server but its
protocols.

	Speed   dialogs begin as chance has it, people pause, operators answer
	        what they answered in the recording, and close
	Rate    customers' messages leave at times fixed in advance, whether the
	        server keeps up or not; operators only receive

In both ways every message has an id that says which one it is, RUN-LANE-N, and
a [Report] tells how often it arrived at an operator's socket, and when. With
Rate the latency of a message counts from the time it was planned for, so that
a server that stalls can't hide the wait by holding up its measurer.

A dialog whose customer goes on in another channel is played there. Files are
played by name: recordings do not hold their bytes.
*/
package replay
