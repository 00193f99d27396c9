package articles

import (
	"slices"

	"crafttalkd/actors/event"
)

// A Sight is through which answers are looked at: that of a conversation, of an
// operator, or of both. Manual: «Настройки доступа».
type Sight struct {
	Centers, Lines, Skills, Languages Set
}

// A Set is some of what there is, or all of it.
type Set struct {
	All bool
	Of  []string
}

// Everything is a sight without bounds.
func Everything() Sight { return Sight{Set{All: true}, Set{All: true}, Set{All: true}, Set{All: true}} }

// OfConversation is the sight of a conversation of this center and routing.
// What it does not ask for it does not have.
func OfConversation(center string, r *event.Routing) Sight {
	one := func(id string) Set {
		if id == "" {
			return Set{}
		}
		return Set{Of: []string{id}}
	}
	return Sight{one(center), one(r.GetLineId()), Set{Of: r.GetSkills()}, one(r.GetLanguage())}
}

// OfUser is the sight of a user: a list that is empty limits nothing.
func OfUser(u *event.User) Sight {
	all := func(ids []string) Set { return Set{All: len(ids) == 0, Of: ids} }
	return Sight{all(u.GetCenterIds()), all(u.GetLineIds()), all(u.GetSkills()), all(u.GetLanguages())}
}

// Sees reports whether an answer is for whoever looks. An audience that names
// nothing is everybody.
func (s Sight) Sees(a *event.Audience) bool {
	return s.Centers.meets(a.GetCenterIds()) && s.Lines.meets(a.GetLineIds()) &&
		s.Skills.meets(a.GetSkills()) && s.Languages.meets(a.GetLanguages())
}

func (s Set) meets(ids []string) bool {
	return s.All || len(ids) == 0 || slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(s.Of, id) })
}

// Answers returns the answers of an article that all of the sights see.
func Answers(a *event.Article, by ...Sight) (out []*event.Answer) {
	for _, x := range a.Answers {
		if !slices.ContainsFunc(by, func(s Sight) bool { return !s.Sees(x.Audience) }) {
			out = append(out, x)
		}
	}
	return out
}

// Survey returns an article as it is given to a customer now: with its slots,
// and the answers that the conversation may see. It is nil if there is no such
// article.
func (b *Base) Survey(id, survey string, s Sight, draw uint64) *event.Survey {
	a := b.articles[id]
	if a == nil {
		return nil
	}
	out := &event.Survey{SurveyId: survey, ArticleId: id, Title: a.Title, Policy: a.Policy, Answers: Answers(a.Article, s),
		Routing: a.Routing, TopicId: a.TopicId, Draw: draw}
	for _, slot := range a.SlotIds {
		if x := b.slots[slot]; x != nil {
			out.Slots = append(out.Slots, x.Slot)
		}
	}
	return out
}
