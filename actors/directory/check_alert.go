package directory

import (
	"strings"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// checkAlerts refuses bounds that can't be, and an address that is none. Whether
// that place may be called is judged at each call.
func checkAlerts(p *event.AlertPolicy) error {
	url := p.GetWebhook()
	switch {
	case p == nil:
		return nil
	case p.QueueOver < 0:
		return refusal.Of("alerts.queue_over", "fewer than none can't wait")
	case p.Turn < 0:
		return refusal.Of("alerts.turn", "the turn of a secret is not negative")
	case url != "" && (len(url) > maxURL || !webPage.MatchString(url) || strings.Contains(place(url), "@")):
		return refusal.Of("alerts.webhook", "alerts are posted to http:// or https://, without a password in the address")
	}
	return nil
}
