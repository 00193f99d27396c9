package showroom

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

//go:embed customers.json
var customersJSON []byte

// A customer writes by one account, which is a widget's or the channel API's.
type customer struct {
	ID      string
	Account string
	Profile map[string]string
	Earlier *dialog  // a conversation that is over
	Says    []string // and then waits

	token  string // of the widget's visitor
	wrote  int
	person string // the customer's id
}

// A dialog is a conversation from its first word to its end.
type dialog struct {
	Topic string
	Lines []struct{ From, Text string }
}

// Populate plays the earlier conversations with the operator, who then leaves,
// and has every customer write once more. It returns how many wait.
func (s *Showroom) Populate(ctx context.Context, operator Person) (waiting int, err error) {
	var all []*customer
	if err := json.Unmarshal(customersJSON, &all); err != nil {
		return 0, fmt.Errorf("customers.json: %w", err)
	}
	if err := s.past(ctx, operator, all); err != nil {
		return 0, err
	}
	for _, c := range all {
		for _, text := range c.Says {
			if _, err := s.say(ctx, c, text); err != nil {
				return 0, err
			}
		}
		if err := s.introduce(ctx, c); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}

// past has the operator serve the earlier conversations, one after another.
func (s *Showroom) past(ctx context.Context, operator Person, all []*customer) error {
	k, err := s.seat(ctx, operator)
	if err != nil {
		return err
	}
	defer k.conn.Close()
	for _, c := range all {
		if c.Earlier == nil {
			continue
		}
		if err := s.play(ctx, k, c); err != nil {
			return err
		}
		if err := s.introduce(ctx, c); err != nil {
			return err
		}
	}
	return k.leave()
}

func (s *Showroom) play(ctx context.Context, k *clerk, c *customer) error {
	var conversation string
	for i, line := range c.Earlier.Lines {
		var err error
		if line.From == "operator" {
			err = k.reply(conversation, fmt.Sprintf("%s-%d", c.ID, i), line.Text)
		} else if conversation, err = s.say(ctx, c, line.Text); err == nil {
			err = k.await(conversation)
		}
		if err != nil {
			return err
		}
	}
	return k.close(conversation, c.Earlier.Topic)
}

// say has the customer write, and returns the conversation.
func (s *Showroom) say(ctx context.Context, c *customer, text string) (string, error) {
	c.wrote++
	id := fmt.Sprintf("%s-%d", c.ID, c.wrote)
	var kept struct {
		Conversation string `json:"conversation_id"`
	}
	if key, ok := s.keys[c.Account]; ok {
		name := strings.TrimSpace(c.Profile["fname"] + " " + c.Profile["lname"])
		user := object{"id": c.ID, "name": name, "phone": c.Profile["phone"], "email": c.Profile["email"]}
		err := s.ask(ctx, http.MethodPost, "/channel/v1/"+c.Account+"/messages", key, object{"id": id, "user": user, "text": text, "order": c.wrote}, &kept)
		return kept.Conversation, err
	}
	if c.token == "" {
		var visitor struct{ Token string }
		if err := s.ask(ctx, http.MethodPost, "/widget/v1/"+c.Account+"/session", "", object{}, &visitor); err != nil {
			return "", err
		}
		c.token = visitor.Token
	}
	err := s.ask(ctx, http.MethodPost, "/widget/v1/"+c.Account+"/messages", c.token,
		object{"message_id": id, "content": object{"text": text}, "order": c.wrote}, &kept)
	c.person, _, _ = strings.Cut(kept.Conversation, ".")
	return kept.Conversation, err
}

// introduce enters what is known of a visitor of the widget, as an operator
// would who has asked.
func (s *Showroom) introduce(ctx context.Context, c *customer) error {
	if c.person == "" || len(c.Profile) == 0 {
		return nil
	}
	var form struct{ Revision uint64 }
	path := "/api/v1/customers/" + c.person
	if err := s.ask(ctx, http.MethodGet, path, s.token, nil, &form); err != nil {
		return err
	}
	return s.ask(ctx, http.MethodPatch, path, s.token, object{"fields": c.Profile, "revision": form.Revision}, nil)
}
