package rest

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"crafttalkd/actors/directory"
)

// usesRoutes tell what the parts of the organisation are needed for.
func usesRoutes() []*route {
	return []*route{{method: "GET", path: "/api/v1/uses", may: configure, verb: answers((*call).uses),
		summary: "What refers to each center, line, language, skill and topic; none of these can be taken out before"}}
}

// Use is what refers to something.
type Use struct {
	Kind string `json:"kind" doc:"account, article, key, line, phrase, position, template, topic, user or webhook"`
	ID   string `json:"id"`
	Name string `json:"name" doc:"empty if it has none"`
}

// Used is a part of the organisation, and what refers to it.
type Used struct {
	Kind          string `json:"kind" doc:"center, line, language, skill or topic"`
	ID            string `json:"id"`
	By            []Use  `json:"by"`
	Conversations int64  `json:"conversations" doc:"that ended with this topic; 0 for what is no topic"`
}

func byName(a, b Use) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
}

func (c *call) uses() (List[Used], error) {
	d, out := c.directory(), List[Used]{Items: []Used{}}
	counts, err := c.topicCounts()
	if err != nil {
		return out, err
	}
	add := func(kind string, ids []string) {
		for _, id := range ids {
			u := Used{Kind: strings.ToLower(kind), ID: id, By: []Use{}}
			for _, by := range directory.Uses(d, kind, id) {
				u.By = append(u.By, Use{by.Kind, by.ID, nameIn(d, by)})
			}
			if kind == "Topic" {
				u.By, u.Conversations = append(u.By, c.articlesOf(id)...), counts[id]
			}
			slices.SortFunc(u.By, byName)
			out.Items = append(out.Items, u)
		}
	}
	add("Center", slices.Sorted(maps.Keys(d.Centers)))
	add("Line", slices.Sorted(maps.Keys(d.Lines)))
	add("Language", slices.Sorted(maps.Keys(d.Languages)))
	add("Skill", slices.Sorted(maps.Keys(d.Skills)))
	add("Topic", slices.Sorted(maps.Keys(d.Topics)))
	return out, nil
}

// nameIn is what people call what refers to something.
func nameIn(d directory.State, by directory.Use) string {
	switch by.Kind {
	case "account":
		return d.Account(by.ID).GetName()
	case "center":
		return d.Centers[by.ID].Value.GetName()
	case "key":
		return d.Keys[by.ID].Value.GetName()
	case "line":
		return d.Line(by.ID).GetName()
	case "phrase":
		return d.Phrases[by.ID].Value.GetText()
	case "position":
		return d.Positions[by.ID].Value.GetName()
	case "template":
		return d.Templates[by.ID].Value.GetTitle()
	case "topic":
		return d.Topics[by.ID].Value.GetName()
	case "user":
		u := d.User(by.ID)
		return cmp.Or(strings.TrimSpace(u.GetFirstName()+" "+u.GetLastName()), u.GetLogin())
	case "webhook":
		return d.Webhooks[by.ID].Value.GetName()
	}
	return ""
}
