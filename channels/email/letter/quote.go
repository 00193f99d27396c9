package letter

import (
	"regexp"
	"strings"
)

// Visible is what the sender has written now, without what is quoted from before
// and without the signature, and whether anything was left out. If nothing would
// remain, because the answers stand within the quote, it is all of it. A
// forwarded mail is kept whole.
func (l Letter) Visible() (s string, cut bool) {
	all := strings.TrimSpace(l.Text)
	if forwarded(l.Head.Text("Subject"), all) {
		return all, false
	}
	s = all
	if l.HTML != "" && s == strings.TrimSpace(Plain(l.HTML)) {
		s = Plain(l.HTML[:quoteInHTML(l.HTML)])
	}
	s = unquoted(s)
	if s == "" {
		return all, false
	}
	return s, s != all
}

// forwards begin the subjects of mails that were passed on.
var forwards = regexp.MustCompile(`(?i)^\s*(fwd?|пересл|wg|tr|пер)\s*(\[\d+\])?\s*:`)

// passedOn is the line above a mail that was passed on.
var passedOn = regexp.MustCompile(`(?im)^[\s>]*-{2,}\s*(forwarded message|пересылаемое сообщение|пересланное сообщение|пересланное письмо|конец пересылаемого сообщения)`)

func forwarded(subject, s string) bool {
	return forwards.MatchString(subject) || passedOn.MatchString(s)
}

// headings stand above a quote, on one line or on several that were folded.
var headings = []*regexp.Regexp{
	regexp.MustCompile(`(?i)^on\b.{4,300}\bwrote\s*:\s*$`),
	regexp.MustCompile(`(?i)^.{0,250}\d.{0,250}\b(wrote|writes)\s*:\s*$`),
	regexp.MustCompile(`(?i)^.{0,300}\d.{0,300}(написала?|написал\(а\)|написали|пишет|писала?|писал\(а\)|пише|написав)\s*:\s*$`),
	regexp.MustCompile(`(?i)^le\b.{4,300}a écrit\s*:\s*$`),
	regexp.MustCompile(`(?i)^am\b.{4,300}schrieb\b.{0,100}:\s*$`),
	regexp.MustCompile(`(?i)^.{0,40}\d{1,2}[./\s].{2,60}\d{1,2}:\d{2}.{0,200}<[^<>\s]+@[^<>\s]+>\s*:\s*$`),
}

// Lines that begin a block about the mail that is quoted.
var (
	original = regexp.MustCompile(`(?i)^\s*-{3,}\s*(original message|исходное сообщение|original-nachricht|оригинальное сообщение|исходное письмо)\s*-{3,}\s*$`)
	blockOf  = regexp.MustCompile(`(?i)^\s*\*?(from|от|від|von|de|от кого)\s*:\*?\s*\S`)
	blockAt  = regexp.MustCompile(`(?i)^\s*\*?(sent|date|отправлено|дата|gesendet|envoyé|надіслано)\s*:\*?`)
	blockTo  = regexp.MustCompile(`(?i)^\s*\*?(to|кому|an|à|subject|тема)\s*:\*?`)
	rule     = regexp.MustCompile(`^\s*[_-]{20,}\s*$`)
	mobile   = regexp.MustCompile(`(?i)^\s*(отправлено с|отправлено из|sent from my|sent from|надіслано з|посланo с|get outlook for|получить outlook для)\b?.{0,80}$`)
)

// mostLines is how many lines are looked at for the beginning of a quote.
const mostLines = 5000

// unquoted is s up to where the quote, or the signature, begins.
func unquoted(s string) string {
	lines := strings.Split(s, "\n")
	end := len(lines)
	for i := range min(len(lines), mostLines) {
		if begins(lines, i) {
			end = i
			break
		}
	}
	lines = lines[:end]
	return strings.TrimSpace(strings.Join(trimQuoted(lines), "\n"))
}

// begins tells whether a quote or a signature begins at a line.
func begins(lines []string, i int) bool {
	return starts(lines, i) || len(lines[i]) < 200 && mobile.MatchString(lines[i]) && near(lines, i)
}

// starts is begins without the signatures of telephones.
func starts(lines []string, i int) bool {
	l := strings.TrimRight(lines[i], "\r")
	if l == "-- " || l == "--" && i > 0 || strings.Contains(l, "---") && original.MatchString(l) {
		return true
	}
	if rule.MatchString(l) && block(lines, next(lines, i+1)) {
		return true
	}
	return block(lines, i) || heading(lines, i)
}

// near tells whether a line that mobile programs sign with has nothing after it
// but a quote or an end.
func near(lines []string, i int) bool {
	n := next(lines, i+1)
	return n == len(lines) || strings.HasPrefix(strings.TrimSpace(lines[n]), ">") || starts(lines, n)
}

// next is the first line from i that is not empty, not looking far.
func next(lines []string, i int) int {
	for most := min(i+20, len(lines)); i < most && strings.TrimSpace(lines[i]) == ""; {
		i++
	}
	return i
}

// block tells whether a block such as From, Sent, To begins at a line.
func block(lines []string, i int) bool {
	if i >= len(lines) || !strings.Contains(lines[i], ":") || !blockOf.MatchString(lines[i]) {
		return false
	}
	at, to := false, false
	for _, l := range lines[i+1 : min(i+6, len(lines))] {
		at = at || blockAt.MatchString(l)
		to = to || blockTo.MatchString(l)
	}
	return at && to
}

// heading tells whether a line, or up to three that were folded, stand above a
// quote.
func heading(lines []string, i int) bool {
	joined := ""
	for _, l := range lines[i:min(i+3, len(lines))] {
		l = strings.TrimSpace(l)
		if l == "" || strings.HasPrefix(l, ">") {
			return false
		}
		joined = strings.TrimSpace(joined + " " + l)
		if len(joined) > 600 {
			return false
		}
		if !strings.HasSuffix(joined, ":") {
			continue
		}
		for _, h := range headings {
			if h.MatchString(joined) {
				return joined == l || folded(lines[i])
			}
		}
	}
	return false
}

// dated is what the first line of a folded heading has: a date, or an address.
var dated = regexp.MustCompile(`(?i)^(on|le|am)\s|^(пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)\b|\d{1,2}[./\s-].{2,12}\d{2,4}`)

func folded(first string) bool { return dated.MatchString(strings.TrimSpace(first)) }

// trimQuoted drops the lines at the end that are quoted with an angle bracket.
func trimQuoted(lines []string) []string {
	end := len(lines)
	for end > 0 {
		l := strings.TrimSpace(lines[end-1])
		if l != "" && !strings.HasPrefix(l, ">") {
			break
		}
		end--
	}
	return lines[:end]
}

// answers begin the subjects of answers and of what was passed on.
var answers = regexp.MustCompile(`(?i)^\s*((re|fwd?|fw|отв|на|ответ|пересл|пер|aw|wg|sv|vs|tr|antw|res)\s*(\[\d+\]|\(\d+\)|\^\d+)?\s*:|\[[^\]]{1,40}\])\s*`)

// Base is a subject without what answering adds to it, for comparing.
func Base(subject string) string {
	subject = clip(subject, 1000)
	for {
		s := answers.ReplaceAllString(subject, "")
		if s == subject || s == "" {
			return strings.TrimSpace(subject)
		}
		subject = s
	}
}
