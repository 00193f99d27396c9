package agent

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/knowledge"
)

// proves BT-01, BT-03, CV-07: the greeting greets once, the bot answers what it
// knows, and what it does not know goes to a person.
func TestBT03_GreetedAnsweredHandedOver(t *testing.T) {
	inShop(t, world{}, chain(hello, theBot), func(n *node) {
		id := n.says("anna", "WHEN do you open")
		n.says("anna", "What does it cost?")
		n.says("anna", "My parcel is wet")
		n.want(id, "< WHEN do you open", "engaged hello", "> Welcome!", "engaged bot", "> We open at ten.",
			"< What does it cost?", "> It costs a rouble.", "< My parcel is wet", "queued AGENT_HANDED_OVER")
		if kept := n.runner.Kept(); len(kept) != 0 {
			t.Errorf("agents still keep %v", kept)
		}
	})
}

// proves BT-03: a bot may miss a few times, says so, and is asked anew after an
// answer.
func TestBT03_Misses(t *testing.T) {
	bot := &event.Agent{AgentId: "bot", Kind: directory.Bot, Bot: &event.BotSettings{Misses: 3, UnsureArticleId: "unsure"}}
	inShop(t, world{}, chain(bot), func(n *node) {
		id := n.says("anna", "My parcel is wet")
		n.put(article("unsure", "Sorry?"))
		n.says("anna", "Very wet")
		n.says("anna", "What does it cost?")
		n.says("anna", "And dirty")
		n.says("anna", "And late")
		n.says("anna", "And gone")
		n.want(id, "< My parcel is wet", "engaged bot", "> I did not understand that. Could you put it in other words?", "< Very wet", "> Sorry?",
			"< What does it cost?", "> It costs a rouble.", "< And dirty", "> Sorry?", "< And late", "> Sorry?", "< And gone", "queued AGENT_HANDED_OVER")
	})
}

// proves BT-03, BT-04: when nearly sure the bot offers articles, the button that
// is pressed leads to its article, and it does not offer twice in a row.
func TestBT04_OffersAndButtons(t *testing.T) {
	bot := &event.Agent{AgentId: "bot", Kind: directory.Bot, Bot: &event.BotSettings{Suggest: true}}
	inShop(t, world{}, chain(bot), func(n *node) {
		id := n.says("anna", "what does it weigh")
		n.presses("anna", "article:price")
		n.says("anna", "what does it weigh")
		n.says("anna", "what does it weigh then")
		n.want(id, "< what does it weigh", "engaged bot", "> Perhaps it is one of these? [On price]", "< On price", "> It costs a rouble.",
			"< what does it weigh", "> Perhaps it is one of these? [On price]", "< what does it weigh then", "queued AGENT_HANDED_OVER")
	})
}

// proves BT-04: a survey asks, is answered by itself, and its answers lead to
// another agent, with what is known.
func TestBT08_SurveyRedirects(t *testing.T) {
	w := world{http: answering(weatherman(t))}
	inShop(t, w, chain(hello, theBot), func(n *node) {
		n.put(weather, &event.Slot{SlotId: "region", Identifier: "region", Name: "Region", Class: "region", Question: &event.Prompt{Text: "Where?"}},
			&event.Article{ArticleId: "sky", Identifier: "sky", TypeId: "KB", Questions: []string{"What is the weather today?"}, SlotIds: []string{"region"},
				Answers: []*event.Answer{{AnswerId: "1", Text: "/redirect weather"}}})
		id := n.says("anna", "What is the weather today?")
		n.says("anna", "Omsk")
		n.says("anna", "What does it cost?")
		n.want(id, "< What is the weather today?", "engaged hello", "> Welcome!", "engaged bot", "> Where?", "< Omsk", "slot region=Omsk",
			"engaged weather", "awaited", "> Sunny in Omsk.", "engaged bot", "< What does it cost?", "> It costs a rouble.")
	})
}

// proves BT-03: who wants a person in the first message gets one, and is not
// asked to say it again.
func TestBT03_PersonAtOnce(t *testing.T) {
	inShop(t, world{}, chain(hello, theBot), func(n *node) {
		id := n.says("anna", "I want a real person, please")
		n.want(id, "< I want a real person, please", "engaged hello", "queued AGENT_HANDED_OVER")
	})
}

// proves CV-07: an agent that is not there, is switched off, or whose article is
// gone costs its turn and not the conversation.
func TestCV07_AgentsThatAreGone(t *testing.T) {
	inShop(t, world{}, chain(hello, theBot), func(n *node) {
		id := n.says("anna", "What does it cost?")
		n.put(&event.Agent{AgentId: "bot", Kind: directory.Bot, Disabled: true})
		n.want(id, "< What does it cost?", "engaged hello", "> Welcome!", "engaged bot", "> It costs a rouble.", "failed bot: gone", "queued AGENT_FAILED")
		n.put(&event.Agent{AgentId: "bot", Kind: directory.Bot})
		_, err := n.Ask(context.Background(), event.KnowledgeStream, knowledge.Remove{By: "setup", Kind: "Article", ID: "hello"})
		n.must(err)
		id = n.says("boris", "What does it cost?")
		n.want(id, "< What does it cost?", "engaged hello", "failed hello: gone", "engaged bot", "> It costs a rouble.")
		n.put(&event.Article{ArticleId: "price", Identifier: "price", TypeId: "KB", Questions: []string{"What does it cost?"},
			Answers: []*event.Answer{{AnswerId: "1", Text: "/redirect nobody"}}})
		id = n.says("clara", "What does it cost?")
		n.want(id, "< What does it cost?", "engaged hello", "failed hello: gone", "engaged bot", "engaged nobody", "failed nobody: gone", "queued AGENT_FAILED")
	})
}

// proves BT-04: articles that lead back and forth end at a person.
func TestBT04_LoopsEnd(t *testing.T) {
	other := &event.Agent{AgentId: "other", Kind: directory.Greeting, ArticleId: "back"}
	forth := &event.Agent{AgentId: "forth", Kind: directory.Greeting, ArticleId: "forth"}
	inShop(t, world{}, chain(), func(n *node) {
		n.put(article("back", "/redirect forth"), article("forth", "/redirect other"), other, forth)
		n.put(&event.Account{AccountId: "site", Kind: "widget", CenterId: "shop", OwnAgents: true, Agents: []string{"other"}, Routing: &event.Routing{LineId: "help"}})
		id := n.says("anna", "Hello")
		if s := n.state(id); s.Phase != conversation.Waiting {
			t.Errorf("the conversation is in phase %v", s.Phase)
		}
	})
}

// proves G12, CV-07: what an agent owes is done after a crash, and once.
func TestCV07_CrashBetweenSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := boot(t, world{answers: hanging{}}, vfs.NewCrashableMem())
		n.organise(hello, theBot)
		id := n.says("anna", "What does it cost?")
		n.want(id, "< What does it cost?", "engaged hello", "> Welcome!", "engaged bot")
		left := n.crash()
		n = boot(t, world{}, left)
		defer n.stop()
		settle()
		n.want(id, "< What does it cost?", "engaged hello", "> Welcome!", "engaged bot", "> It costs a rouble.")
		if kept := n.runner.Kept(); len(kept) != 1 || kept[0].Agent != "bot" || kept[0].Center != "shop" || kept[0].Routing.LineId != "help" {
			t.Errorf("kept = %v", kept)
		}
	})
}

// hanging knows nothing, and thinks about it for ever.
type hanging struct{}

func (hanging) Rank(ctx context.Context, _ Question) (Ranking, error) {
	<-ctx.Done()
	return Ranking{}, ctx.Err()
}
