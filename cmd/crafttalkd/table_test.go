package main

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
)

//go:generate go test -run TestChannelsTable . -rewrite-table

var rewriteTable = flag.Bool("rewrite-table", false, "write the table of channels into the documentation")

// The table stands between these lines of the page.
const (
	channelsPage = "../../docs/channels/README.md"
	tableBegins  = "<!-- таблица сделана по описаниям каналов: go generate ./cmd/crafttalkd -->\n"
	tableEnds    = "<!-- конец таблицы -->\n"
)

// TestChannelsTable holds the documentation against what the channels say of
// themselves.
func TestChannelsTable(t *testing.T) {
	b, err := os.ReadFile(channelsPage)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(b), tableBegins)
	_, after, ends := strings.Cut(rest, tableEnds)
	if !ok || !ends {
		t.Fatalf("%s has no place for the table", channelsPage)
	}
	want := before + tableBegins + channelsTable(kinds) + tableEnds + after
	if string(b) == want {
		return
	}
	if !*rewriteTable {
		t.Fatalf("%s is not what the channels can do: go generate ./cmd/crafttalkd", channelsPage)
	}
	if err := os.WriteFile(channelsPage, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

func channelsTable(all channels.Registry) string {
	var b strings.Builder
	b.WriteString("| Канал | Текст, знаков | Файлы | Кнопки | Место | Запрос телефона | Ссылка-приглашение | Писать первым | Окно ответа | Получение |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|---|---|\n")
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		a := all[kind].Abilities
		name := cmp.Or(a.Name, kind)
		if _, err := os.Stat("../../docs/channels/" + kind + ".md"); err == nil {
			name = fmt.Sprintf("[%s](%s.md)", name, kind)
		}
		cells := []string{name, bound(a.Text, "без предела"), filesOf(a), bound(a.Buttons, "номерами"), yes(a.Place),
			yes(slices.Contains(a.Asks, event.Ask_ASK_PHONE)), yes(a.Links), yes(a.ByID), window(a.Window), comes(all[kind])}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	return b.String()
}

func bound(n int, none string) string {
	if n == 0 {
		return none
	}
	return strconv.Itoa(n)
}

func filesOf(a channels.Abilities) string {
	switch {
	case a.Files == 0:
		return "ссылками"
	case a.Largest == 0:
		return "да"
	}
	return fmt.Sprintf("до %d МБ", a.Largest>>20)
}

func yes(b bool) string {
	if b {
		return "да"
	}
	return "нет"
}

func window(hours int) string {
	if hours == 0 {
		return "всегда"
	}
	return fmt.Sprintf("%d ч", hours)
}

// comes says how messages get here.
func comes(k channels.Kind) string {
	switch {
	case k.Keyed:
		return "по ключу"
	case k.Abilities.Webhook && k.Abilities.Polls:
		return "вебхук или опрос"
	case k.Abilities.Webhook:
		return "вебхук"
	case k.Abilities.Polls:
		return "опрос"
	}
	return "—"
}
