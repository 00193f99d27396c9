/*
Package day proves the whole of crafttalkd against a virtual day: a center with
its customers, operators and supervisors works for twenty-four hours, and the
power is cut again and again. Customers change what they said, take it back, press
buttons, block us and come back, and channels tell what became of ours, some times
over and in any order. The package holds tests only.

	channels --+                        +-- operators, supervisors
	           +--> door --> system <---+
	                           |
	       disk that loses what was not synced  <-- cuts, restarts, clock jumps

Everything runs in a bubble of virtual time on a file system in memory, so a day
takes seconds. Writing to the disk takes some virtual time, so that what comes
meanwhile meets work that is under way. The power is cut at a random operation
of the disk or at a random moment; an answer that the dead node gives later does
not count, and of what it had not synced every block survives by chance.

At quiet points and at the end the log is read as a stranger would, and held
against what the outside was told, against the rules of the guarantees, and
against a small model of the timers that knows nothing of the machines.

A seed is a process of its own, because Pebble keeps pools that must not go from
one bubble to another. CRAFTTALK_SEED repeats one seed, CRAFTTALK_SEEDS runs so
many of full size.
*/
package day
