package agent

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// FilePath is where an external agent fetches what came with a message, with
// its token behind it.
const FilePath = "/agent/v1/files/"

// fileLife is how long such an address is good.
const fileLife = 24 * time.Hour

// forFiles is the use of the tokens of files.
const forFiles = "file"

// A badge is what the token of a file says. It names the file and not its
// bytes, which may still be on their way from the messenger.
type badge struct {
	Conversation string `json:"c"`
	Message      string `json:"m"`
	File         string `json:"f"`
	Until        int64  `json:"u"` // seconds
}

var (
	errNoBadge = refusal.New(refusal.Denied, "this link is not good, or not any more")
	errNoFile  = refusal.New(refusal.NotFound, "there is no such file, or it could not be fetched")
	errComing  = refusal.New(refusal.Busy, "the file is still on its way; try again in a moment")
)

// addressed gives the files of a message their addresses.
func (r *Runner) addressed(s Scene, m *OccasionMessage) *OccasionMessage {
	if r.Public == "" || m == nil {
		return m
	}
	end := r.Now().Add(fileLife).Truncate(time.Second).UTC()
	for i, f := range s.Last.Content.GetAttachments() {
		m.Attachments[i].URL = strings.TrimSuffix(r.Public, "/") + FilePath + r.seal(forFiles, badge{s.ID, m.MessageID, f.AttachmentId, end.Unix()})
		m.Attachments[i].URLUntil = &end
	}
	return m
}

// File answers with a file that came with a customer's message.
func (r *Runner) File(w http.ResponseWriter, req *http.Request) {
	if err := r.file(w, req); err != nil {
		r.Refuse(w, req, err)
	}
}

func (r *Runner) file(w http.ResponseWriter, req *http.Request) error {
	_, token, _ := strings.Cut(req.URL.Path, FilePath)
	var b badge
	if !r.unseal(forFiles, token, &b) || !r.Now().Before(time.Unix(b.Until, 0)) {
		return errNoBadge
	}
	a, err := r.attached(b)
	switch {
	case err != nil:
		return err
	case a == nil || a.Failure != "":
		return errNoFile
	case a.Blob == "":
		return errComing
	}
	return r.Serve(w, req, b.Conversation, a)
}

// attached is the file as it is known by now, nil if there is none any more.
func (r *Runner) attached(b badge) (found *event.Attachment, err error) {
	for e, err := range r.Journal.Durable(event.ConversationStream+b.Conversation, 0) {
		if err != nil {
			return nil, fmt.Errorf("read conversation %s: %w", b.Conversation, err)
		}
		switch f := e.Event.(type) {
		case *event.MessageReceived:
			if f.MessageId == b.Message {
				found = called(f.Content.GetAttachments(), b.File)
			}
		case *event.AttachmentFetched:
			if f.MessageId == b.Message && f.Attachment.GetAttachmentId() == b.File {
				found = f.Attachment
			}
		}
	}
	return found, nil
}

func called(list []*event.Attachment, id string) *event.Attachment {
	i := slices.IndexFunc(list, func(a *event.Attachment) bool { return a.AttachmentId == id })
	if i < 0 {
		return nil
	}
	return list[i]
}
