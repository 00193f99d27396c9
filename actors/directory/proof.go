package directory

import (
	"slices"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// The kinds of factors.
const (
	TOTP    = "totp"    // a program that shows six digits, and other ones every 30 seconds
	Passkey = "passkey" // WebAuthn
)

// No user needs more than these.
const (
	maxFactors    = 20
	maxIdentities = 20
	maxRecovery   = 20
	maxSecrets    = 16 << 10
	maxSubject    = 255 // characters; OpenID Connect Core, 2
)

// Proofs are what a user signs in with beside a password. They are never changed
// after Apply has returned them.
type Proofs struct {
	Factors    []Entry[*event.Factor]
	Recovery   []string // hashes of the recovery codes
	Identities []Entry[*event.Identity]
}

// Factor returns the factor with the id, or nil.
func (p Proofs) Factor(id string) *event.Factor {
	for _, f := range p.Factors {
		if f.Value.FactorId == id {
			return f.Value
		}
	}
	return nil
}

// NeedsFactor reports whether the user must sign in with a second factor,
// because of a role.
func (s State) NeedsFactor(u *event.User) bool {
	roles := s.Settings[""].Value.GetSecondFactorRoles()
	return slices.ContainsFunc(roles, func(r string) bool { return slices.Contains(u.GetRoles(), r) })
}

// UserByIdentity returns whom a provider's name for somebody stands for, or nil.
func (s State) UserByIdentity(issuer, subject string) *event.User {
	for id, p := range s.Proofs {
		if slices.ContainsFunc(p.Identities, same(issuer, subject)) {
			return s.User(id)
		}
	}
	return nil
}

func same(issuer, subject string) func(Entry[*event.Identity]) bool {
	return func(e Entry[*event.Identity]) bool { return e.Value.Issuer == issuer && e.Value.Subject == subject }
}

// applyProof is Apply for what users sign in with beside a password.
func applyProof(s State, e event.Event) State {
	switch e := e.(type) {
	case *event.FactorPut:
		p := s.Proofs[e.UserId]
		p.Factors = append(withoutFactor(p.Factors, e.Factor.FactorId),
			Entry[*event.Factor]{Value: e.Factor, Revision: s.Version, By: e.By, At: event.At(e)})
		s.Proofs = put(s.Proofs, e.UserId, p)
	case *event.FactorRemoved:
		p := s.Proofs[e.UserId]
		if p.Factors = withoutFactor(p.Factors, e.FactorId); len(p.Factors) == 0 {
			p.Recovery = nil
		}
		s.Proofs = put(s.Proofs, e.UserId, p)
	case *event.RecoveryCodesSet:
		p := s.Proofs[e.UserId]
		p.Recovery = e.Hashes
		s.Proofs = put(s.Proofs, e.UserId, p)
	case *event.IdentityLinked:
		p := s.Proofs[e.UserId]
		p.Identities = append(slices.Clone(p.Identities), Entry[*event.Identity]{Value: e.Identity, Revision: s.Version, By: e.By, At: event.At(e)})
		s.Proofs = put(s.Proofs, e.UserId, p)
	case *event.IdentityUnlinked:
		p := s.Proofs[e.UserId]
		p.Identities = slices.DeleteFunc(slices.Clone(p.Identities), same(e.Issuer, e.Subject))
		s.Proofs = put(s.Proofs, e.UserId, p)
	}
	return s
}

func withoutFactor(factors []Entry[*event.Factor], id string) []Entry[*event.Factor] {
	return slices.DeleteFunc(slices.Clone(factors), func(f Entry[*event.Factor]) bool { return f.Value.FactorId == id })
}

// decideProof is Decide for what users sign in with beside a password.
func decideProof(s State, cmd Command, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch c := cmd.(type) {
	case PutFactor:
		return putFactor(s, c, at)
	case RemoveFactor:
		return removeFactor(s, c, at)
	case SetRecoveryCodes:
		return setRecoveryCodes(s, c, at)
	case Link:
		return link(s, c, at)
	case Unlink:
		return unlink(s, c, at)
	}
	return nil, nil
}

// known refuses a change without an author, and of a user who is not there.
func known(s State, by, user string) error {
	switch {
	case by == "":
		return refusal.Of("by", "a change has an author")
	case s.User(user) == nil:
		return refusal.New(refusal.NotFound, "there is no user %q", user)
	}
	return nil
}

func putFactor(s State, c PutFactor, at *timestamppb.Timestamp) ([]event.Event, error) {
	p, f := s.Proofs[c.User], c.Factor
	if err := firstOf(known(s, c.By, c.User), checkID("factor_id", f.FactorId, plainID), checkName("name", f.Name)); err != nil {
		return nil, err
	}
	old := p.Factor(f.FactorId)
	switch {
	case f.Kind != TOTP && f.Kind != Passkey:
		return nil, refusal.Of("kind", "a factor is totp or passkey")
	case len(f.Secrets) == 0 || len(f.Secrets) > maxSecrets:
		return nil, refusal.Of("secrets", "a factor has something secret")
	case old != nil && old.Kind != f.Kind:
		return nil, refusal.New(refusal.Conflict, "the factor %q is of another kind", f.FactorId)
	case old == nil && len(p.Factors) >= maxFactors:
		return nil, refusal.New(refusal.Conflict, "a user has at most %d factors", maxFactors)
	case proto.Equal(old, f):
		return nil, nil
	}
	another := func(e Entry[*event.Factor]) bool { return e.Value.Kind == TOTP && e.Value.FactorId != f.FactorId }
	if f.Kind == TOTP && slices.ContainsFunc(p.Factors, another) {
		return nil, refusal.New(refusal.Conflict, "there is a program for codes already; remove it first")
	}
	return []event.Event{&event.FactorPut{At: at, By: c.By, UserId: c.User, Factor: proto.CloneOf(f)}}, nil
}

// removeFactor takes a factor away. What is not there was taken away before.
func removeFactor(s State, c RemoveFactor, at *timestamppb.Timestamp) ([]event.Event, error) {
	if err := known(s, c.By, c.User); err != nil {
		return nil, err
	}
	if s.Proofs[c.User].Factor(c.ID) == nil {
		return nil, nil
	}
	return []event.Event{&event.FactorRemoved{At: at, By: c.By, UserId: c.User, FactorId: c.ID}}, nil
}

func setRecoveryCodes(s State, c SetRecoveryCodes, at *timestamppb.Timestamp) ([]event.Event, error) {
	if err := known(s, c.By, c.User); err != nil {
		return nil, err
	}
	switch {
	case len(s.Proofs[c.User].Factors) == 0:
		return nil, refusal.New(refusal.Conflict, "recovery codes stand in for a second factor, and there is none")
	case len(c.Hashes) == 0 || len(c.Hashes) > maxRecovery:
		return nil, refusal.Of("hashes", "there are 1 to %d recovery codes", maxRecovery)
	}
	for _, h := range c.Hashes {
		if !hexHash.MatchString(h) {
			return nil, refusal.Of("hashes", "a recovery code is kept as its SHA-256")
		}
	}
	return []event.Event{&event.RecoveryCodesSet{At: at, By: c.By, UserId: c.User, Hashes: slices.Clone(c.Hashes)}}, nil
}

// link refuses a name that stands for somebody else: one who signs in is one user.
func link(s State, c Link, at *timestamppb.Timestamp) ([]event.Event, error) {
	i := c.Identity
	if err := firstOf(known(s, c.By, c.User), checkName("name", i.Name)); err != nil {
		return nil, err
	}
	switch other := s.UserByIdentity(i.Issuer, i.Subject); {
	case i.Issuer == "":
		return nil, refusal.Of("issuer", "an identity has an issuer")
	case i.Subject == "" || utf8.RuneCountInString(i.Subject) > maxSubject:
		return nil, refusal.Of("subject", "the name at the provider has 1 to %d characters", maxSubject)
	case other != nil && other.UserId != c.User:
		return nil, refusal.New(refusal.Conflict, "this identity is another user's")
	case other != nil:
		return nil, nil
	case len(s.Proofs[c.User].Identities) >= maxIdentities:
		return nil, refusal.New(refusal.Conflict, "a user has at most %d identities", maxIdentities)
	}
	return []event.Event{&event.IdentityLinked{At: at, By: c.By, UserId: c.User, Identity: proto.CloneOf(i)}}, nil
}

func unlink(s State, c Unlink, at *timestamppb.Timestamp) ([]event.Event, error) {
	if err := known(s, c.By, c.User); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(s.Proofs[c.User].Identities, same(c.Issuer, c.Subject)) {
		return nil, nil
	}
	return []event.Event{&event.IdentityUnlinked{At: at, By: c.By, UserId: c.User, Issuer: c.Issuer, Subject: c.Subject}}, nil
}

// checkProvider refuses what nobody can sign in with. Whether the issuer is
// there is found out when it is asked.
func checkProvider(s State, p *event.Provider) error {
	if err := firstOf(checkID("provider_id", p.ProviderId, plainID), checkName("name", p.Name)); err != nil {
		return err
	}
	_, there := s.Providers[p.ProviderId]
	switch {
	case !there && len(s.Providers) >= maxMachines:
		return refusal.New(refusal.Conflict, "there are %d providers, and no more are taken", maxMachines)
	case p.Name == "":
		return refusal.Of("name", "a provider has a name, for its button")
	case len(p.Issuer) > maxURL || !webPage.MatchString(p.Issuer):
		return refusal.Of("issuer", "an issuer is at https://, or at http:// inside your own network")
	case p.ClientId == "" || utf8.RuneCountInString(p.ClientId) > maxName:
		return refusal.Of("client_id", "the provider knows us by a client id")
	}
	return nil
}

// checkSecondFactorRoles refuses a rule of a center's own: a user signs in once
// for all centers.
func checkSecondFactorRoles(t *event.Settings) error {
	if len(t.SecondFactorRoles) > 0 && t.CenterId != "" {
		return refusal.Of("second_factor_roles", "who signs in with a second factor is said for the whole organisation")
	}
	for _, r := range t.SecondFactorRoles {
		if !slices.Contains(Roles[:], r) {
			return refusal.Of("second_factor_roles", "there is no role %q", r)
		}
	}
	return nil
}
