package knowledge

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// Bounds of an article. Manual: as many questions, answers and buttons as
// wanted; these are far beyond what one wants.
const (
	maxID          = 64 // characters, as in the directory
	maxName        = 200
	maxTitle       = 300
	maxQuestions   = 1000
	maxQuestion    = 500
	maxSlots       = 50
	maxAnswers     = 100
	maxAnswer      = 10_000
	maxButtons     = 100
	maxCaption     = 200
	maxAttachments = 20
	maxURL         = 2000
	maxAudience    = 200
	maxConditions  = 100 // in an answer, in all its sets
	maxValue       = 1000
)

var (
	plainID  = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	spokenID = regexp.MustCompile(`^[\p{L}\p{N}_-]+$`)
	webPage  = regexp.MustCompile(`^https?://[^\s"'<>\\^` + "`" + `|]+$`)
	blobName = regexp.MustCompile(`^[0-9a-f]{64}$`)
	bcp47    = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)
)

// checkArticle refuses what an article can't say. Manual: Статьи БЗ для
// справочников и ответов.
func (b base) checkArticle(a *event.Article) error {
	if err := firstOf(
		checkText("title", a.Title, 0, maxTitle),
		checkQuestions(a.Questions),
		checkRouting(a.Routing),
	); err != nil {
		return err
	}
	switch {
	case a.TypeId != "" && !b.has(articleType, a.TypeId):
		return refusal.Of("type_id", "there is no article type %q", a.TypeId)
	case event.AnswerPolicy_name[int32(a.Policy)] == "":
		return refusal.Of("policy", "there is no such policy")
	case a.TopicId != "" && !plainID.MatchString(a.TopicId):
		return refusal.Of("topic_id", "there is no topic %q", a.TopicId)
	}
	return firstOf(b.checkSlots(a), b.checkAnswers(a))
}

func checkQuestions(questions []string) error {
	if len(questions) > maxQuestions {
		return refusal.Of("questions", "an article has at most %d questions", maxQuestions)
	}
	seen := map[string]bool{}
	for i, q := range questions {
		field := "questions." + strconv.Itoa(i)
		if err := checkText(field, q, 1, maxQuestion); err != nil {
			return err
		}
		if seen[q] {
			return refusal.Of(field, "the question is there twice")
		}
		seen[q] = true
	}
	return nil
}

func checkRouting(r *event.Routing) error {
	switch {
	case r.GetLineId() != "" && !isSpoken(r.GetLineId()):
		return refusal.Of("routing.line_id", "there is no line %q", r.GetLineId())
	case r.GetLanguage() != "" && !bcp47.MatchString(r.GetLanguage()):
		return refusal.Of("routing.language", "there is no language %q", r.GetLanguage())
	case len(r.GetSkills()) > maxAudience:
		return refusal.Of("routing.skills", "at most %d can be chosen", maxAudience)
	}
	for _, k := range r.GetSkills() {
		if !isSpoken(k) {
			return refusal.Of("routing.skills", "there is no skill %q", k)
		}
	}
	return nil
}

func (b base) checkSlots(a *event.Article) error {
	if len(a.SlotIds) > maxSlots {
		return refusal.Of("slot_ids", "a survey asks for at most %d slots", maxSlots)
	}
	for i, id := range a.SlotIds {
		switch field := "slot_ids." + strconv.Itoa(i); {
		case !b.has(slot, id):
			return refusal.Of(field, "there is no slot %q", id)
		case slices.Contains(a.SlotIds[:i], id):
			return refusal.Of(field, "the slot is there twice")
		}
	}
	return nil
}

func (b base) checkAnswers(a *event.Article) error {
	if len(a.Answers) > maxAnswers {
		return refusal.Of("answers", "an article has at most %d answers", maxAnswers)
	}
	ids := map[string]bool{}
	for i, x := range a.Answers {
		at := "answers." + strconv.Itoa(i)
		if ids[x.GetAnswerId()] {
			return refusal.Of(at+".answer_id", "the answer is there twice")
		}
		ids[x.GetAnswerId()] = true
		if err := b.checkAnswer(a, x, at); err != nil {
			return err
		}
	}
	return nil
}

