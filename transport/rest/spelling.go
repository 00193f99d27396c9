package rest

import (
	"maps"
	"slices"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/auth"
	"crafttalkd/transport/spelling"
)

// Spelling looks words up.
type Spelling interface {
	Reader(s directory.State, sees func(center string) bool) spelling.Reader
}

// mostSpelt is how many words one request may bring. A message has fewer new
// ones, and a hundred take some 20 ms at most.
const mostSpelt = 100

func spellingRoutes() []*route {
	const words = "/api/v1/dictionary"
	return []*route{
		{method: "POST", path: "/api/v1/spelling", summary: "Look up to 100 words up", may: signedIn, verb: takes((*call).spell)},
		{method: "GET", path: words, summary: "The words that centers have put into their dictionaries", may: signedIn, verb: remembers((*call).dictionary), params: ifNoneMatch},
		{method: "PUT", path: words + "/:id", summary: "Put a word into a center's dictionary; with modify_configuration into everybody's", may: signedIn,
			verb: takes((*call).putWord)},
		{method: "DELETE", path: words + "/:id", summary: "Take a word out that one has put in, or any with modify_configuration", may: signedIn,
			verb: does((*call).removeWord), params: []param{{name: "center_id", doc: "whose word it is; empty for everybody's"}}},
	}
}

// Spelt is what is looked up. Which pieces of a text are words is told by the
// asker, who leaves out addresses and names that are known.
type Spelt struct {
	Language string   `json:"language" doc:"of the text, as a BCP 47 tag; words of others than Russian and English are not looked up"`
	Words    []string `json:"words" need:"yes"`
}

// SpeltWord is what is known of one word.
type SpeltWord struct {
	Word        string   `json:"word"`
	Known       bool     `json:"known"`
	Suggestions []string `json:"suggestions" doc:"at most five, the likeliest first"`
}

// SpeltWords answers in the order of the question.
type SpeltWords struct {
	Words []SpeltWord `json:"words"`
}

func (c *call) spell(in Spelt) (SpeltWords, error) {
	if len(in.Words) > mostSpelt {
		return SpeltWords{}, refusal.Of("words", "at most %d words are looked up at once", mostSpelt)
	}
	d := c.directory()
	reader := c.config.Spelling.Reader(d, func(center string) bool { return c.worksIn(d, center) })
	out := SpeltWords{Words: []SpeltWord{}}
	for _, word := range in.Words {
		if err := c.r.Context().Err(); err != nil {
			return out, err
		}
		v := reader.Check(word, in.Language)
		out.Words = append(out.Words, SpeltWord{word, v.Known, list(v.Suggestions)})
	}
	return out, nil
}

// PutWord says whose a word is.
type PutWord struct {
	CenterID string `json:"center_id" doc:"empty for everybody's"`
}

// DictionaryWord is a word that is right, whatever dictionaries say.
type DictionaryWord struct {
	Word     string `json:"word"`
	CenterID string `json:"center_id" doc:"empty for everybody's"`
	Mark
}

func (c *call) dictionary() (List[DictionaryWord], error) {
	d := c.directory()
	out := List[DictionaryWord]{Items: []DictionaryWord{}}
	for _, key := range slices.Sorted(maps.Keys(d.Words)) {
		if e := d.Words[key]; c.seesWord(d, e.Value) {
			out.Items = append(out.Items, DictionaryWord{e.Value.Word, e.Value.CenterId, markOf(e)})
		}
	}
	return out, nil
}

func (c *call) seesWord(d directory.State, w *event.DictionaryWord) bool {
	return w.GetCenterId() == "" || c.worksIn(d, w.GetCenterId())
}

// putWord puts a word into a dictionary. Whoever works in a center may do so:
// the word is right, or whoever put it in takes it out again.
func (c *call) putWord(in PutWord) (out DictionaryWord, err error) {
	switch {
	case in.CenterID == "" && !auth.Can(c.asker.user, directory.ModifyConfiguration):
		return out, refusal.Of("center_id", "say whose word it is: everybody's need the permission %s", directory.ModifyConfiguration)
	case in.CenterID != "" && !c.worksIn(c.directory(), in.CenterID):
		return out, refusal.Of("center_id", "there is no center %q", in.CenterID)
	}
	entry := &event.DictionaryWord{Word: c.id(), CenterId: in.CenterID}
	key := directory.WordKey(in.CenterID, c.id())
	if old, ok := c.directory().Words[key]; ok { // in whatever case
		return DictionaryWord{old.Value.Word, old.Value.CenterId, markOf(old)}, nil
	}
	if err := c.change(directory.Put{By: c.by(), Entry: entry, Any: true}); err != nil {
		return out, err
	}
	return DictionaryWord{c.id(), in.CenterID, markOf(c.directory().Words[key])}, nil
}

// removeWord takes a word out. What the asker does not see is not there.
func (c *call) removeWord() error {
	d := c.directory()
	key := directory.WordKey(c.r.URL.Query().Get("center_id"), c.id())
	e, ok := d.Words[key]
	switch {
	case !ok || !c.seesWord(d, e.Value):
		return nil
	case e.By != c.by() && !auth.Can(c.asker.user, directory.ModifyConfiguration):
		return refusal.New(refusal.Denied, "%q was put in by somebody else: taking it out needs the permission %s",
			e.Value.Word, directory.ModifyConfiguration)
	}
	return c.change(directory.Remove{By: c.by(), Kind: "DictionaryWord", ID: key})
}
