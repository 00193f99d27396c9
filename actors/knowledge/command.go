package knowledge

import "crafttalkd/actors/event"

// A Command asks the knowledge base for a change. By is the user who asks, or
// "setup" for the first start.
type Command interface{ knowledgeCommand() }

type (
	// Put keeps an article, a slot or a type as the whole new value.
	Put struct {
		By    string
		Entry event.Event // *event.Article, *event.Slot or *event.ArticleType
		// Revision is what the caller had read of the entry; 0 makes a new one
		// and is refused if there is one already. Any takes whatever there is.
		Revision uint64
		Any      bool
	}
	// Remove takes an entry out: the kind is Article, Slot or ArticleType. With
	// a revision it is refused if the entry has changed since.
	Remove struct {
		By, Kind, ID string
		Revision     uint64
	}
	// Restore brings an article back as it was at an earlier revision, also one
	// that was removed; of slots and types, one that was removed. Entry is what
	// it said then.
	Restore struct {
		By       string
		Entry    event.Event
		From     uint64 // the revision that it was
		Revision uint64 // what the caller had read; 0 takes whatever there is
	}
	// Import puts many entries at once, or none of them.
	Import struct {
		By    string
		Items []Item
	}
	// Wake says that the state's deadline has come. A knowledge base has none.
	Wake struct{}
)

// An Item is one entry of an import, and the line of the file that it begins in.
type Item struct {
	Line    int
	Entry   event.Event
	Answers []int // the lines of an article's answers, where they have their own
}

func (Put) knowledgeCommand()     {}
func (Remove) knowledgeCommand()  {}
func (Restore) knowledgeCommand() {}
func (Import) knowledgeCommand()  {}
func (Wake) knowledgeCommand()    {}
