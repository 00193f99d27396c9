package talk

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"strings"
	"time"

	"github.com/blugelabs/bluge"
	"github.com/blugelabs/bluge/analysis"

	"crafttalkd/store/search/lexis"
)

// The fields of a document.
const (
	ofID   = "_id"  // of the conversation
	ofDay  = "day"  // on which it was opened
	ofStem = "stem" // words by what their forms have in common
	ofForm = "form" // words as they were written, with their places
)

// Days and months are those of UTC: they are drawers and are shown to nobody.
const (
	dayLayout   = "2006-01-02"
	monthLayout = "2006-01"
)

// A clerk makes documents. It has no lock.
type clerk struct {
	mac   hash.Hash
	known map[string]digests // of folded words
	fault fault
}

// digests stand for a word: for its stem, and for its form.
type digests struct{ stem, form string }

// mostKnown is how many words are remembered, and digestSize how many bytes of a
// digest count: two words of a month's million meet once in a hundred.
const (
	mostKnown  = 1 << 16
	digestSize = 6
)

func newClerk(key []byte) *clerk {
	return &clerk{mac: hmac.New(sha256.New, key), known: map[string]digests{}}
}

// word returns what stands for a folded word.
func (c *clerk) word(fold string) digests {
	d, ok := c.known[fold]
	if !ok {
		if len(c.known) >= mostKnown {
			clear(c.known)
		}
		d = digests{c.digest("stem", lexis.Stem(fold)), c.digest("form", fold)}
		c.known[strings.Clone(fold)] = d
	}
	return d
}

func (c *clerk) digest(what, word string) string {
	if c.fault == plain {
		return word
	}
	c.mac.Reset()
	c.mac.Write([]byte(what + "\x00" + word))
	return string(c.mac.Sum(nil)[:digestSize])
}

// apart is how far the words of one line are from those of the next, so that no
// phrase goes from one into another.
const apart = 100

// document makes the document of a conversation, and counts its words.
func (c *clerk) document(s *Speech) (doc *bluge.Document, words int) {
	var forms, stems tokens
	met := map[string]bool{}
	for _, l := range s.Lines {
		step := apart
		if c.fault == crossing {
			step = 1
		}
		for _, w := range lexis.Cut(l.Text) {
			d := c.word(w.Fold)
			forms = append(forms, token(d.form, step))
			if step = 1; !met[d.stem] {
				met[d.stem] = true
				stems = append(stems, token(d.stem, 1))
			}
		}
	}
	return bluge.NewDocument(s.ID).
		AddField(bluge.NewKeywordField(ofDay, dayOf(s.Opened))).
		AddField(bluge.NewTextField(ofStem, "").WithAnalyzer(stems)).
		AddField(bluge.NewTextField(ofForm, "").WithAnalyzer(forms).SearchTermPositions()), len(forms)
}

func dayOf(at time.Time) string   { return at.UTC().Format(dayLayout) }
func monthOf(at time.Time) string { return at.UTC().Format(monthLayout) }

// tokens are what a field has, made before the index sees it.
type tokens analysis.TokenStream

func token(text string, step int) *analysis.Token {
	return &analysis.Token{Term: []byte(text), PositionIncr: step}
}

// Analyze returns the tokens, whatever it is given.
func (t tokens) Analyze([]byte) analysis.TokenStream { return analysis.TokenStream(t) }
