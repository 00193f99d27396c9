package visitor

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// Settings of a widget's account. What is left out is as [Defaults] says.
type Settings struct {
	// Sites are the origins whose pages may show the widget; all if there are none.
	Sites []string `json:"sites"`
	// Rate is how many frames a second one visitor may send; 0 stands for 20.
	Rate float64 `json:"rate"`

	Looks
	// Logo is a picture, as a data: address.
	Logo string `json:"logo"`
	// Texts are the widget's words in other words, by language and name.
	Texts map[string]map[string]string `json:"texts"`
}

// Looks are what a page is told as it is.
type Looks struct {
	Style     string   `json:"style"`    // classic, light, square
	Theme     string   `json:"theme"`    // auto, light, dark
	Position  string   `json:"position"` // right, left
	Accent    string   `json:"accent"`   // #rrggbb
	Radius    *int     `json:"radius"`   // pixels
	Languages []string `json:"languages"`
	PreChat   []Field  `json:"prechat"`
	Files     Files    `json:"files"`
	Rating    *bool    `json:"rating"` // ask for one after the end
}

// A Field is asked for before the chat begins.
type Field struct {
	Name     string            `json:"name"`
	Required bool              `json:"required,omitempty"`
	Cyrillic bool              `json:"cyrillic,omitempty"` // Russian letters alone
	Label    map[string]string `json:"label,omitempty"`    // by language
}

// Files are the limits of what a visitor may send.
type Files struct {
	Enabled  *bool    `json:"enabled"`
	MaxSize  int64    `json:"max_size"`  // bytes
	MaxCount int      `json:"max_count"` // in one message
	Accept   []string `json:"accept"`    // as a file field takes it: image/*, .pdf; everything if empty
}

// Bounds of the settings.
const (
	mostSites   = 100
	longestText = 500       // characters
	largestLogo = 64 << 10  // characters of the data: address
	mostRadius  = 40        // pixels
	mostFiles   = 20        // in one message
	anyRate     = 1_000_000 // frames a second
)

var (
	colour     = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	acceptable = regexp.MustCompile(`^(\.[A-Za-z0-9]{1,10}|[a-z]+/(\*|[A-Za-z0-9.+-]+))$`)
	logoForm   = regexp.MustCompile(`^data:(image/(?:png|jpeg|webp|svg\+xml));base64,([A-Za-z0-9+/]+={0,2})$`)
)

// CheckSettings refuses settings that a widget could not be shown with, naming
// the field.
func CheckSettings(raw []byte) error {
	s, err := readSettings(raw)
	if err != nil {
		return err
	}
	for _, err := range []error{
		checkSites(s.Sites),
		bound("rate", s.Rate, anyRate),
		oneOf("style", s.Style, "classic", "light", "square"),
		oneOf("theme", s.Theme, "auto", "light", "dark"),
		oneOf("position", s.Position, "right", "left"),
		checkAccent(s.Accent),
		checkLogo(s.Logo),
		checkLanguages(s.Languages),
		checkTexts(s.Texts),
		checkPreChat(s.PreChat),
		checkFiles(s.Files),
	} {
		if err != nil {
			return err
		}
	}
	if s.Radius != nil {
		return bound("radius", float64(*s.Radius), mostRadius)
	}
	return nil
}

// readSettings reads strictly: a misspelt name would be a setting without effect.
func readSettings(raw []byte) (s Settings, err error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return s, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return s, refusal.Of("settings", "the widget's settings can't be read: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return s, nil
}

func settingsOf(a *event.Account) (s Settings) {
	// They were checked when they were put; what can't be read counts as unset.
	if json.Unmarshal([]byte(a.GetSettings()), &s) != nil {
		return Settings{}
	}
	return s
}

func refuse(field, text string, args ...any) error {
	return refusal.Of("settings."+field, text, args...)
}

func bound(field string, n, most float64) error {
	if n < 0 || n > most {
		return refuse(field, "this is 0 to %g", most)
	}
	return nil
}

// oneOf refuses what is none of the choices. Nothing is a choice too.
func oneOf(field, value string, choices ...string) error {
	if value != "" && !slices.Contains(choices, value) {
		return refuse(field, "this is one of %s", strings.Join(choices, ", "))
	}
	return nil
}

func checkSites(sites []string) error {
	if len(sites) > mostSites {
		return refuse("sites", "at most %d sites may be named", mostSites)
	}
	for _, s := range sites {
		u, err := url.Parse(s)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.Trim(u.Path, "/") != "" ||
			u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			return refuse("sites", "%q is no origin such as https://shop.example", s)
		}
	}
	return nil
}

func checkAccent(c string) error {
	if c != "" && !colour.MatchString(c) {
		return refuse("accent", "a colour is written like #0b6e75")
	}
	return nil
}

func checkLogo(logo string) error {
	switch {
	case logo == "":
		return nil
	case len(logo) > largestLogo:
		return refuse("logo", "a logo is at most %d KiB", largestLogo>>10)
	}
	if _, _, ok := picture(logo); !ok {
		return refuse("logo", "a logo is a PNG, JPEG, WebP or SVG picture as a data: address in base64")
	}
	return nil
}

// picture takes a data: address apart.
func picture(logo string) (mime string, body []byte, ok bool) {
	m := logoForm.FindStringSubmatch(logo)
	if m == nil {
		return "", nil, false
	}
	body, err := base64.StdEncoding.DecodeString(m[2])
	return m[1], body, err == nil
}

func checkLanguages(languages []string) error {
	for _, l := range languages {
		if words[l] == nil {
			return refuse("languages", "the widget does not speak %q", l)
		}
	}
	return nil
}

func checkTexts(texts map[string]map[string]string) error {
	for language, own := range texts {
		if words[language] == nil {
			return refuse("texts", "the widget does not speak %q", language)
		}
		for name, text := range own {
			var word string
			switch {
			case json.Unmarshal(words[language][name], &word) != nil:
				return refuse("texts."+language, "there is no text %q to be changed", name)
			case utf8.RuneCountInString(text) > longestText:
				return refuse("texts."+language, "%s: a text is at most %d characters", name, longestText)
			}
		}
	}
	return nil
}

func checkPreChat(fields []Field) error {
	var seen []string
	for _, f := range fields {
		switch {
		case !slices.Contains(known, f.Name):
			return refuse("prechat", "a field is one of %s", strings.Join(known, ", "))
		case slices.Contains(seen, f.Name):
			return refuse("prechat", "the field %s is asked for twice", f.Name)
		case f.Cyrillic && f.Name != "fname" && f.Name != "lname":
			return refuse("prechat", "only names can be asked for in Russian letters")
		}
		seen = append(seen, f.Name)
		for _, label := range f.Label {
			if utf8.RuneCountInString(label) > longestText {
				return refuse("prechat", "a label is at most %d characters", longestText)
			}
		}
	}
	return nil
}

func checkFiles(f Files) error {
	for _, a := range f.Accept {
		if !acceptable.MatchString(a) {
			return refuse("files.accept", "%q is neither like .pdf nor like image/png or image/*", a)
		}
	}
	if err := bound("files.max_count", float64(f.MaxCount), mostFiles); err != nil {
		return err
	}
	return bound("files.max_size", float64(f.MaxSize), largestFile)
}
