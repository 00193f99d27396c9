/*
Calibration carries out wishes with libraries for messengers that nobody here
has written, and reads calls of messengers with them. The tests of the adapters
compare what comes of it with what the adapters do.

	go run . LIBRARY BASE    each wish at an address of its own below BASE
	go run . LIBRARY read    calls from the standard input, {"name", "body"}, one a line

It is a module of its own, so that the product needs none of these libraries.
*/
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

// A library carries out wishes, and reads calls.
type library struct {
	send func(base string) error
	read func(body []byte) (sender, text string, err error)
}

var libraries = map[string]library{
	"telegram-bot": {telegramBot, telegramBotReads},
	"telego":       {telegoBot, telegoReads},
	"vksdk":        {vkSDK, vkSDKReads},
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return errors.New("usage: calibration LIBRARY BASE|read")
	}
	l, ok := libraries[args[0]]
	switch {
	case !ok:
		return fmt.Errorf("%s is no library", args[0])
	case args[1] == "read":
		return readAll(l)
	}
	return l.send(args[1])
}

// readAll tells of each call who sent it and what it says.
func readAll(l library) error {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c struct{ Name, Body string }
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return err
		}
		told := struct{ Name, Sender, Text, Fault string }{Name: c.Name}
		var err error
		if told.Sender, told.Text, err = l.read([]byte(c.Body)); err != nil {
			told.Fault = err.Error()
		}
		if err := json.NewEncoder(os.Stdout).Encode(told); err != nil {
			return err
		}
	}
	return lines.Err()
}
