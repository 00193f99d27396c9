package rest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/bot/intent"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/view/articles"
	"crafttalkd/transport/teacher"
)

// Teacher makes the models that the bot and the assistant rank by.
type Teacher interface {
	State() teacher.State
	// Review tells how the model in use of a language is; false if there is none.
	Review(language string) (teacher.Review, bool, error)
	// Week counts how operators took what the assistant showed.
	Week() (teacher.Week, error)
	// Demand asks for a training now, and Use puts an older model in use again.
	Demand() error
	Use(model, by string) error
	Ranker
}

// Ranker ranks articles by how likely they answer.
type Ranker interface {
	Rank(text string, allowed func(article string) bool, k int) teacher.Ranking
	Explain(text, article string, n int) intent.Why
}

// botRoutes are the bot's training, for those who write the knowledge base.
func botRoutes() []*route {
	change := may(directory.ModifyKnowledgebase)
	return []*route{
		{method: "GET", path: "/api/v1/bot", summary: "What the bot has learnt, and when it learns anew", may: change, verb: answers((*call).bot)},
		{method: "GET", path: "/api/v1/bot/report", summary: "How well the bot knows one language", may: change, verb: answers((*call).botReport),
			params: []param{{name: "language", doc: "such as ru; the one with the most examples if left out"}}},
		{method: "POST", path: "/api/v1/bot/train", summary: "Learn anew now; the answer does not wait for it", act: audit.BotTrained, may: change, verb: does((*call).train)},
		{method: "GET", path: "/api/v1/bot/models", summary: "The models that are kept, the newest first", may: change, verb: answers((*call).listModels)},
		{method: "POST", path: "/api/v1/bot/models/:id/use", summary: "Use an older model again", act: audit.BotModelUsed, may: change, verb: does((*call).useModel)},
		{method: "POST", path: "/api/v1/bot/try", summary: "Rank the articles for a phrase, and say why", may: change, verb: takes((*call).try)},
	}
}

// Bot is what the bot has learnt.
type Bot struct {
	Training  *BotTraining  `json:"training,omitempty" doc:"that is under way; left out if none is"`
	Next      time.Time     `json:"next" doc:"when the next training begins by itself"`
	Precision float64       `json:"precision" doc:"how often an answer without a person must be right"`
	Languages []BotLanguage `json:"languages"`
}

// BotTraining is a training under way.
type BotTraining struct {
	Language string    `json:"language" doc:"that is being learnt; empty at the beginning"`
	Since    time.Time `json:"since"`
}

// BotLanguage is what the bot has learnt in one language.
type BotLanguage struct {
	Language string     `json:"language"`
	Model    *BotModel  `json:"model,omitempty" doc:"in use; left out if there is none"`
	Since    time.Time  `json:"since,omitzero" doc:"it is in use"`
	By       string     `json:"by" doc:"who chose it; empty for the training itself"`
	Fresh    int        `json:"fresh" doc:"choices, labels and edits since, which it knows too"`
	Last     BotOutcome `json:"last"`
}

// BotModel is one model.
type BotModel struct {
	ModelID   string    `json:"model_id"`
	Language  string    `json:"language"`
	At        time.Time `json:"at"`
	Seconds   float64   `json:"seconds" doc:"that the training took"`
	Size      int       `json:"size" doc:"in bytes"`
	Precision float64   `json:"precision" doc:"how often an answer without a person was to be right"`
	Articles  int       `json:"articles"`
	Examples  int       `json:"examples" doc:"that differ"`
	Questions int       `json:"questions" doc:"of articles"`
	Lessons   int       `json:"lessons" doc:"choices, labels and what was reviewed"`
	Verdict   string    `json:"verdict" doc:"how it compared with the one before"`
	InUse     bool      `json:"in_use"`
}

// BotOutcome is what became of a training.
type BotOutcome struct {
	At     time.Time `json:"at,omitzero"`
	Result string    `json:"result" doc:"used; same: nothing had changed; worse: the model before stays; little: there are not two articles to tell apart; failed; empty for none yet"`
	Why    string    `json:"why"`
}

func botModel(b *teacher.Book, inUse bool) *BotModel {
	return &BotModel{ModelID: b.ID, Language: b.Language, At: b.At, Seconds: b.Took.Seconds(), Size: b.Size, Precision: b.Target,
		Articles: b.Report.Articles, Examples: b.Report.Samples, Questions: b.Questions, Lessons: b.Lessons, Verdict: b.Verdict, InUse: inUse}
}

// errNoBot is the answer of a server without a teacher.
var errNoBot = refusal.New(refusal.NotFound, "this server has no bot")

// teacher returns who trains.
func (c *call) teacher() (Teacher, error) {
	if c.config.Teacher == nil {
		return nil, errNoBot
	}
	return c.config.Teacher, nil
}

