package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"os"
	"strings"

	"github.com/urfave/cli/v3"
	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/search"
	"crafttalkd/store/search/talk"
	"crafttalkd/store/view/customers"
	"crafttalkd/store/view/history"
	"crafttalkd/store/view/lessons"
	"crafttalkd/store/view/presence"
	"crafttalkd/store/view/surveys"
	"crafttalkd/transport/agent"
	"crafttalkd/transport/fetcher"
	"crafttalkd/transport/intake"
	"crafttalkd/transport/introducer"
	"crafttalkd/transport/wall"
)

// errUsage is the answer to a command without what it needs.
func errUsage(usage string) error { return fmt.Errorf("usage: crafttalkd %s", usage) }

func verifyCommand() *cli.Command {
	return &cli.Command{
		Name: "verify", Usage: "read everything that is kept and report what is damaged; also while serving",
		Description: "The end of the log of acts is printed. Kept elsewhere and given back later, it shows whether the log was cut off or written anew.",
		Flags: []cli.Flag{dataFlag(),
			&cli.StringFlag{Name: "audit-head", Usage: "an `END` of the log of acts that was printed before"}},
		Action: func(ctx context.Context, c *cli.Command) error {
			bad, err := onHome(ctx, c.String("data"), "verify", verifyRequest{c.String("audit-head")}, (*home).verify)
			if err != nil {
				return err
			}
			for _, d := range bad.Damages {
				fmt.Fprintln(c.Root().Writer, d)
			}
			if len(bad.Damages) > 0 {
				return fmt.Errorf("%d places are damaged; restore a backup", len(bad.Damages))
			}
			fmt.Fprintf(c.Root().Writer, "everything is as it was written\nthe log of acts ends at %s\n", bad.Head)
			return nil
		},
	}
}

// onHome carries out a command in the running server, or, if there is none, on
// the data directory itself.
func onHome[In, Out any](ctx context.Context, dir, name string, in In, f func(*home, context.Context, In) (Out, error)) (Out, error) {
	out, err := command[In, Out](ctx, dir, name, in)
	if !errors.Is(err, errNoServer) {
		return out, err
	}
	h, err := openExisting(dir)
	if err != nil {
		return out, err
	}
	defer h.close()
	return f(h, ctx, in)
}

func openExisting(dir string) (*home, error) {
	if _, err := os.Stat(storeDir(dir)); err != nil {
		return nil, fmt.Errorf("%s holds no store: %w", dir, err)
	}
	return openHome(dir, logger(slog.LevelWarn), 0)
}

type verifyRequest struct{ AuditHead string }
type verifyAnswer struct {
	Damages []string
	Head    string // of the log of acts
}

func (h *home) verify(ctx context.Context, in verifyRequest) (verifyAnswer, error) {
	out, known := verifyAnswer{}, audit.Head{}
	if in.AuditHead != "" {
		var err error
		if known, err = audit.ParseHead(in.AuditHead); err != nil {
			return out, err
		}
	}
	if err := h.engine.Verify(ctx, func(d store.Damage) { out.Damages = append(out.Damages, d.String()) }); err != nil {
		return out, err
	}
	head, err := audit.Check(h.acts(), known)
	if err != nil {
		out.Damages = append(out.Damages, err.Error())
	}
	out.Head = head.String()
	return out, nil
}

// acts yields the log of acts as it is kept.
func (h *home) acts() iter.Seq2[*event.AuditNoted, error] {
	return func(yield func(*event.AuditNoted, error) bool) {
		for e, err := range journal.Reader(h.engine, h.ring).Durable(event.AuditStream, 0) {
			n, ok := e.Event.(*event.AuditNoted)
			if err == nil && !ok {
				err = fmt.Errorf("the log of acts: line %d is none", e.Version)
			}
			if !yield(n, err) {
				return
			}
		}
	}
}

// readings are the followers with their tables.
var readings = []func() (name string, tables []string){
	fetcher.Tables, introducer.Tables, intake.ReceiptsTables, customers.Tables, surveys.Tables,
	lessons.Tables, history.Tables, presence.Tables, agent.Tables, wall.Tables,
}

