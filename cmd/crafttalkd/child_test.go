package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// A child is a server in a process of its own.
type child struct {
	url     string
	process *exec.Cmd
	log     *tail
	lines   chan string
	ended   chan struct{} // closed when the process is gone
	err     error         // why it ended; to be read after that
}

// startTime is how long a server may take to say where it is, on a machine
// that does other things as well.
const startTime = time.Minute

// startChild starts a server on the directory and waits until it is ready.
func startChild(dir string, env []string, args ...string) (*child, error) {
	return startProgram("crafttalkd", dir, env, args...)
}

// startProgram is startChild of a program that serves like ours.
func startProgram(program, dir string, env []string, args ...string) (*child, error) {
	c := &child{log: &tail{}, lines: make(chan string, 16), ended: make(chan struct{})}
	c.process = exec.Command(program, append([]string{"serve", "--data", dir}, args...)...)
	c.process.Env = append(os.Environ(), env...)
	c.process.Stderr = c.log
	out, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c.process.Stdout = w
	err = c.process.Start()
	w.Close()
	if err != nil {
		out.Close()
		return nil, err
	}
	go c.read(out)
	go c.wait()
	line, err := c.line()
	if err == nil {
		var ok bool
		if _, c.url, ok = strings.Cut(line, " serves "); !ok {
			err = fmt.Errorf("the server said %q", line)
		}
	}
	if err == nil {
		err = c.ready()
	}
	if err != nil {
		c.kill()
		return nil, fmt.Errorf("%w\n%s", err, c.log)
	}
	return c, nil
}

func (c *child) read(out io.ReadCloser) {
	defer close(c.lines)
	defer out.Close()
	for s := bufio.NewScanner(out); s.Scan(); {
		c.lines <- s.Text()
	}
}

func (c *child) wait() {
	c.err = c.process.Wait()
	close(c.ended)
}

// line returns the next line that the server prints.
func (c *child) line() (string, error) {
	select {
	case l, ok := <-c.lines:
		if !ok {
			return "", errors.New("the server prints no more")
		}
		return l, nil
	case <-time.After(startTime):
		return "", errors.New("the server prints nothing")
	}
}

// link returns the one-time link that a new server prints.
func (c *child) link() (string, error) {
	line, err := c.line()
	if err != nil {
		return "", err
	}
	_, link, ok := strings.Cut(line, "within an hour: ")
	if !ok {
		return "", fmt.Errorf("the server said %q", line)
	}
	return link, nil
}

// ready waits until a write can be committed.
func (c *child) ready() error {
	err := errors.New("not ready")
	for end := time.Now().Add(startTime); err != nil && time.Now().Before(end); {
		if err = probe(c.url + "/readyz"); err == nil {
			return nil
		}
		select {
		case <-c.ended:
			return fmt.Errorf("the server ended: %w", c.err)
		case <-time.After(5 * time.Millisecond):
		}
	}
	return err
}

// busy waits until customers' messages come in.
func (c *child) busy(ctx context.Context) error {
	for {
		taken, err := c.metric("crafttalk_messages_taken_total")
		if err != nil || taken > 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// metric reads one figure of the server's.
func (c *child) metric(name string) (float64, error) {
	r, err := http.Get(c.url + "/metrics")
	if err != nil {
		return 0, err
	}
	defer r.Body.Close()
	for s := bufio.NewScanner(r.Body); s.Scan(); {
		if value, ok := strings.CutPrefix(s.Text(), name+" "); ok {
			return strconv.ParseFloat(value, 64)
		}
	}
	return 0, fmt.Errorf("there is no metric %s", name)
}

func probe(url string) error {
	r, err := http.Get(url)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		return errors.New(r.Status)
	}
	return nil
}

// kill ends the process as a lost power cord ends it for the kernel: at once,
// in the middle of whatever it does.
func (c *child) kill() {
	c.process.Process.Kill()
	<-c.ended
}

// stop asks the process to end in order, and returns how it ended and how long
// that took.
func (c *child) stop() (time.Duration, error) {
	begin := time.Now()
	if err := c.process.Process.Signal(syscall.SIGTERM); err != nil {
		return 0, err
	}
	select {
	case <-c.ended:
		return time.Since(begin), c.err
	case <-time.After(stopTime + 10*time.Second):
		took := time.Since(begin)
		_ = c.process.Process.Signal(syscall.SIGQUIT) // it writes down what everybody in it waits for
		<-c.ended
		return took, errors.New("the server did not end")
	}
}

// A tail keeps the end of what was written to it.
type tail struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

const tailSize = 512 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.b.Len() > tailSize {
		t.b.Next(t.b.Len() - tailSize/2)
	}
	return t.b.Write(p)
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.String()
}
