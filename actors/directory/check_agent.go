package directory

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/types/known/durationpb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

const (
	maxAgents      = 20      // in a chain
	maxWords       = 100     // by which a customer asks for a person
	maxMisses      = 20      // of a bot
	maxHours       = 64      // intervals of a week or of a day
	maxDays        = 400     // special ones
	maxInstruction = 8000    // characters that a model is told before the sources
	minutesOfDay   = 24 * 60 // by the clock on the wall
)

// How long an external agent may take to answer, and how long later its answer
// may come.
const (
	longestDeadline = time.Minute
	longestPatience = time.Hour
)

// Kinds of agents, and what one of hours does with a customer who comes when
// nobody is there.
const (
	Greeting = "greeting"
	Hours    = "hours"
	Bot      = "bot"
	External = "external"
	Model    = "model"

	ThenOnward = "onward"
	ThenQueue  = "queue"
	ThenClose  = "close"
)

var (
	agentKinds = [...]string{Greeting, Hours, Bot, External, Model}
	thens      = [...]string{"", ThenOnward, ThenQueue, ThenClose}
	// ownAgents are names that are no agent's: a conversation is handed to people
	// by some, onward or back by others, and the system keeps that of a silent
	// customer as "silence".
	ownAgents = [...]string{"silence", "operator", "operators", "queue", "routing", "onward", "back"}
	yearly    = regexp.MustCompile(`^--\d\d-\d\d$`)
)

func checkAgent(a *event.Agent) error {
	if err := firstOf(
		checkID("agent_id", a.AgentId, plainID),
		checkName("name", a.Name),
		checkArticle("article_id", a.ArticleId),
		checkBot(a),
		checkExternal(a),
	); err != nil {
		return err
	}
	switch {
	case slices.Contains(ownAgents[:], strings.ToLower(a.AgentId)):
		return refusal.Of("agent_id", "%q is a name of the system's own", a.AgentId)
	case !slices.Contains(agentKinds[:], a.Kind):
		return refusal.Of("kind", "an agent is %s", strings.Join(agentKinds[:], ", "))
	case a.Kind == Greeting && a.ArticleId == "":
		return refusal.Of("article_id", "a greeting is an article")
	case a.ArticleId != "" && a.Kind != Greeting && a.Kind != Hours:
		return refusal.Of("article_id", "only a greeting and one of hours say an article")
	case !slices.Contains(thens[:], a.Then) || a.Then != "" && a.Kind != Hours:
		return refusal.Of("then", "outside its hours an agent of hours goes onward, to the queue, or closes")
	}
	return nil
}

// checkArticle refuses what can't be the id of an article. Whether there is one
// is known to the knowledge base.
func checkArticle(field, id string) error {
	if id == "" {
		return nil
	}
	return checkID(field, id, spokenID)
}

func checkBot(a *event.Agent) error {
	b := a.Bot
	switch {
	case b == nil:
		return nil
	case a.Kind != Bot:
		return refusal.Of("bot", "only a bot has the settings of one")
	case b.Precision != nil && !(*b.Precision >= 0.5 && *b.Precision <= 0.999):
		return refusal.Of("bot.precision", "the precision is 0.5 to 0.999")
	case b.Misses < 0 || b.Misses > maxMisses:
		return refusal.Of("bot.misses", "a bot may miss at most %d times", maxMisses)
	}
	return checkArticle("bot.unsure_article_id", b.UnsureArticleId)
}

// checkExternal checks where an agent is asked. Whether that place may be
// called is judged at each call, by the address it leads to then.
func checkExternal(a *event.Agent) error {
	x, is := a.External, a.Kind == External || a.Kind == Model
	switch {
	case x == nil && !is:
		return nil
	case !is:
		return refusal.Of("external", "only an external agent and a model are asked over HTTP")
	case len(x.GetUrl()) > maxURL || !webPage.MatchString(x.GetUrl()) || strings.Contains(place(x.GetUrl()), "@"):
		return refusal.Of("external.url", "an agent is asked at http:// or https://, without a password in the address")
	case a.Kind == Model && strings.TrimSpace(x.Model) == "":
		return refusal.Of("external.model", "the endpoint is told which model it shall use")
	case utf8.RuneCountInString(x.Model) > maxName:
		return refusal.Of("external.model", "the name of a model is at most %d characters", maxName)
	case utf8.RuneCountInString(x.Instruction) > maxInstruction:
		return refusal.Of("external.instruction", "the instruction is at most %d characters", maxInstruction)
	}
	return firstOf(
		checkWithin("external.deadline", x.Deadline, longestDeadline),
		checkWithin("external.patience", x.Patience, longestPatience),
	)
}

