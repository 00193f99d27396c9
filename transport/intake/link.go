package intake

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// links is the table that leads from an invite link's hash to its customer.
const links = "link"

// NewLink makes the token of an invite link: 22 characters that fit every
// messenger's deep link.
func NewLink() string {
	var b [16]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// LinkHash is all that is kept of a token.
func LinkHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Links is the reading of all invite links: which customer made which.
type Links struct {
	table  store.Table
	places journal.Places
	passed int // facts since the place was saved
}

// linksName is the follower's name.
const linksName = "links"

// OpenLinks returns the reading and the place it has come to.
func OpenLinks(j *journal.Journal, t store.Table) (*Links, journal.Places, error) {
	p, err := j.Place(linksName)
	return &Links{table: t, places: p}, p, err
}

// Take follows the journal: rows and place in one write.
func (l *Links) Take(batch []journal.Entry) error {
	var rows []store.Row
	for _, e := range batch {
		l.places[e.Shard] = e.Position
		if made, ok := e.Event.(*event.InviteLinkMade); ok {
			rows = append(rows, store.Row{Table: links, Key: made.TokenHash, Value: []byte(made.CustomerId)})
		}
	}
	if l.passed += len(batch); rows == nil && l.passed < 4096 {
		return nil // the place can wait: there is nothing to do twice
	}
	l.passed = 0
	return l.table.Put(append(rows, journal.PlaceRow(linksName, l.places)), false)
}

// Customer returns who made the link, or "" if nobody did.
func (l *Links) Customer(hash string) (string, error) {
	b, err := l.table.Get(links, hash)
	if err != nil {
		return "", fmt.Errorf("link: %w", err)
	}
	return string(b), nil
}
