package channels

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"crafttalkd/actors/refusal"
)

// proves G1, CH-01: what one call brought is answered for as a whole, and what
// can never be kept is kept as strange.
func TestG1_Take(t *testing.T) {
	full, invalid, off := errors.New("the disk is full"), refusal.Of("text", "too long"), refusal.New(refusal.Denied, "switched off")
	for _, c := range []struct {
		name    string
		errs    map[string]error // by text
		odd     error
		want    error
		strange bool
	}{
		{"all is well", nil, nil, nil, false},
		{"one can't be kept now", map[string]error{"b": full}, nil, full, false},
		{"one can never be kept", map[string]error{"b": invalid}, nil, nil, true},
		{"one never and one not now", map[string]error{"a": invalid, "n": full}, nil, full, false},
		{"switched off", map[string]error{"a": off, "b": off, "n": off}, nil, off, false},
		{"never, and the error queue is full", map[string]error{"a": invalid}, full, full, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var came []string
			strange := false
			config := Config{Account: "shop",
				Sink: func(_ context.Context, m Inbound, done func(Kept, error)) {
					came = append(came, m.Account+"/"+m.ID)
					go done(Kept{}, c.errs[m.ID])
				},
				Notify: func(_ context.Context, n Notice, done func(error)) {
					came = append(came, n.Account+"/"+n.ID)
					go done(c.errs[n.ID])
				},
				Strange: func(_ context.Context, kind string, raw []byte, carries bool) error {
					strange = kind == "kind" && string(raw) == "raw" && carries
					return c.odd
				}}
			err := config.Take(t.Context(), "kind", []byte("raw"), Inbound{ID: "a"}, Notice{ID: "n"}, Inbound{ID: "b"})
			if (c.want == nil) != (err == nil) || c.want != nil && !strings.Contains(err.Error(), c.want.Error()) || strange != c.strange {
				t.Errorf("Take = %v, strange %v; want %v, %v", err, strange, c.want, c.strange)
			}
			if want := []string{"shop/a", "shop/n", "shop/b"}; !slices.Equal(came, want) {
				t.Errorf("%v came, want %v", came, want)
			}
		})
	}
	if err := (Config{}).Take(t.Context(), "kind", nil, nil); err == nil {
		t.Error("Take of nothing is no error")
	}
}
