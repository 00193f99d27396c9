package directory

import (
	"regexp"
	"strings"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// Bounds of what other programs are.
const (
	maxMachines = 1000   // keys, and webhooks
	maxHashes   = 2      // one in use, and the one before it
	maxRate     = 60_000 // requests a minute
	maxKinds    = 200
)

var (
	hexHash  = regexp.MustCompile(`^[0-9a-f]{64}$`)
	factName = regexp.MustCompile(`^[a-z][a-z_]{1,60}$`)
)

// checkKey refuses what is no key. A key is let in by hashes alone: what it is
// made of is never told to the directory.
func checkKey(s State, k *event.ApiKey) error {
	if err := firstOf(checkID("key_id", k.KeyId, plainID), checkName("name", k.Name), checkGrants(s, k)); err != nil {
		return err
	}
	_, there := s.Keys[k.KeyId]
	switch {
	case !there && len(s.Keys) >= maxMachines:
		return refusal.New(refusal.Conflict, "there are %d keys, and no more are taken", maxMachines)
	case k.Rate < 0 || k.Rate > maxRate:
		return refusal.Of("rate", "the rate is 0 to %d requests a minute", maxRate)
	case len(k.Hashes) > maxHashes:
		return refusal.Of("hashes", "a key has one secret, or two while one is replaced")
	case k.Until != nil && k.Until.CheckValid() != nil:
		return refusal.Of("until", "this is no time")
	}
	for _, h := range k.Hashes {
		if !hexHash.MatchString(h) {
			return refusal.Of("hashes", "a secret is kept as its SHA-256")
		}
	}
	return nil
}

// checkWebhook refuses what can't be posted to. Whether the address is one that
// the server calls is judged when it is called.
func checkWebhook(s State, w *event.Webhook) error {
	if err := firstOf(checkID("webhook_id", w.WebhookId, plainID), checkName("name", w.Name), checkGrants(s, w)); err != nil {
		return err
	}
	_, there := s.Webhooks[w.WebhookId]
	switch {
	case !there && len(s.Webhooks) >= maxMachines:
		return refusal.New(refusal.Conflict, "there are %d webhooks, and no more are taken", maxMachines)
	case len(w.Url) > maxURL || !webPage.MatchString(w.Url) || strings.Contains(place(w.Url), "@"):
		return refusal.Of("url", "a webhook is at http:// or https://, without a password in the address")
	case len(w.Kinds) > maxKinds:
		return refusal.Of("kinds", "at most %d kinds can be chosen", maxKinds)
	}
	for _, kind := range w.Kinds {
		if !factName.MatchString(kind) {
			return refusal.Of("kinds", "%q is no kind of fact", kind)
		}
	}
	return nil
}