func (c *call) bot() (Bot, error) {
	t, err := c.teacher()
	if err != nil {
		return Bot{}, err
	}
	s := t.State()
	out := Bot{Next: s.Next, Precision: s.Target, Languages: []BotLanguage{}}
	if s.Training != nil {
		out.Training = &BotTraining{s.Training.Language, s.Training.Since}
	}
	for _, l := range s.Languages {
		one := BotLanguage{Language: l.Language, Since: l.Since, By: l.By, Fresh: l.Fresh, Last: BotOutcome{l.Last.At, string(l.Last.Result), l.Last.Why}}
		if l.Book != nil {
			one.Model = botModel(l.Book, true)
		}
		out.Languages = append(out.Languages, one)
	}
	return out, nil
}

func (c *call) train() error {
	t, err := c.teacher()
	if err != nil {
		return err
	}
	return t.Demand()
}

func (c *call) listModels() (List[*BotModel], error) {
	out := List[*BotModel]{Items: []*BotModel{}}
	t, err := c.teacher()
	if err != nil {
		return out, err
	}
	s := t.State()
	for _, b := range s.Models {
		used := slices.ContainsFunc(s.Languages, func(l teacher.Language) bool { return l.Book != nil && l.Book.ID == b.ID })
		out.Items = append(out.Items, botModel(&b, used))
	}
	return out, nil
}

func (c *call) useModel() error {
	t, err := c.teacher()
	if err != nil {
		return err
	}
	return t.Use(c.id(), c.by())
}

// TryPhrase is what a customer might write, and in what conversation.
type TryPhrase struct {
	Text     string   `json:"text" need:"yes"`
	CenterID string   `json:"center_id" doc:"of the conversation; with none of these four, all articles are ranked"`
	LineID   string   `json:"line_id"`
	Skills   []string `json:"skills"`
	Language string   `json:"language" doc:"that the conversation asks for"`
}

// Tried is how articles were ranked for a phrase.
type Tried struct {
	Language  string       `json:"language" doc:"of the model"`
	Model     string       `json:"model" doc:"empty for none"`
	NoArticle float64      `json:"no_article" doc:"the probability that none answers"`
	Sure      bool         `json:"sure" doc:"the bot would answer with the first"`
	Items     []TriedMatch `json:"items" doc:"the likeliest first"`
}

// TriedMatch is an article that may answer, and why.
type TriedMatch struct {
	ArticleID   string       `json:"article_id"`
	Identifier  string       `json:"identifier"`
	Title       string       `json:"title"`
	Probability float64      `json:"probability"`
	Exact       bool         `json:"exact" doc:"the phrase is one of its questions or its title, word for word"`
	Rejected    int          `json:"rejected" doc:"so often operators said that it does not answer these words"`
	Nearest     []TriedLike  `json:"nearest" doc:"examples of the article that are most like the phrase"`
	Parts       []TriedParts `json:"parts" doc:"what in the phrase speaks for the article, the strongest first"`
}

// TriedLike is an example, and how like the phrase it is.
type TriedLike struct {
	Text     string  `json:"text"`
	Likeness float64 `json:"likeness"`
}

// TriedParts is a part of the phrase, and its weight.
type TriedParts struct {
	Part   string  `json:"part"`
	Weight float64 `json:"weight"`
}

const (
	longestPhrase = 2000 // characters
	mostTried     = 5
)

func (c *call) try(in TryPhrase) (Tried, error) {
	out := Tried{Items: []TriedMatch{}}
	t, err := c.teacher()
	if err != nil {
		return out, err
	}
	text := strings.TrimSpace(in.Text)
	if n := len([]rune(text)); n == 0 || n > longestPhrase {
		return out, refusal.Of("text", "write 1 to %d characters", longestPhrase)
	}
	base := c.knowledge()
	r := t.Rank(text, in.allowed(base), mostTried)
	out.Language, out.Model, out.NoArticle, out.Sure = r.Language, r.Model, r.NoArticle, r.Sure
	for _, x := range r.Best {
		a := base.Article(x.Article)
		if a == nil {
			continue // taken out since
		}
		one := TriedMatch{ArticleID: a.ArticleId, Identifier: a.Identifier, Title: a.Title, Probability: x.Probability, Exact: x.Exact, Rejected: x.Doubts,
			Nearest: []TriedLike{}, Parts: []TriedParts{}}
		why := t.Explain(text, x.Article, 5)
		for _, n := range why.Nearest {
			one.Nearest = append(one.Nearest, TriedLike{n.Text, n.Likeness})
		}
		for _, p := range why.Parts {
			one.Parts = append(one.Parts, TriedParts{p.Part, p.Weight})
		}
		out.Items = append(out.Items, one)
	}
	return out, nil
}

// allowed are the articles that have an answer for the conversation.
func (p TryPhrase) allowed(base *articles.Base) func(string) bool {
	if cmp.Or(p.CenterID, p.LineID, p.Language) == "" && len(p.Skills) == 0 {
		return nil
	}
	sight := articles.OfConversation(p.CenterID, &event.Routing{LineId: p.LineID, Skills: p.Skills, Language: p.Language})
	return func(id string) bool {
		a := base.Article(id)
		return a != nil && len(articles.Answers(a.Article, sight)) > 0
	}
}
