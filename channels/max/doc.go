/*
Package max is the channel to a bot of the messenger MAX.

	MAX --POST, X-Max-Bot-Api-Secret--> ServeHTTP --+
	MAX <--------- GET /updates ------------ Poll --+--> events --> Take
	Deliver --POST /uploads, the file; POST /messages--> MAX

MAX keeps updates for who polls until the marker behind them is given back, so
the marker is given back only when all is kept. It takes no idempotency key: a
message without an answer is unsure.

Its certificates come from the Russian national authority; whose system does not
know it enters the authority's certificate in the account's network settings.
*/
package max
