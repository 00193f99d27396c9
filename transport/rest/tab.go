package rest

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"time"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// tabRoutes tell the pages of other programs beside a conversation whose it is, so
// that they need not believe an address that anybody can type.
func tabRoutes() []*route {
	const v1 = "/api/v1"
	return []*route{
		{method: "GET", path: v1 + "/conversations/:id/tabs/:tab/context", summary: "What a tab's page is told of a conversation and of who looks at it, signed; it goes where its address has {context}",
			may: person, verb: answers((*call).tabContext)},
		{method: "GET", path: v1 + "/settings/:id/tabs/:tab/key", summary: "What the context of a tab is signed with, also of a tab that is not kept yet", act: audit.SecretShown, may: configure,
			verb: answers((*call).tabKey), params: []param{{name: "turn", doc: "which key; the tab's own if left out"}}},
	}
}

// contextLasts is how long a page may take a context: as long as it takes to load.
const contextLasts = 5 * time.Minute

// TabContext is what a tab's page is told.
type TabContext struct {
	Context string    `json:"context" doc:"a JSON web token, signed with HS256; docs/tabs.md says what is in it"`
	Until   time.Time `json:"until"`
}

// TabKey is what a page checks a context with.
type TabKey struct {
	Key  string `json:"key" doc:"its characters as they are are the key of HS256"`
	Turn int32  `json:"turn" doc:"the kid of what is signed with it"`
}

// A tabClaim is what a context says.
type tabClaim struct {
	Issuer       string `json:"iss"`
	Audience     string `json:"aud"`
	Subject      string `json:"sub"`
	Issued       int64  `json:"iat"`
	Expires      int64  `json:"exp"`
	ID           string `json:"jti"`
	Customer     string `json:"customer_id"`
	Conversation string `json:"conversation_id"`
	Center       string `json:"center_id"`
	Operator     string `json:"operator_id"`
}

func (c *call) tabContext() (TabContext, error) {
	v, err := c.conversation(c.id())
	if err != nil {
		return TabContext{}, err
	}
	owner := tabOwner(c.directory(), v.CenterID)
	tab := tabIn(c.directory(), owner, c.params.ByName("tab"))
	if tab == nil {
		return TabContext{}, refusal.New(refusal.NotFound, "there is no tab %q", c.params.ByName("tab"))
	}
	now := c.config.System.Now()
	until := now.Add(contextLasts).Truncate(time.Second)
	token, err := signedContext(c.tabSecret(owner, tab.TabId, tab.Turn), tab.Turn, tabClaim{Issuer: "crafttalk", Audience: tab.TabId, Subject: c.by(), Issued: now.Unix(), Expires: until.Unix(),
		ID: rand.Text(), Customer: v.CustomerID, Conversation: v.ConversationID, Center: v.CenterID, Operator: c.by()})
	return TabContext{token, until}, err
}

// tabOwner is whose tabs show in a center: its own, or the whole organisation's.
func tabOwner(d directory.State, center string) string {
	if d.Settings[center].Value.GetIntegration() == nil {
		return ""
	}
	return center
}

func tabIn(d directory.State, owner, id string) *event.IntegrationTab {
	for _, t := range d.Settings[owner].Value.GetIntegration().GetTabs() {
		if t.TabId == id {
			return t
		}
	}
	return nil
}

// tabSecret is made of what the server keeps for itself, so there is nothing to
// store, and each tab has its own.
func (c *call) tabSecret(owner, tab string, turn int32) string {
	sum := c.config.TabKey("tab " + strconv.Itoa(int(turn)) + " " + owner + "/" + tab)
	return base64.RawURLEncoding.EncodeToString(sum)
}

// signedContext is a JSON web token (RFC 7519) with the key's turn as its kid.
func signedContext(key string, turn int32, claim tabClaim) (string, error) {
	head, err := json.Marshal(map[string]string{"alg": "HS256", "typ": "JWT", "kid": strconv.Itoa(int(turn))})
	if err != nil {
		return "", err
	}
	said, err := json.Marshal(claim)
	if err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(said)
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text)) // never fails
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)), nil
}

// tabID is what tabs are called, as the directory has it.
var tabID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// tabKey tells the key of another turn before the tab has it, so that a page knows
// the next one when it comes.
func (c *call) tabKey() (TabKey, error) {
	owner, id, d := settings.key(c), c.params.ByName("tab"), c.directory()
	if owner != "" && d.Centers[owner].Value == nil {
		return TabKey{}, refusal.New(refusal.NotFound, "there is no center %q", owner)
	}
	if !tabID.MatchString(id) {
		return TabKey{}, refusal.New(refusal.NotFound, "there is no tab %q", id)
	}
	turn := tabIn(d, owner, id).GetTurn()
	if c.r.URL.Query().Has("turn") {
		n, err := c.number("turn")
		if err != nil || n > math.MaxInt32 {
			return TabKey{}, refusal.Of("turn", "this is not a number")
		}
		turn = int32(n)
	}
	return TabKey{c.tabSecret(owner, id, turn), turn}, nil
}
