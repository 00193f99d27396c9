/*
Package intent finds the article that answers a phrase. It is arithmetic and
nothing else: it starts nothing, keeps nothing and asks nobody the time.

	examples --clean--> samples --fit, fold by fold--> members --calibrate--> Model
	text --tokens--> --repair--> features --members--> probabilities --> Ranking

[Train] learns from phrases whose article is known: expected questions,
operators' choices, manual markup; and from those of which nothing is known but
an article that does not answer. It holds a part of them back again and again,
learns from the others and looks how it does on what was held back; what it says
of its own certainty comes from there, and so does its [Report]. The same
examples and the same seed give the same bytes, in whatever order they come and
on however many cores.

[Model.Rank] answers with the articles that fit and with the probability that
none does. It is [Ranking.Sure] when what was held back was answered rightly as
often as the administrator asks of an answer without a human. [Model.Learn]
takes a choice into account at once, without learning anew. [Better] says
whether a new model may take an old one's place.

Who may see which article is not known here: Rank is told which are allowed.
*/
package intent
