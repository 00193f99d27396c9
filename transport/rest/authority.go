package rest

import (
	"crafttalkd/actors/directory"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/auth"
)

// granted is an entry that may do something: a user, a key, a webhook, a position.
type granted interface {
	comparable
	auth.Grantee
}

// covered refuses a change of somebody who may do more than the asker, and one
// that gives more than the asker has. So nobody comes to rights by the account of
// another: not by its roles, nor by its password.
func covered[M granted](c *call, old, entry M) error {
	return coveredBy(c, auth.Covers, old, entry)
}

// coveredPreset is covered for what others are given by.
func coveredPreset[M granted](c *call, old, entry M) error {
	return coveredBy(c, auth.CoversPreset, old, entry)
}

func coveredBy[M granted](c *call, covers func(d directory.State, giver, given auth.Grantee) error, old, entry M) error {
	var none M
	d := c.directory()
	if old != none && covers(d, c.asker.user, old) != nil {
		return errAbove
	}
	if entry == none {
		return nil
	}
	return covers(d, c.asker.user, entry)
}

// errAbove is the answer to who would change somebody above.
var errAbove = refusal.New(refusal.Denied, "this one may do more than you do yourself, and is not yours to change")
