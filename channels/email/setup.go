package email

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// Probe logs in to both servers, opens the folders and sends nothing. It
// implements [channels.Prober].
func (c *Channel) Probe(ctx context.Context) (who channels.Identity, err error) {
	if err := c.probeIMAP(ctx); err != nil {
		return who, fmt.Errorf("IMAP: %w", err)
	}
	if err := c.probeSMTP(ctx); err != nil {
		return who, fmt.Errorf("SMTP: %w", err)
	}
	return channels.Identity{Name: cmp.Or(c.settings.Name, c.settings.Address), Handle: c.settings.Address, URL: "mailto:" + c.settings.Address}, nil
}

func (c *Channel) probeIMAP(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s, err := c.login(ctx)
	if err != nil {
		return c.plain(err)
	}
	defer s.Close()
	for _, f := range []struct{ field, folder string }{
		{"folder", c.settings.Folder}, {"move_to", c.settings.MoveTo}, {"sent_folder", c.settings.SentFolder}} {
		if f.folder == "" {
			continue
		}
		if _, err := s.pick(f.folder); refusedBy(err) {
			return refusal.Of("settings."+f.field, "there is no folder %q", f.folder)
		} else if err != nil {
			return err
		}
	}
	return nil
}

func (c *Channel) probeSMTP(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	client, err := c.client(ctx)
	if err != nil {
		return err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return c.judge(err)
	}
	c.welcomed(thePost)
	return errors.Join(client.Close())
}

// Link makes the address that a customer writes to, so that the letter brings
// the token. It implements [channels.Linker].
func (c *Channel) Link(_ context.Context, token string) (string, error) {
	local, domain, _ := strings.Cut(c.settings.Address, "@")
	if c.settings.PlusAddressing {
		return "mailto:" + url.PathEscape(local+"+"+token) + "@" + domain, nil
	}
	return "mailto:" + url.PathEscape(local) + "@" + domain + "?subject=" + url.PathEscape("[#"+token+"]"), nil
}
