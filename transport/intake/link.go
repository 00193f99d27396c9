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
	table   store.Table
	reading *journal.Reading
}

// linksName is the follower's name.
const linksName = "links"

// OpenLinks returns the reading as far as it has come.
func OpenLinks(j *journal.Journal, t store.Table) (*Links, error) {
	r, err := j.Reading(linksName, t)
	return &Links{table: t, reading: r}, err
}

// Follow reads the journal until it is closed.
func (l *Links) Follow() error { return l.reading.Follow(l.take) }

func (l *Links) take(batch []journal.Entry) error {
	var rows []store.Row
	for _, e := range batch {
		if made, ok := e.Event.(*event.InviteLinkMade); ok {
			rows = append(rows, store.Row{Table: links, Key: made.TokenHash, Value: []byte(made.CustomerId)})
		}
	}
	return l.reading.Keep(batch, rows)
}

// Customer returns who made the link, or "" if nobody did.
func (l *Links) Customer(hash string) (string, error) {
	b, err := l.table.Get(links, hash)
	if err != nil {
		return "", fmt.Errorf("link: %w", err)
	}
	return string(b), nil
}