func rebuildCommand() *cli.Command {
	return &cli.Command{
		Name: "rebuild", Usage: "throw away everything that is read off the journal; the next start makes it anew",
		Flags: []cli.Flag{dataFlag()},
		Action: func(_ context.Context, c *cli.Command) error {
			h, err := openExisting(c.String("data"))
			if err != nil {
				return err
			}
			j, err := h.journal()
			if err == nil {
				err = errors.Join(j.DropSnapshots(), j.DropReading("links", "link"))
				for _, tables := range readings {
					name, its := tables()
					err = errors.Join(err, j.DropReading(name, its...))
				}
			}
			if err = errors.Join(err, search.Drop(searchDir(h.dir)), talk.Drop(talkDir(h.dir)), h.close()); err == nil {
				fmt.Fprintln(c.Root().Writer, "done; states and readings are made anew at the next start")
			}
			return err
		},
	}
}

func userCommand() *cli.Command {
	const usage = "user LOGIN [--admin] [--data DIR] < PASSWORD"
	return &cli.Command{
		Name: "user", Usage: "make a user, or set a user's password; also while serving", ArgsUsage: "LOGIN",
		Description: "The password is read from standard input; an empty one is made up and printed.",
		Flags: []cli.Flag{dataFlag(),
			&cli.BoolFlag{Name: "admin", Usage: "with every permission"},
			&cli.StringFlag{Name: "first", Usage: "first `NAME`"},
			&cli.StringFlag{Name: "last", Usage: "last `NAME`"}},
		Action: func(ctx context.Context, c *cli.Command) error {
			login := c.Args().First()
			if login == "" || c.Args().Len() > 1 {
				return errUsage(usage)
			}
			password, made, err := readPassword(c.Root().Reader)
			if err != nil {
				return err
			}
			in := userRequest{Login: login, Password: password, First: c.String("first"), Last: c.String("last"), Admin: c.Bool("admin")}
			if _, err := onHome(ctx, c.String("data"), "user", in, (*home).putUser); err != nil {
				return err
			}
			if made {
				fmt.Fprintf(c.Root().Writer, "%s may sign in with the password %s\n", login, password)
				return nil
			}
			fmt.Fprintf(c.Root().Writer, "%s may sign in\n", login)
			return nil
		},
	}
}

// readPassword takes the first line, or makes a password if it is empty.
func readPassword(in io.Reader) (password string, made bool, err error) {
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", false, err
	}
	if password = strings.TrimRight(line, "\r\n"); password == "" {
		return strings.ToLower(rand.Text()), true, nil
	}
	return password, false, nil
}

type userRequest struct {
	Login, Password, First, Last string
	Admin                        bool
}
type userAnswer struct{}

// putUser changes the directory of a home that no server uses. It wants the actors
// and the gate alone: channels are not spoken to, and nothing is read or indexed.
func (h *home) putUser(ctx context.Context, in userRequest) (out userAnswer, err error) {
	n := &node{home: h, log: logger(slog.LevelWarn)}
	if err = n.begin(); err != nil {
		return out, err
	}
	if err = n.openGate(); err == nil {
		out, err = n.putUser(ctx, in)
	}
	return out, errors.Join(err, n.system.Stop(ctx))
}

// putUser makes a user or changes one, who is let in again and signed out
// everywhere: whoever had the password before has it no more.
func (n *node) putUser(ctx context.Context, in userRequest) (userAnswer, error) {
	d := n.system.Directory.State()
	put, u := directory.Put{By: "setup"}, &event.User{UserId: userID(in.Login), Login: in.Login}
	if old := d.UserByLogin(in.Login); old != nil {
		u = proto.CloneOf(old)
		u.Disabled, put.Revision = false, d.Users[old.UserId].Revision
	}
	if put.Entry = u; in.First != "" || in.Last != "" {
		u.FirstName, u.LastName = in.First, in.Last
	}
	if in.Admin {
		u.Roles = directory.Roles[:]
	}
	hash, err := n.gate.Hash(ctx, in.Login, in.Password)
	if err != nil {
		return userAnswer{}, err
	}
	for _, cmd := range []directory.Command{put, directory.SetPassword{By: "setup", User: u.UserId, Hash: hash}} {
		if _, err := n.system.Ask(ctx, event.DirectoryStream, cmd); err != nil {
			return userAnswer{}, err
		}
	}
	return userAnswer{}, n.gate.ShutOut(u.UserId)
}

// userID makes an id of a login: what an id can't hold becomes a dash.
func userID(login string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' || r == '@' || r == '/' || r == ' ' {
			return '-'
		}
		return r
	}, strings.ToLower(login))
}
