package exchange_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"crafttalkd/actors/event"
	"crafttalkd/actors/knowledge"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/view/articles"
	"crafttalkd/transport/exchange"
)

// A shelf holds files by their hashes.
type shelf map[string][]byte

func (s shelf) put(content []byte) string {
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:])
	s[hash] = content
	return hash
}

func (s shelf) open(hash string) (io.ReadCloser, error) {
	if s[hash] == nil {
		return nil, errors.New("there is no such file")
	}
	return io.NopCloser(bytes.NewReader(s[hash])), nil
}

// furnish gives every file of the entries bytes of its own.
func (s shelf) furnish(r *rand.Rand, items []knowledge.Item) {
	give := func(list []*event.Attachment) {
		for _, f := range list {
			if f.Blob != "" {
				content := fmt.Appendf(nil, "%d %s", r.Uint64(), strings.Repeat("x", r.IntN(2000)))
				f.Blob, f.Size = s.put(content), int64(len(content))
			}
		}
	}
	for _, item := range items {
		switch v := item.Entry.(type) {
		case *event.Article:
			for _, x := range v.Answers {
				give(x.Attachments)
			}
		case *event.Slot:
			give(v.Question.GetAttachments())
			give(v.Confirmation.GetAttachments())
		}
	}
}

// proves KB-04: an archive that is handed out and read again has the same
// entries, and every file with its bytes.
func TestKB04_ArchiveRoundTrip(t *testing.T) {
	held := 0
	for seed := range uint64(100) {
		r, files := rand.New(rand.NewPCG(seed, 2)), shelf{}
		items := (&author{r}).items()
		files.furnish(r, items)
		base, want := baseOf(t, items)
		var out bytes.Buffer
		if err := exchange.WriteZip(&out, base, now, files.open); err != nil {
			t.Fatal(err)
		}
		a, err := readZip(out.Bytes())
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if items, err = a.Book.Items(articles.Of(), func() string { return "made-up" }); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		_, got := baseOf(t, items)
		differ(t, fmt.Sprintf("seed %d", seed), values(got), values(want))
		if len(a.Hashes()) != len(files) {
			t.Errorf("seed %d: %d files, want %d", seed, len(a.Hashes()), len(files))
		}
		for _, hash := range a.Hashes() {
			size, ok := a.Size(hash)
			if content := contentOf(t, a, hash); !ok || size != int64(len(content)) || !bytes.Equal(content, files[hash]) {
				t.Errorf("seed %d: file %s is another", seed, hash)
			}
			held++
		}
	}
	if held < 50 {
		t.Errorf("%d files went there and back, want more", held)
	}
}

func readZip(b []byte) (*exchange.Archive, error) {
	return exchange.ReadZip(bytes.NewReader(b), int64(len(b)), 1<<20)
}