func (b base) checkAnswer(a *event.Article, x *event.Answer, at string) error {
	if err := firstOf(
		checkID(at+".answer_id", x.GetAnswerId()),
		checkText(at+".text", x.Text, 0, maxAnswer),
		checkCommand(at+".text", x),
		checkAttachments(at+".attachments", x.Attachments),
		b.checkButtons(a, at+".buttons", x.Buttons),
		checkAudience(at+".audience", x.Audience),
		b.checkConditions(at+".conditions", x.Conditions),
	); err != nil {
		return err
	}
	if strings.TrimSpace(x.Text) == "" && len(x.Attachments) == 0 && len(x.Buttons) == 0 {
		return refusal.Of(at+".text", "an answer says something, or has a file or a button")
	}
	return nil
}

// command begins an answer that hands the conversation over.
const command = "/redirect"

func isCommand(text string) bool {
	words := strings.Fields(text)
	return len(words) > 0 && words[0] == command
}

// checkCommand refuses an answer that would hand the conversation over, and
// does not say to whom or says more. Manual: Подключение интеграций.
func checkCommand(field string, x *event.Answer) error {
	if !isCommand(x.Text) {
		return nil
	}
	words := strings.Fields(x.Text)
	switch {
	case len(words) != 2 || len(words[1]) > maxID:
		return refusal.Of(field, "an answer that hands over is %s and the agent, and nothing else", command)
	case len(x.Attachments) > 0 || len(x.Buttons) > 0:
		return refusal.Of(field, "an answer that hands over has no files and no buttons")
	}
	return nil
}

func checkAttachments(field string, list []*event.Attachment) error {
	if len(list) > maxAttachments {
		return refusal.Of(field, "there are at most %d files", maxAttachments)
	}
	for i, f := range list {
		at := fmt.Sprintf("%s.%d", field, i)
		switch {
		case f.Blob == "" && f.Source == "":
			return refusal.Of(at, "a file was uploaded before, or has an address")
		case f.Blob != "" && !blobName.MatchString(f.Blob):
			return refusal.Of(at+".blob", "a file is named by its SHA-256")
		case f.Source != "" && (len(f.Source) > maxURL || !webPage.MatchString(f.Source)):
			return refusal.Of(at+".source", "a document is at http:// or https://")
		case f.Size < 0 || f.Failure != "":
			return refusal.Of(at, "a file was uploaded before, or has an address")
		}
		if err := firstOf(checkText(at+".name", f.Name, 0, maxName), checkText(at+".mime", f.Mime, 0, maxName),
			checkText(at+".attachment_id", f.AttachmentId, 0, maxName)); err != nil {
			return err
		}
	}
	return nil
}

func (b base) checkButtons(a *event.Article, field string, list []*event.ArticleButton) error {
	if len(list) > maxButtons {
		return refusal.Of(field, "an answer has at most %d buttons", maxButtons)
	}
	for i, x := range list {
		at := fmt.Sprintf("%s.%d", field, i)
		if err := checkText(at+".caption", x.Caption, 1, maxCaption); err != nil {
			return err
		}
		if x.ArticleId != a.ArticleId && !b.has(article, x.ArticleId) {
			return refusal.Of(at+".article_id", "there is no article %q", x.ArticleId)
		}
	}
	return nil
}

func checkAudience(field string, u *event.Audience) error {
	for _, list := range []struct {
		name string
		ids  []string
		fits func(string) bool
	}{
		{"center_ids", u.GetCenterIds(), isSpoken}, {"line_ids", u.GetLineIds(), isSpoken},
		{"skills", u.GetSkills(), isSpoken}, {"languages", u.GetLanguages(), bcp47.MatchString},
	} {
		at := field + "." + list.name
		if len(list.ids) > maxAudience {
			return refusal.Of(at, "at most %d can be chosen", maxAudience)
		}
		for i, id := range list.ids {
			if !list.fits(id) || slices.Contains(list.ids[:i], id) {
				return refusal.Of(at, "%q can't be chosen, or not twice", id)
			}
		}
	}
	return nil
}

func isSpoken(id string) bool {
	return utf8.RuneCountInString(id) <= maxID && spokenID.MatchString(id)
}

func checkID(field, id string) error {
	switch {
	case id == "":
		return refusal.Of(field, "the id is required")
	case len(id) > maxID || !plainID.MatchString(id):
		return refusal.Of(field, "an id is at most %d letters, digits, _ and -", maxID)
	}
	return nil
}

// checkText refuses a text that is too short, or too long.
func checkText(field, text string, least, most int) error {
	if n := utf8.RuneCountInString(strings.TrimSpace(text)); n < least || utf8.RuneCountInString(text) > most {
		return refusal.Of(field, "the text has %d to %d characters", least, most)
	}
	return nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
