/*
Package keys keeps the keys that hide what people wrote.

	master key --wraps--> a data key per customer ------seals--> personal fields
	    |                    |                                   of events, snapshots,
	    |                    +--wraps--> a data key             views; attachments
	    |                                per conversation --seals--^
	    +--seals--> secrets of channels
	    +--derives--> ids of customers, by purpose

The [Master] lies beside the store or comes from outside. The [Ring] keeps one
data key per subject, wrapped, as a row of the table "key". Erasing a person
overwrites that row: what the key has sealed is noise from then on, in the
log, in snapshots and in views alike.

A conversation is a part of its customer: its key is wrapped by the customer's
own, so it goes with that one, and can be destroyed alone before. One that is
from before conversations had keys has none, and is the customer's altogether.

A new data key is written in the same append as the first thing it seals, so
there is never a sealed event without its key.
*/
package keys
