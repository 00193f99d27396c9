package email

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"crafttalkd/channels"
)

// A chain is Exim, which takes letters and sends them back, before Dovecot, which
// keeps them: programs of others, without rights, on the loopback.
type chain struct {
	dir              string
	imap, lmtp, smtp int
	uid, gid         int
	tokens           *tokens // that let people in, too, where there are any
}

// programs are what the chain and its correspondents are made of, with the
// packages of Debian that bring them.
var programs = map[string]string{"dovecot": "dovecot-imapd dovecot-lmtpd dovecot-sieve", "exim4": "exim4-daemon-light",
	"swaks": "swaks", "mutt": "mutt", "s-nail": "s-nail"}

func newChain(t *testing.T, k *tokens) *chain {
	t.Helper()
	for program, packages := range programs {
		if _, err := find(program); err != nil {
			t.Fatalf("%s is needed: .ci/servers installs %s", program, packages)
		}
	}
	dir, err := os.MkdirTemp("", "chain")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	c := &chain{dir: dir, imap: free(t), lmtp: free(t), smtp: free(t), uid: os.Getuid(), gid: os.Getgid(), tokens: k}
	if c.uid == 0 {
		c.uid, c.gid = 65534, 65534 // nobody, nogroup
	}
	for _, d := range []string{"run", "lib", "mail", "sieve", "ex/spool", "ex/log"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	c.write(t, "sieve/away@x.test.sieve", "require [\"vacation\"];\nvacation :days 1 :subject \"I am away\" \"Back on Monday\";\n")
	if k != nil {
		c.conf(t, "oauth2.conf")
		c.conf(t, "tokens.conf")
	}
	c.own(t)
	c.start(t, "dovecot", "-F", "-c", c.conf(t, "dovecot.conf"))
	c.start(t, "exim4", "-C", c.conf(t, "exim.conf"), "-bdf", "-q1s", "-oX", strconv.Itoa(c.smtp))
	for _, port := range []int{c.imap, c.lmtp, c.smtp} {
		until(t, fmt.Sprintf("the server at port %d, see %s,", port, dir), func() bool {
			conn, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(port))
			if err == nil {
				conn.Close()
			}
			return err == nil
		})
	}
	return c
}

// find finds a program, also where ordinary people don't look for servers.
func find(program string) (string, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/" + program)
	}
	return path, err
}

func free(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func (c *chain) write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// conf fills in a configuration.
func (c *chain) conf(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/chain/" + name)
	if err != nil {
		t.Fatal(err)
	}
	u, err := user.LookupId(strconv.Itoa(c.uid))
	if err != nil {
		t.Fatal(err)
	}
	g, err := user.LookupGroupId(strconv.Itoa(c.gid))
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for strings.HasPrefix(text, "#") {
		_, text, _ = strings.Cut(text, "\n")
	}
	service := ""
	if c.tokens != nil {
		service = c.tokens.service.URL
	}
	return c.write(t, name, strings.NewReplacer("TOKENS", service, "DIR", c.dir, "USER", u.Username, "GROUP", g.Name,
		"IMAP", strconv.Itoa(c.imap), "LMTP", strconv.Itoa(c.lmtp), "SMTP", strconv.Itoa(c.smtp)).Replace(text))
}

// own gives the folder to whom the servers run as.
func (c *chain) own(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(c.dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(path, c.uid, c.gid)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// start starts a server, which ends with the test.
func (c *chain) start(t *testing.T, program string, args ...string) {
	t.Helper()
	path, err := find(program)
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(c.uid), Gid: uint32(c.gid)}}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
		if t.Failed() {
			t.Logf("%s said: %s", program, said.String())
		}
	})
}

// run runs a mail program of a customer to its end.
func (c *chain) run(t *testing.T, stdin, program string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "HOME="+c.dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", program, err, out)
	}
}

// post sends a letter that is written out.
func (c *chain) post(t *testing.T, from, raw string) {
	t.Helper()
	c.run(t, raw, "swaks", "--server", "127.0.0.1:"+strconv.Itoa(c.smtp), "--from", from, "--to", "support@x.test", "--data", "-", "--suppress-data")
}

