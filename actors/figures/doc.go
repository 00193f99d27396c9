/*
Package figures is what supervisors count: how many conversations, how long
they took, how soon somebody answered, how operators spent their day.

	events of a conversation --Fold--> Case --+
	                                          +--> figures, each defined once
	events of an operator ----Fold--> Spans --+

A [Case] is one conversation in numbers and names of things: nothing that
anybody said, and no name of a person. It is made of all events of its stream
and of nothing else, so it can be made again at any time, and is the same.

Every figure has one definition. Cards, tables, files and answers of the API
are all made by it, so none of them can contradict another.
*/
package figures