// place is the host of a web address, with what stands before it.
func place(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

// checkWithin refuses a time that is none, or too long. An unset one is usual.
func checkWithin(field string, d *durationpb.Duration, most time.Duration) error {
	if d != nil && (d.CheckValid() != nil || d.AsDuration() <= 0 || d.AsDuration() > most) {
		return refusal.Of(field, "the time is above zero and at most %s", most)
	}
	return nil
}

// checkChain refuses a chain that names nobody, or somebody twice.
func checkChain(s State, field string, agents []string) error {
	if len(agents) > maxAgents {
		return refusal.Of(field, "a chain has at most %d agents", maxAgents)
	}
	for i, id := range agents {
		if slices.Contains(agents[:i], id) {
			return refusal.Of(field, "agent %q is there twice", id)
		}
	}
	return checkAll(s.Agents, field, "agent", agents)
}

func checkPersonWords(words []string) error {
	if len(words) > maxWords {
		return refusal.Of("policy.person_words", "there are at most %d words for a person", maxWords)
	}
	for _, w := range words {
		if strings.TrimSpace(w) == "" || utf8.RuneCountInString(w) > maxName {
			return refusal.Of("policy.person_words", "a word for a person has 1 to %d characters", maxName)
		}
	}
	return nil
}

// CheckCalendar refuses working hours that can't be.
func CheckCalendar(c *event.Calendar) error {
	if c.TimeZone != "" && !zoneName.MatchString(c.TimeZone) {
		return refusal.Of("time_zone", "a time zone is named like Europe/Moscow")
	}
	if err := firstOf(checkID("calendar_id", c.CalendarId, plainID), checkName("name", c.Name), checkHours("week", c.Week)); err != nil {
		return err
	}
	for _, h := range c.Week {
		if h.Weekday < 1 || h.Weekday > 7 {
			return refusal.Of("week", "a weekday is 1, Monday, to 7, Sunday")
		}
	}
	return checkDays(c.Days)
}

func checkHours(field string, hours []*event.OpenHours) error {
	if len(hours) > maxHours {
		return refusal.Of(field, "there are at most %d intervals", maxHours)
	}
	for _, h := range hours {
		switch {
		case h.From < 0 || h.From >= minutesOfDay || h.To < 0 || h.To > minutesOfDay:
			return refusal.Of(field, "an interval begins at 0 to 1439 and ends at 0 to 1440 minutes of the day")
		case h.From == h.To:
			return refusal.Of(field, "an interval that ends where it begins is none; all day is 0 to 1440")
		}
	}
	return nil
}

func checkDays(days []*event.SpecialDay) error {
	if len(days) > maxDays {
		return refusal.Of("days", "there are at most %d special days", maxDays)
	}
	known := map[string]bool{}
	for _, d := range days {
		switch {
		case !isDate(d.Date):
			return refusal.Of("days", "a day is written 2026-12-31, or --05-09 for every year")
		case known[d.Date]:
			return refusal.Of("days", "the day %s is there twice", d.Date)
		}
		known[d.Date] = true
		for _, h := range d.Hours {
			if h.Weekday != 0 {
				return refusal.Of("days", "the hours of a special day have no weekday")
			}
		}
		if err := firstOf(checkName("days", d.Name), checkHours("days", d.Hours)); err != nil {
			return err
		}
	}
	return nil
}

// isDate tells whether a day is one of the calendar. Every year may have the
// last of February of a leap year.
func isDate(day string) bool {
	if yearly.MatchString(day) {
		day = "2000" + day[1:]
	}
	_, err := time.Parse(time.DateOnly, day)
	return err == nil
}

// checkOpen refuses working hours that nobody wrote down.
func checkOpen(s State, calendar string) error {
	if calendar == "" {
		return nil
	}
	return checkAll(s.Calendars, "calendar_id", "calendar", []string{calendar})
}
