package email

import (
	"cmp"
	"net"
	"net/mail"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// Abilities are those of mail. The largest file is what fits the 25 MB that
// most servers take, after base64.
var Abilities = channels.Abilities{
	Name: "E-mail", Caption: 1 << 20, Files: 20, Largest: 18 << 20,
	Pace: channels.Pace{PerSecond: 1, Burst: 10}, PerUser: channels.Pace{PerSecond: 0.5, Burst: 5},
	Tells: []channels.About{channels.Arrived, channels.Bounced}, Names: true, Links: true, ByID: true, Polls: true,
}

// Settings are the open settings of an account.
type Settings struct {
	Address string `json:"address"` // of the mailbox, as customers see it
	Name    string `json:"name"`    // beside it
	User    string `json:"user"`    // the address if empty
	Login   string `json:"login"`   // password or oauth2

	IMAPHost     string `json:"imap_host"`
	IMAPPort     int    `json:"imap_port"`
	IMAPSecurity string `json:"imap_security"` // tls, starttls or none
	SMTPHost     string `json:"smtp_host"`
	SMTPPort     int    `json:"smtp_port"`
	SMTPSecurity string `json:"smtp_security"`
	SMTPOpen     bool   `json:"smtp_open"` // the server takes letters without a password

	TokenURL string `json:"token_url"`
	ClientID string `json:"client_id"`
	Scope    string `json:"scope"`

	Folder     string `json:"folder"`      // INBOX if empty
	MoveTo     string `json:"move_to"`     // where letters go that are kept; they stay if empty
	SentFolder string `json:"sent_folder"` // where copies of our letters go; none if empty
	PollEvery  int    `json:"poll_every"`  // seconds, where the server can't tell by itself
	Megabytes  int    `json:"megabytes"`   // of the largest letter that is read whole

	Subject        string `json:"subject"`         // of a letter that answers none
	Signature      string `json:"signature"`       // under each letter
	SubjectTag     bool   `json:"subject_tag"`     // letters are known again by a tag in the subject
	PlusAddressing bool   `json:"plus_addressing"` // the server delivers support+anything@ to support@
	Bulk           bool   `json:"bulk"`            // newsletters are messages, too
	AuthServ       string `json:"authserv_id"`     // of the server whose Authentication-Results we believe
}

// Secrets are the secret settings of an account.
type Secrets struct {
	Password     string `json:"password"`
	ClientSecret string `json:"client_secret"`
	RefreshToken string `json:"refresh_token"`
}

// The ways to protect a connection, and to log in.
const (
	byTLS, byStartTLS, byNothing = "tls", "starttls", "none"
	byPassword, byOAuth2         = "password", "oauth2"
)

// parse reads the settings, or refuses them, naming the field.
func parse(c channels.Config) (s Settings, k Secrets, err error) {
	if err := channels.Strict(c.Settings, &s); err != nil {
		return s, k, refusal.Of("settings", "the settings are not those of a mailbox: %v", err)
	}
	if err := channels.Strict(c.Secrets, &k); err != nil {
		return s, k, refusal.Of("secrets", "the secrets are not those of a mailbox")
	}
	s.fill()
	return s, k, s.check(k)
}

// fill puts in what stands for nothing.
func (s *Settings) fill() {
	if a, err := mail.ParseAddress(s.Address); err == nil && a.Name == "" {
		s.Address = a.Address
	}
	s.User = cmp.Or(s.User, s.Address)
	s.Login = cmp.Or(s.Login, byPassword)
	s.IMAPSecurity = cmp.Or(s.IMAPSecurity, byTLS)
	s.SMTPSecurity = cmp.Or(s.SMTPSecurity, byTLS)
	s.IMAPPort = cmp.Or(s.IMAPPort, map[string]int{byTLS: 993}[s.IMAPSecurity], 143)
	s.SMTPPort = cmp.Or(s.SMTPPort, map[string]int{byTLS: 465, byStartTLS: 587}[s.SMTPSecurity], 25)
	s.Folder = cmp.Or(s.Folder, "INBOX")
	s.PollEvery = cmp.Or(s.PollEvery, 30)
	s.Megabytes = cmp.Or(s.Megabytes, 25)
	s.Subject = cmp.Or(s.Subject, "Сообщение от "+cmp.Or(s.Name, s.Address))
}

// check refuses what can't work.
func (s Settings) check(k Secrets) error {
	switch local, domain, _ := strings.Cut(s.Address, "@"); {
	case s.Address == "":
		return refusal.Of("settings.address", "the address of the mailbox is missing")
	case local == "" || !strings.Contains(domain, ".") || strings.ContainsAny(s.Address, " \r\n<>,;\""):
		return refusal.Of("settings.address", "this is not an address such as support@shop.example")
	case strings.ContainsAny(s.Name+s.Subject, "\r\n"):
		return refusal.Of("settings.name", "a name and a subject are one line")
	case s.PollEvery < 5 || s.PollEvery > 3600:
		return refusal.Of("settings.poll_every", "from 5 to 3600 seconds")
	case s.Megabytes < 1 || s.Megabytes > 100:
		return refusal.Of("settings.megabytes", "from 1 to 100 megabytes")
	case s.MoveTo == s.Folder:
		return refusal.Of("settings.move_to", "letters can't go where they are")
	}
	if err := checkServer("imap", s.IMAPHost, s.IMAPPort, s.IMAPSecurity); err != nil {
		return err
	}
	if err := checkServer("smtp", s.SMTPHost, s.SMTPPort, s.SMTPSecurity); err != nil {
		return err
	}
	return s.checkLogin(k)
}

func (s Settings) checkLogin(k Secrets) error {
	switch {
	case s.Login != byPassword && s.Login != byOAuth2:
		return refusal.Of("settings.login", "password or oauth2")
	case s.Login == byPassword && k.Password == "":
		return refusal.Of("secrets.password", "the password is missing")
	case s.Login == byOAuth2 && !strings.HasPrefix(s.TokenURL, "https://") && !strings.HasPrefix(s.TokenURL, "http://"):
		return refusal.Of("settings.token_url", "the address of the token service must begin with https://")
	case s.Login == byOAuth2 && s.ClientID == "":
		return refusal.Of("settings.client_id", "the id of the application is missing")
	case s.Login == byOAuth2 && k.RefreshToken == "":
		return refusal.Of("secrets.refresh_token", "the refresh token is missing")
	}
	return nil
}

// checkServer refuses a server that can't be called.
func checkServer(which, host string, port int, security string) error {
	switch {
	case host == "" || strings.ContainsAny(host, " /:@\r\n") && net.ParseIP(host) == nil:
		return refusal.Of("settings."+which+"_host", "the name of the server is needed, without https:// and port")
	case port < 1 || port > 65535:
		return refusal.Of("settings."+which+"_port", "there is no such port")
	case security != byTLS && security != byStartTLS && security != byNothing:
		return refusal.Of("settings."+which+"_security", "tls, starttls or none")
	case security == byNothing && !loopback(host):
		return refusal.Of("settings."+which+"_security", "passwords and letters go unprotected to this machine only")
	}
	return nil
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// largest is how many bytes of a letter are read.
func (s Settings) largest() int64 { return int64(s.Megabytes) << 20 }

func (s Settings) pollEvery() time.Duration { return time.Duration(s.PollEvery) * time.Second }

// normal is an address as it is compared, and as customers are told apart by it.
// RFC 5321 leaves it to the receiving server whether Ivan@ and ivan@ are two
// people; no server in use says so, and two cards of one customer would be
// worse. Letters go to the address as it was written.
func normal(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return strings.ToLower(address)
	}
	domain := strings.ToLower(strings.TrimSuffix(address[at+1:], "."))
	if d, err := idna.ToUnicode(domain); err == nil {
		domain = d
	}
	return strings.ToLower(address[:at]) + "@" + domain
}

// wire is an address as servers take it, with the domain in ASCII.
func wire(address string) (string, bool) {
	local, domain, ok := strings.Cut(address, "@")
	d, err := idna.Lookup.ToASCII(domain)
	if !ok || local == "" || err != nil || d == "" || strings.ContainsAny(local, " \t\r\n<>()[],;:\\\"@") {
		return "", false
	}
	return local + "@" + d, true
}
