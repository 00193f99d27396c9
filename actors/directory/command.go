package directory

import (
	"time"

	"crafttalkd/actors/event"
)

// A Command asks the directory for a change. By is the user who asks, or
// "setup" for the first start.
type Command interface{ directoryCommand() }

type (
	// Put keeps a user, center, line, language, skill, topic, position, account,
	// template, phrase, agent, calendar, key, webhook, provider, word of the
	// dictionary or settings: exactly one of the fields of the fact it wraps is meant.
	Put struct {
		By    string
		Entry event.Event // *event.User, *event.Center, *event.Line … as the whole new value
		// Revision is what the caller had read of the entry; 0 makes a new one
		// and is refused if there is one already. Any is for imports.
		Revision uint64
		Any      bool
	}
	// PutUsers keeps several users at once, all of them or none. A refusal is
	// [UserFaults].
	PutUsers struct {
		By    string
		Users []PutUser
	}
	// Remove takes an entry out: the kind is User, Center, Line, Language,
	// Skill, Topic, Position, Account, Template, Phrase, Agent, Calendar, Key, Webhook,
	// Provider or DictionaryWord, whose id is its [WordKey].
	Remove struct{ By, Kind, ID string }
	// MoveTopic puts a topic under another, or at the top, in front of one that is
	// there; without Before it is the last. Revision is what the caller had read.
	MoveTopic struct {
		By, Topic, Parent, Before string
		Revision                  uint64
	}
	// SetPassword keeps the hash of a user's password.
	SetPassword struct{ By, User, Hash string }
	// Invite says that somebody made a link by which the user sets a password, until
	// when, and whether it is instead of one that is in use.
	Invite struct {
		By, User string
		Reset    bool
		Until    time.Time
	}
	// PutFactor keeps what a user proves to be the user by, beside a password.
	PutFactor struct {
		By, User string
		Factor   *event.Factor
	}
	// RemoveFactor takes one away. With the last one the recovery codes go.
	RemoveFactor struct{ By, User, ID string }
	// SetRecoveryCodes keeps the hashes of a user's recovery codes, instead of
	// those before.
	SetRecoveryCodes struct {
		By, User string
		Hashes   []string
	}
	// Link says that a provider's name for somebody stands for the user, and
	// Unlink that it does no more.
	Link struct {
		By, User string
		Identity *event.Identity
	}
	Unlink struct{ By, User, Issuer, Subject string }
	// Wake says that the state's deadline has come. A directory has none.
	Wake struct{}
)

// A PutUser is one user of many, as in [Put].
type PutUser struct {
	User     *event.User
	Revision uint64
	Any      bool
}

func (Put) directoryCommand()              {}
func (PutUsers) directoryCommand()         {}
func (Remove) directoryCommand()           {}
func (SetPassword) directoryCommand()      {}
func (Invite) directoryCommand()           {}
func (PutFactor) directoryCommand()        {}
func (RemoveFactor) directoryCommand()     {}
func (SetRecoveryCodes) directoryCommand() {}
func (Link) directoryCommand()             {}
func (Unlink) directoryCommand()           {}
func (MoveTopic) directoryCommand()        {}
func (Wake) directoryCommand()             {}
