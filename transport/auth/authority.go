package auth

import (
	"slices"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/refusal"
)

// Covers refuses what a giver may not give, because the giver does not have it:
// a permission, or a place among centers, lines, languages and skills. A list that
// is empty stands for everything, so who has bounds gives nothing that is without.
func Covers(d directory.State, giver, given Grantee) error {
	if err := coversRoles(giver, given); err != nil || unbounded(giver) {
		return err
	}
	switch {
	case unbounded(given):
		return refusal.Of("center_ids", "you are not everywhere yourself, so name the centers")
	case nowhere(given):
		return nil
	}
	return coversPlaces(d, giver, given, true)
}

// CoversPreset is [Covers] for what gives nothing by itself, such as a position:
// it may leave open what it does not name.
func CoversPreset(d directory.State, giver, preset Grantee) error {
	if err := coversRoles(giver, preset); err != nil || unbounded(giver) {
		return err
	}
	return coversPlaces(d, giver, preset, false)
}

func coversRoles(giver, given Grantee) error {
	if role := beyond(giver.GetRoles(), given.GetRoles()); role != "" {
		return refusal.Of("roles", "the permission %s is not yours to give", role)
	}
	return nil
}

// coversPlaces compares the bounds of a giver with those that are given; with all,
// a list that the giver has must be named.
func coversPlaces(d directory.State, giver, given Grantee, all bool) error {
	if nowhere(giver) && !nowhere(given) {
		return refusal.Of("center_ids", "you have no center and no line yourself, so there is none to give")
	}
	for _, list := range []struct {
		field, kind string
		has, wants  []string
	}{
		{"center_ids", "center", giver.GetCenterIds(), given.GetCenterIds()},
		{"line_ids", "line", giver.GetLineIds(), given.GetLineIds()},
		{"languages", "language", giver.GetLanguages(), given.GetLanguages()},
		{"skills", "skill", giver.GetSkills(), given.GetSkills()},
	} {
		if len(list.has) == 0 {
			continue
		}
		if all && len(list.wants) == 0 {
			return refusal.Of(list.field, "name each %s: you do not have all of them yourself", list.kind)
		}
		if id := beyond(list.has, list.wants); id != "" {
			return refusal.Of(list.field, "the %s %q is not yours to give", list.kind, id)
		}
	}
	// Who works on a line is given its conversations, whatever the own centers.
	for _, id := range given.GetLineIds() {
		if len(giver.GetCenterIds()) > 0 && !slices.Contains(giver.GetLineIds(), id) &&
			!slices.Contains(giver.GetCenterIds(), d.Line(id).GetCenterId()) {
			return refusal.Of("line_ids", "the line %q is not yours to give", id)
		}
	}
	return nil
}

func unbounded(g Grantee) bool {
	return slices.Contains(g.GetRoles(), directory.Admin) && nowhere(g)
}

// nowhere reports whether somebody has neither a center nor a line.
func nowhere(g Grantee) bool { return len(g.GetCenterIds()) == 0 && len(g.GetLineIds()) == 0 }

// beyond returns the first that is wanted and not had; empty if all are.
func beyond(has, wants []string) string {
	for _, id := range wants {
		if !slices.Contains(has, id) {
			return id
		}
	}
	return ""
}