func (c *chain) settings() Settings {
	return Settings{Address: "support@x.test", Name: "Лавка", IMAPHost: "127.0.0.1", IMAPPort: c.imap, IMAPSecurity: byNothing,
		SMTPHost: "127.0.0.1", SMTPPort: c.smtp, SMTPSecurity: byNothing, SMTPOpen: true}
}

// account opens a mailbox of the chain. The function cuts its connections.
func (c *chain) account(t *testing.T, d *desk, s Settings) (*Channel, func()) {
	t.Helper()
	config := d.config(t, s, Secrets{Password: "secret"})
	var mu sync.Mutex
	var all []net.Conn
	dial := config.Dial
	config.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err == nil {
			mu.Lock()
			all = append(all, conn)
			mu.Unlock()
		}
		return conn, err
	}
	ch, err := open(config)
	if err != nil {
		t.Fatal(err)
	}
	return ch, func() {
		mu.Lock()
		defer mu.Unlock()
		for _, conn := range all {
			conn.Close()
		}
		all = nil
	}
}

// enter logs in to a mailbox as a person.
func (c *chain) enter(t *testing.T, who string) *imapclient.Client {
	t.Helper()
	s, err := imapclient.DialInsecure("127.0.0.1:"+strconv.Itoa(c.imap), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Login(who, "secret").Wait(); err != nil {
		t.Fatal(err)
	}
	return s
}

// proves CH-12: Exim, Dovecot and the programs people write mail with agree with us
func TestChain(t *testing.T) {
	c := newChain(t, nil)
	d := newDesk()
	ch, cut := c.account(t, d, c.settings())
	if who, err := ch.Probe(t.Context()); err != nil || who.Handle != "support@x.test" {
		t.Fatalf("Probe = %+v, %v", who, err)
	}
	errs := polling(t, ch)
	settled(t, ch)
	t.Run("letters of programs", func(t *testing.T) { c.programs(t, d) })
	t.Run("a thread", func(t *testing.T) { c.thread(t, ch, d) })
	t.Run("a letter that comes back", func(t *testing.T) { bounces(t, ch, d) })
	t.Run("a customer who is away", func(t *testing.T) { away(t, ch, d) })
	t.Run("a cut", func(t *testing.T) {
		cut()
		if err := next(t, errs); err == nil {
			t.Error("Poll ended without an error")
		}
		c.post(t, "client@x.test", "From: client@x.test\nTo: support@x.test\nSubject: after\nMessage-ID: <after@x.test>\n\nafter the cut\n")
		if m := next(t, d.inbound); !strings.Contains(m.Content.Text, "after the cut") {
			t.Errorf("text %q", m.Content.Text)
		}
	})
	t.Run("one down, another up", func(t *testing.T) { c.neighbour(t, d) })
	t.Run("numbered anew", func(t *testing.T) { c.renumbered(t) })
}

// programs has swaks, mutt and s-nail write.
func (c *chain) programs(t *testing.T, d *desk) {
	const text = "Здравствуйте, это проверка"
	file := c.write(t, "Счёт за март.txt", "total 42")
	empty := c.write(t, "empty", "")
	url := "smtp://127.0.0.1:" + strconv.Itoa(c.smtp)
	c.run(t, text+"\n", "mutt", "-F", empty, "-e", "set charset=utf-8 send_charset=koi8-r copy=no", "-e", "set ssl_starttls=no ssl_force_tls=no smtp_url="+url,
		"-e", "set from=client@x.test realname=Иван", "-s", "Тема в koi8", "-a", file, "--", "support@x.test")
	m := next(t, d.inbound)
	if !strings.Contains(m.Content.Text, text) || !strings.HasPrefix(m.Content.Text, "Тема: Тема в koi8") || m.Fields["fname"] != "Иван" {
		t.Errorf("mutt: %q, %v", m.Content.Text, m.Fields)
	}
	if a := m.Content.Attachments; len(a) != 1 || a[0].Name != "Счёт за март.txt" || d.file(m, 0) != "total 42" {
		t.Errorf("mutt: the files are %+v", a)
	}
	c.run(t, text+"\n", "s-nail", "-:/", "-S", "v15-compat=yes", "-S", "ttycharset=utf-8", "-S", "sendcharsets=windows-1251", "-S", "mta="+url,
		"-S", "smtp-auth=none", "-S", "from=client@x.test", "-S", "hostname=x.test", "-S", "sendwait", "-s", "Тема в 1251", "support@x.test")
	if m := next(t, d.inbound); !strings.Contains(m.Content.Text, text) || !strings.Contains(m.Content.Text, "Тема в 1251") {
		t.Errorf("s-nail: %q", m.Content.Text)
	}
	c.run(t, "", "swaks", "--server", "127.0.0.1:"+strconv.Itoa(c.smtp), "--from", "client@x.test", "--to", "support@x.test",
		"--header", "Subject: from swaks", "--body", "hello from swaks", "--attach-type", "text/x-note", "--attach-name", "note.txt", "--attach", "@"+file)
	if m := next(t, d.inbound); !strings.Contains(m.Content.Text, "hello from swaks") || len(m.Content.Attachments) != 1 || d.file(m, 0) != "total 42" {
		t.Errorf("swaks: %q, %+v", m.Content.Text, m.Content.Attachments)
	}
}

// thread has a customer write, gets an answer to them and theirs to it, and asks
// Dovecot whether all three belong together.
func (c *chain) thread(t *testing.T, ch *Channel, d *desk) {
	c.post(t, "client@x.test", "From: client@x.test\nTo: support@x.test\nSubject: Order\nMessage-ID: <order@x.test>\n\nwhere is it\n")
	if m := next(t, d.inbound); m.Content.Text != "Тема: Order\n\nwhere is it" {
		t.Errorf("text %q", m.Content.Text)
	}
	id, err := ch.Deliver(t.Context(), said("client@x.test", "it is coming"))
	if err != nil {
		t.Fatal(err)
	}
	client := c.enter(t, "client@x.test")
	var ours []byte
	until(t, "our answer", func() bool {
		box, err := client.Select("INBOX", nil).Wait()
		if err != nil || box.NumMessages == 0 {
			return false
		}
		all, err := client.Fetch(imap.SeqSetNum(box.NumMessages), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{}}}).Collect()
		if err == nil && len(all) == 1 {
			ours = all[0].BodySection[0].Bytes
		}
		return bytes.Contains(ours, []byte(id))
	})
	c.post(t, "client@x.test", "From: client@x.test\nTo: support@x.test\nSubject: Re: Order\nMessage-ID: <thanks@x.test>\nIn-Reply-To: <"+id+">\nReferences: <order@x.test> <"+id+">\n\nthanks\n\nOn Mon, 3 Mar 2025, Shop <support@x.test> wrote:\n> it is coming\n")
	m := next(t, d.inbound)
	if !strings.HasPrefix(m.Content.Text, "thanks") || strings.Contains(m.Content.Text, "coming") || m.Threading != "the id in In-Reply-To, which is ours" {
		t.Errorf("text %q, threading %q", m.Content.Text, m.Threading)
	}
	oracle := c.enter(t, "support@x.test")
	if err := oracle.Create("Thread", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	for _, raw := range [][]byte{[]byte("Subject: Order\r\nMessage-ID: <order@x.test>\r\n\r\nx"), ours,
		[]byte("Subject: Re: Order\r\nMessage-ID: <thanks@x.test>\r\nIn-Reply-To: <" + id + ">\r\n\r\nx"), []byte("Subject: Other\r\nMessage-ID: <other@x.test>\r\n\r\nx")} {
		put := oracle.Append("Thread", int64(len(raw)), nil)
		put.Write(raw)
		put.Close()
		if _, err := put.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := oracle.Select("Thread", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	threads, err := oracle.UIDThread(&imapclient.ThreadOptions{Algorithm: imap.ThreadReferences, SearchCriteria: &imap.SearchCriteria{}}).Wait()
	if err != nil || len(threads) != 2 || fmt.Sprint(threads[0].Chain) != "[1 2 3]" {
		t.Errorf("Dovecot sees the threads %+v, %v, want 1-2-3 and 4", threads, err)
	}
}

// bounces writes to somebody whom Exim does not know.
func bounces(t *testing.T, ch *Channel, d *desk) {
	m := said("nobody-here@x.test", "hello")
	id, err := ch.Deliver(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	n := next(t, d.notices)
	if n.About != channels.Bounced || n.ID != id || n.Address != m.Address || n.Reason != "there is no such mailbox: 5.1.1 No such user here" {
		t.Errorf("Notice = %+v", n)
	}
	if _, err := ch.Deliver(t.Context(), said("greylist@x.test", "hello")); err == nil || !strings.HasPrefix(err.Error(), "the mail server does not take the letter now") {
		t.Errorf("Deliver while it is refused for now = %v", err)
	}
}

// away writes to somebody whose server answers by itself.
func away(t *testing.T, ch *Channel, d *desk) {
	if _, err := ch.Deliver(t.Context(), said("away@x.test", "hello")); err != nil {
		t.Fatal(err)
	}
	if m := next(t, d.inbound); !m.Automatic || m.Address != "away@x.test" || !strings.Contains(m.Content.Text, "Back on Monday") {
		t.Errorf("Inbound = %+v, want an automatic answer", m)
	}
	d.nothing(t)
}

// neighbour has a mailbox whose server is down beside one that works.
func (c *chain) neighbour(t *testing.T, d *desk) {
	s := c.settings()
	s.IMAPPort = free(t)
	down, _ := c.account(t, newDesk(), s)
	errs := polling(t, down)
	if err := next(t, errs); err == nil {
		t.Error("a mailbox without a server is read")
	}
	c.post(t, "client@x.test", "From: client@x.test\nTo: support@x.test\nSubject: Order\nMessage-ID: <beside@x.test>\n\nbeside\n")
	if m := next(t, d.inbound); !strings.Contains(m.Content.Text, "beside") {
		t.Errorf("text %q", m.Content.Text)
	}
}

// renumbered has a folder that is made anew, so that UIDs mean other letters.
func (c *chain) renumbered(t *testing.T) {
	d := newDesk()
	s := c.settings()
	s.Folder = "Shop"
	ch, cut := c.account(t, d, s)
	person := c.enter(t, "support@x.test")
	now := time.Now().Format(time.RFC1123Z)
	put := func(n int) {
		raw := fmt.Sprintf("From: client@x.test\r\nMessage-ID: <shop%d@x.test>\r\nDate: %s\r\n\r\nletter %d\r\n", n, now, n)
		// Dovecot now and then refuses a folder that it has just made anew under a
		// session which looks at the old one, and goes on refusing it to whoever
		// saw the old one: each attempt is a person who enters.
		until(t, "a letter in the folder", func() bool {
			entered := c.enter(t, "support@x.test")
			defer entered.Close()
			cmd := entered.Append("Shop", int64(len(raw)), nil)
			cmd.Write([]byte(raw))
			cmd.Close()
			_, err := cmd.Wait()
			if err != nil {
				t.Logf("Dovecot refuses letter %d: %v", n, err)
				cut()
			}
			return err == nil
		})
	}
	if err := person.Create("Shop", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	errs := polling(t, ch)
	settled(t, ch)
	put(1)
	first := next(t, d.inbound)
	if err := person.Delete("Shop").Wait(); err != nil {
		t.Fatal(err)
	}
	until(t, "a new folder", func() bool { return person.Create("Shop", nil).Wait() == nil })
	put(1)
	cut()
	next(t, errs)
	if again := next(t, d.inbound); again.ID != first.ID {
		t.Errorf("the letter was %q and is %q: it would be taken twice", first.ID, again.ID)
	}
	put(2)
	if m := next(t, d.inbound); !strings.Contains(m.Content.Text, "letter 2") {
		t.Errorf("text %q", m.Content.Text)
	}
}
