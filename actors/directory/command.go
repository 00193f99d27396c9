package directory

import "crafttalkd/actors/event"

// A Command asks the directory for a change. By is the user who asks, or
// "setup" for the first start.
type Command interface{ directoryCommand() }

type (
	// Put keeps a user, center, line, language, skill, topic, position, account,
	// template, phrase, agent, calendar, word of the dictionary or settings:
	// exactly one of the fields of the fact it wraps is meant.
	Put struct {
		By    string
		Entry event.Event // *event.User, *event.Center, *event.Line … as the whole new value
		// Revision is what the caller had read of the entry; 0 makes a new one
		// and is refused if there is one already. Any is for imports.
		Revision uint64
		Any      bool
	}
	// Remove takes an entry out: the kind is User, Center, Line, Language,
	// Skill, Position, Account, Template, Phrase, Agent, Calendar or
	// DictionaryWord, whose id is its [WordKey].
	Remove struct{ By, Kind, ID string }
	// SetPassword keeps the hash of a user's password.
	SetPassword struct{ By, User, Hash string }
	// Wake says that the state's deadline has come. A directory has none.
	Wake struct{}
)

func (Put) directoryCommand()         {}
func (Remove) directoryCommand()      {}
func (SetPassword) directoryCommand() {}
func (Wake) directoryCommand()        {}
