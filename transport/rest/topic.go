package rest

import (
	"slices"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/figures"
	"crafttalkd/actors/refusal"
)

// TopicFields are what may be said of a topic.
type TopicFields struct {
	Name     string `json:"name"`
	ParentID string `json:"parent_id"`
	Archived bool   `json:"archived" doc:"not offered any more; conversations keep it"`
}

// PutTopic is a topic as it is put.
type PutTopic struct {
	TopicFields
	Revised
}

// Topic is a topic as it is shown.
type Topic struct {
	TopicID string `json:"topic_id"`
	TopicFields
	Place int32 `json:"place" doc:"among those of one parent, from 1; 0 was never placed and comes behind them, by name"`
	Mark
}

func topicOf(id string, e directory.Entry[*event.Topic]) Topic {
	return Topic{id, TopicFields{e.Value.Name, e.Value.ParentId, e.Value.Archived}, e.Value.Place, markOf(e)}
}

// A topic that is taken out is archived: conversations refer to it for ever.
var topics = topicCollection{collection[*event.Topic, PutTopic, Topic]{
	name: "topics", kind: "Topic", view: signedIn, change: configure,
	entries: func(d directory.State) map[string]directory.Entry[*event.Topic] { return d.Topics },
	show:    func(_ directory.State, id string, e directory.Entry[*event.Topic]) Topic { return topicOf(id, e) },
	build: func(_ *call, id string, in PutTopic, old *event.Topic) (*event.Topic, func() error, error) {
		t := &event.Topic{TopicId: id, Name: in.Name, ParentId: in.ParentID, Archived: in.Archived}
		if old.GetParentId() == in.ParentID {
			t.Place = old.GetPlace()
		}
		return t, nil, nil
	},
	remove: func(_ string, old *event.Topic, by string) directory.Command {
		if old == nil {
			return directory.Wake{}
		}
		gone := proto.CloneOf(old)
		gone.Archived = true
		return directory.Put{By: by, Entry: gone, Any: true}
	},
}}

// topicCollection is a collection that is a tree, and whose entries can go for
// good as long as nothing has ever referred to them.
type topicCollection struct {
	collection[*event.Topic, PutTopic, Topic]
}

func (k topicCollection) routes() []*route {
	routes := k.collection.routes()
	for _, rt := range routes {
		if rt.method == "DELETE" {
			rt.summary = "Archive one topic, or take it out for good if it is archived and nothing has it"
			rt.params = []param{{name: "for_good", doc: "true takes it out for good"}}
			rt.verb = does(k.delete)
		}
	}
	return append(routes, &route{method: "POST", path: "/api/v1/topics/:id/move", may: configure, verb: takes((*call).moveTopic),
		summary: "Put a topic under another, or at the top, in front of one that is there or behind all"})
}

// MoveTopic is where a topic shall be.
type MoveTopic struct {
	ParentID string `json:"parent_id" doc:"empty for the top"`
	Before   string `json:"before" doc:"the topic that it comes in front of; left out, it is the last"`
	Revised
}

func (c *call) moveTopic(in MoveTopic) (Topic, error) {
	err := c.change(directory.MoveTopic{By: c.by(), Topic: c.id(), Parent: in.ParentID, Before: in.Before, Revision: in.Revision})
	if err != nil {
		return Topic{}, err
	}
	return topics.get(c)
}

// delete archives a topic. For good goes only one that is archived, so that nobody
// gives it to a conversation meanwhile, and that no conversation and no article has.
func (k topicCollection) delete(c *call) error {
	if c.r.URL.Query().Get("for_good") != "true" {
		return k.collection.delete(c)
	}
	e, there := c.directory().Topics[c.id()]
	if !there {
		return nil
	}
	if !e.Value.Archived {
		return refusal.New(refusal.Conflict, "topic %q is not archived", c.id())
	}
	conversations, err := c.topicCounts()
	switch {
	case err != nil:
		return err
	case conversations[c.id()] > 0:
		return refusal.New(refusal.Conflict, "topic %q is in use by %d conversations", c.id(), conversations[c.id()])
	}
	if articles := c.articlesOf(c.id()); len(articles) > 0 {
		return refusal.New(refusal.Conflict, "topic %q is in use by article %s", c.id(), articles[0].Name)
	}
	return c.change(directory.Remove{By: c.by(), Kind: "Topic", ID: c.id()})
}

// topicCounts is how many conversations have ended with each topic, wherever they
// were: a topic is everybody's.
func (c *call) topicCounts() (map[string]int64, error) {
	a, err := c.config.History.Count(figures.Question{Sees: func(string, *event.Routing) bool { return true }})
	if err != nil {
		return nil, err
	}
	counts := map[string]int64{}
	for _, bar := range a.Charts[figures.Topic] {
		counts[bar.Key] = bar.Total()
	}
	return counts, nil
}

// articlesOf are the articles that give a conversation the topic.
func (c *call) articlesOf(topic string) (out []Use) {
	for _, a := range c.config.Articles.State().Articles() {
		if a.TopicId == topic {
			out = append(out, Use{"article", a.ArticleId, a.Title})
		}
	}
	slices.SortFunc(out, byName)
	return out
}
