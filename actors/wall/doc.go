/*
Package wall is what supervisors see of the work that goes on: who is on
reception, who keeps which conversation since when, who waits.

	conversation/ID --+
	                  +--Apply--> Model: open conversations, operators
	operator/ID    ---+

A [Model] holds what a screen shows and nothing that anybody said. It is made of
the same events as the actors themselves, so it is what they would answer, a
moment later; nobody has to be asked.

[Judge] compares what is with what the settings bear, and says what supervisors
must be told of.
*/
package wall