func contentOf(t testing.TB, a *exchange.Archive, hash string) []byte {
	t.Helper()
	f, err := a.Open(hash)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// An export that can't be finished leaves nothing that reads as an archive.
func TestArchiveThatBrokeOff(t *testing.T) {
	items, _ := take(exchange.ReadJSON, bookOf(strings.Repeat("0", 64)))
	base, _ := baseOf(t, items)
	var out bytes.Buffer
	if err := exchange.WriteZip(&out, base, now, shelf{}.open); err == nil {
		t.Error("a file that is not there is handed out")
	}
	if _, err := readZip(out.Bytes()); err == nil {
		t.Error("half an archive is read as a whole one")
	}
}

// bookOf is a book with an article that has files.
func bookOf(hashes ...string) string {
	var list []string
	for _, h := range hashes {
		list = append(list, fmt.Sprintf(`{"blob":%q,"name":"f"}`, h))
	}
	return fmt.Sprintf(`{"version":1,"articles":[{"identifier":"a","answers":[{"text":"x","files":[%s]}]}]}`, strings.Join(list, ","))
}

// packed makes an archive of pairs of names and contents.
func packed(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(pairs); i += 2 {
		f, err := w.Create(pairs[i])
		if err == nil {
			_, err = io.WriteString(f, pairs[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// proves KB-04: whatever an archive says of itself, it is refused before it
// takes more than it may, and what is wrong is said.
func TestKB04_EvilArchives(t *testing.T) {
	files := shelf{}
	small, large, bomb := files.put([]byte("small")), files.put(make([]byte, 1<<20+1)), files.put(make([]byte, 1<<20))
	damaged := packed(t, "articles.json", bookOf(small), "files/"+small, "small")
	damaged = bytes.Replace(damaged, []byte("files/"+small), []byte("files/"+small[:63]+"g"), 1)
	var many []string
	for i := range 90_000 {
		many = append(many, fmt.Sprintf("%064x", i), "")
	}
	for _, tt := range []struct {
		name string
		zip  []byte
		want string
	}{
		{"nothing", nil, "the file is not a zip archive"},
		{"no archive", []byte(bookOf()), "the file is not a zip archive"},
		{"cut off", packed(t, "articles.json", bookOf())[:60], "the file is not a zip archive"},
		{"no book", packed(t, "ARTICLES.JSON", bookOf()), "the archive has no articles.json"},
		{"a book elsewhere", packed(t, "../articles.json", bookOf()), "the archive has no articles.json"},
		{"two books", packed(t, "articles.json", bookOf(), "articles.json", "{}"), `"articles.json" is in the archive twice`},
		{"no JSON", packed(t, "articles.json", "\n{"), "line 2: the file is not JSON"},
		{"a book without end", packed(t, "articles.json", strings.Repeat(" ", 64<<20+1)), "articles.json is larger than 67108864 bytes"},
		{"other bytes", packed(t, "articles.json", bookOf(small), "files/"+small, "other"), "files/" + small + " of the archive is damaged: its bytes are not those of its name"},
		{"too large", packed(t, "articles.json", bookOf(large), "files/"+large, string(files[large])), "the files of the archive are larger than it may hold"},
		{"too large for one", append(make([]byte, 1<<20), packed(t, "articles.json", bookOf(large), "files/"+large, string(files[large]))...), "files/" + large + " is larger than 1048576 bytes"},
		{"a bomb", packed(t, "articles.json", bookOf(bomb), "files/"+bomb, string(files[bomb])), "the files of the archive are larger than it may hold"},
		{"many", packed(t, many...), "the archive has too many entries"},
		{"a name that lies", damaged, ""},
	} {
		_, err := readZip(tt.zip)
		if got := fmt.Sprint(err); got != tt.want && tt.want != "" {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		if err != nil && refusal.KindOf(err) != refusal.Invalid {
			t.Errorf("%s: %v is no refusal", tt.name, err)
		}
	}
	a, err := readZip(packed(t, "articles.json", bookOf(small, "../../etc/passwd", strings.Repeat("f", 64)), "files/"+small, "small",
		"files/../../etc/passwd", "root", "files/"+large, string(files[large]), "__MACOSX/._articles.json", "x"))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(a.Hashes()); got != "["+small+"]" {
		t.Errorf("files are %s, want the one that the book names and that is what it says", got)
	}
}

// FuzzArchives: whatever an archive is, it is refused as such, or each of its
// files is what its name says.
func FuzzArchives(f *testing.F) {
	files := shelf{}
	hash := files.put([]byte("small"))
	f.Add(packed(f, "articles.json", bookOf(hash), "files/"+hash, "small"))
	f.Add(packed(f, "articles.json", bookOf(hash, hash), "files/"+hash, "other", "x", ""))
	f.Add([]byte("PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00\x2e\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := readZip(b)
		if err != nil {
			if _, faults := errors.AsType[*knowledge.Faults](err); !faults && refusal.KindOf(err) != refusal.Invalid {
				t.Errorf("%v is no refusal", err)
			}
			return
		}
		for _, hash := range a.Hashes() {
			sum := sha256.Sum256(contentOf(t, a, hash))
			if hex.EncodeToString(sum[:]) != hash {
				t.Errorf("%s has the bytes of %x", hash, sum)
			}
		}
	})
}
