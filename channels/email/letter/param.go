package letter

import (
	"fmt"
	"mime"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
)

// params reads a value such as text/plain; charset="koi8-r". It takes values
// without quotes whatever they hold: boundaries with = and ? in them are common.
func params(s string) (value string, of map[string]string) {
	of = map[string]string{}
	pieces := semicolons(s)
	value = strings.ToLower(strings.TrimSpace(pieces[0]))
	value, _, _ = strings.Cut(value, " ")
	for _, p := range pieces[1:] {
		k, v, ok := strings.Cut(p, "=")
		k = strings.ToLower(strings.TrimSpace(k))
		if _, twice := of[k]; !ok || k == "" || twice {
			continue
		}
		v = strings.TrimSpace(v)
		if strings.HasPrefix(v, `"`) {
			v = unescapeQuotes(strings.TrimSuffix(v[1:], `"`))
		}
		of[k] = v
	}
	return value, of
}

// unescapeQuotes is unescape for names of files: a backslash that hides nothing
// is part of a path of Windows.
func unescapeQuotes(s string) string {
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(s)
}

// semicolons parts s at the semicolons outside of quotes.
func semicolons(s string) (out []string) {
	quoted, start := false, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ';' && !quoted:
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return append(out, s[start:])
}

// param is a parameter as people read it: as RFC 2231 writes it, in parts or
// not, or with encoded words in it, or simply there.
func param(of map[string]string, key string) string {
	if v, ok := of[key+"*"]; ok {
		return extended([]piece{{v, true}})
	}
	var pieces []piece
	for n := range 1000 {
		k := key + "*" + strconv.Itoa(n)
		if v, ok := of[k+"*"]; ok {
			pieces = append(pieces, piece{v, true})
		} else if v, ok := of[k]; ok {
			pieces = append(pieces, piece{v, false})
		} else {
			break
		}
	}
	if len(pieces) > 0 {
		return extended(pieces)
	}
	return words(of[key])
}

// A piece is a part of a value by RFC 2231.
type piece struct {
	s       string
	percent bool // it is written with percent signs
}

// extended puts pieces together; the first names the charset.
func extended(pieces []piece) string {
	var name string
	var b []byte
	for i, p := range pieces {
		s := p.s
		if i == 0 && p.percent {
			if parts := strings.SplitN(s, "'", 3); len(parts) == 3 {
				name, s = parts[0], parts[2]
			}
		}
		if p.percent {
			b = append(b, unpercent(s)...)
		} else {
			b = append(b, s...)
		}
	}
	return decode(b, name)
}

func unpercent(s string) []byte {
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b = append(b, byte(n))
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return b
}

// longestName is how many bytes the name of a file may have.
const longestName = 200

// fileName is the name of a part as a file.
func fileName(h Head, kind string, n int) string {
	_, d := params(h.Get("Content-Disposition"))
	_, t := params(h.Get("Content-Type"))
	for _, s := range []string{param(d, "filename"), param(t, "name"), param(d, "name")} {
		if s = safeName(s); s != "" {
			return s
		}
	}
	return fmt.Sprintf("attachment-%d%s", n, extension(kind))
}

// safeName is s without what leads elsewhere or deceives; empty if nothing is
// left.
func safeName(s string) string {
	s = path.Base("/" + strings.ReplaceAll(line(s), `\`, "/"))
	s = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/:*?"<>|`, r) {
			return '_'
		}
		return r
	}, strings.TrimPrefix(s, "/")), " ")
	if strings.Trim(s, "._ ") == "" {
		return ""
	}
	if len(s) > longestName {
		ext := path.Ext(s)
		if len(ext) > 20 {
			ext = ""
		}
		s = clip(s[:len(s)-len(ext)], longestName-len(ext)) + ext
	}
	return s
}

// clip is the longest beginning of s of at most n bytes that parts no letter.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// extensions are those that package mime would choose badly.
var extensions = map[string]string{"text/plain": ".txt", "text/html": ".html", "image/jpeg": ".jpg", "text/calendar": ".ics",
	"message/rfc822": ".eml", "application/octet-stream": ".bin", "image/tiff": ".tiff", "audio/mpeg": ".mp3"}

func extension(kind string) string {
	if e, ok := extensions[kind]; ok {
		return e
	}
	found, err := mime.ExtensionsByType(kind)
	if err != nil || len(found) == 0 {
		return ".bin"
	}
	return found[0]
}
