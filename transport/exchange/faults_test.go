package exchange_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"crafttalkd/actors/knowledge"
	"crafttalkd/store/view/articles"
	"crafttalkd/transport/exchange"
)

// take reads a file into an empty knowledge base, and returns every fault.
func take(read func([]byte) (*exchange.Book, error), file string) (items []knowledge.Item, faults []string) {
	n := 0
	book, err := read([]byte(file))
	if err == nil {
		items, err = book.Items(articles.Of(), func() string { n++; return fmt.Sprint("new-", n) })
	}
	if err == nil {
		_, err = knowledge.Decide(knowledge.State{}, knowledge.Import{By: "anna", Items: items}, now)
	}
	if f, ok := errors.AsType[*knowledge.Faults](err); ok {
		for _, x := range f.List {
			faults = append(faults, fmt.Sprintf("%d %s: %s", x.Line, x.Field, x.Text))
		}
	} else if err != nil {
		faults = []string{"not faults: " + err.Error()}
	}
	return items, faults
}

// proves KB-03: a broken file is told by line and field, and all at once.
func TestKB03_BrokenTables(t *testing.T) {
	for _, tt := range []struct {
		name, file string
		want       []string
	}{
		{"nothing", "", []string{"1 : the file is empty"}},
		{"no identifiers", "title\nHello\n", []string{"1 : there is no column identifier"}},
		{"strange columns", "identifier,colour,title,название\n", []string{"1 colour: there is no such column", "1 title: the column is there twice"}},
		{"not UTF-8", "identifier,title\na,A\nb,\xcf\xf0\xe8\n", []string{"3 : the file is not UTF-8"}},
		{"no table", "identifier,title\na,A\nb,\"B\nc,C", []string{`3 : this is no table: extraneous or missing " in quoted-field in column 4`}},
		{"too many cells", "identifier\na,b\n", []string{"2 : cell 2 has no column"}},
		{"strange kinds", "kind,identifier\nthing,a\nanswer,\n", []string{`2 kind: "thing" is not one of article, answer, slot, type`, "3 kind: an answer follows its article"}},
		{"an answer of a slot", "kind,identifier,type,text\nslot,s,text,\nanswer,,,hi\nslot,u,text,hi\n",
			[]string{"3 kind: an answer follows its article", "4 text: a row of this kind has nothing here"}},
		{"references", "identifier,type,slots,buttons,conditions,text\na,QA,speed,Where -> b,speed = good,x\n",
			[]string{`2 type: there is no article type "QA"`, `2 slots: there is no slot "speed"`, `2 buttons: there is no article "b"`, "2 conditions: character 1: there is no slot speed"}},
		{"cells", "kind,identifier,type,entries,attempts,least,policy,buttons,files\nslot,s,dictionary,good,x,1.5,,,\narticle,a,,,,,best,Where,{x}\n",
			[]string{"2 entries: a value is written as: identifier = caption", "2 attempts: this is no whole number", "2 least: this is no whole number",
				"3 files: the file is not JSON", "3 buttons: a button is written as: caption -> identifier"}},
		{"words", "kind,identifier,type,policy\nslot,s,number,\narticle,a,,best\n",
			[]string{`2 type: "number" is not one of text, dictionary, integer, phone, capture, match`, `3 policy: "best" is not one of all, first, random`}},
		{"twice", "identifier\nA\na\n", []string{`3 identifier: article "a" is there twice`}},
		{"rules", "kind,identifier,type,title,pattern,text\narticle,two words,,,,\nslot,s,match,,(,\ntype,T,,,,\n\narticle,b,,,,/redirect a b\n",
			[]string{"2 identifier: an identifier has Latin and Russian letters, digits, _, - and . and not ' '",
				"3 pattern: the regular expression is wrong: missing closing ) in (", "4 name: the text has 1 to 200 characters", "6 answers.0.text: an answer that hands over is /redirect and the agent, and nothing else"}},
	} {
		if _, got := take(exchange.ReadCSV, tt.file); strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

// proves KB-03: so is broken JSON.
func TestKB03_BrokenJSON(t *testing.T) {
	for _, tt := range []struct {
		name, file string
		want       []string
	}{
		{"nothing", "", []string{"1 : the file is not JSON"}},
		{"a list", "[]", []string{"1 : { is expected"}},
		{"another version", "{\"version\": 2}", []string{"1 : the version of the file is 1"}},
		{"something else", "{\n\"users\": []}", []string{`2 : there is nothing called "users"`}},
		{"cut off", "{\"articles\": [\n{\"identifier\": \"a\"},\n{\"identi", []string{"3 : the file is not JSON"}},
		{"something after it", "{} {}", []string{"1 : something follows after the end"}},
		{"fields", "{\"articles\": [\n{\"identifier\": 5},\n{\"identifier\": \"b\", \"colour\": \"red\"},\n\n{\"identifier\": \"c\", \"answers\": [{\"text\": []}]}]}",
			[]string{"2 identifier: a number does not fit here", "3 colour: there is no such field", "5 answers.text: a array does not fit here"}},
		{"references", "{\"articles\": [\n{\"identifier\": \"a\", \"answers\": [\n {\"text\": \"x\", \"buttons\": [{\"caption\": \"y\", \"article\": \"z\"}]}]},\n{\"identifier\": \"\"}]}",
			[]string{`2 buttons: there is no article "z"`}},
		{"rules", "{\"articles\": [\n{\"identifier\": \"a\", \"answers\": [\n {}]},\n{\"identifier\": \"\"}]}",
			[]string{"2 answers.0.text: an answer says something, or has a file or a button", "4 identifier: the identifier is required"}},
	} {
		if _, got := take(exchange.ReadJSON, tt.file); strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

// A table that somebody has written by hand is understood, with Russian names,
// semicolons, and without ids.
func TestTableByHand(t *testing.T) {
	const file = "\ufeffВид;Идентификатор;Название;Тип;Вопросы;Слоты;Ответ;Кнопки;Условия;Значения;Вопрос\r\n" +
		"тип;QA;Вопрос — ответ;;;;;;;;\r\n" +
		"слот;speed;Скорость;словарь;;;;;;\"good = Быстро\r\nbad = Долго\";Как быстро мы ответили?\r\n" +
		";опрос;Качество;qa;\"Оцените\r\nКак мы?\";speed;Рады!;\"Ещё -> Доставка\";speed = good;;\r\n" +
		"ответ;;;;;;Жаль;;;;\r\n" +
		"статья;доставка;;;;;Два дня;;;;\r\n"
	items, faults := take(exchange.ReadCSV, file)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	base, _ := baseOf(t, items)
	a := base.ArticleNamed("Опрос")
	if a == nil || base.Type(a.TypeId).Identifier != "QA" || len(a.Questions) != 2 || len(a.Answers) != 2 || a.Answers[1].Text != "Жаль" ||
		base.Article(a.Answers[0].Buttons[0].ArticleId).Identifier != "доставка" || a.Answers[0].Conditions[0].All[0].Value != "good" ||
		base.Slot(a.SlotIds[0]).Entries[1].Caption != "Долго" || a.Answers[0].AnswerId != "1" || a.Answers[1].AnswerId != "2" {
		t.Errorf("it is read as %v", a)
	}
}

// An entry is the one of its identifier, else the one of its id, else new.
func TestWhichEntry(t *testing.T) {
	items, faults := take(exchange.ReadCSV, "id,identifier\na,one\nb,two\n")
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	base, _ := baseOf(t, items)
	book, err := exchange.ReadCSV([]byte("id,identifier\nstranger,ONE\nb,renamed\n,new\nc,own\n"))
	if err != nil {
		t.Fatal(err)
	}
	if items, err = book.Items(base, func() string { return "made-up" }); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, i := range items {
		ids = append(ids, fmt.Sprint(i.Entry.ProtoReflect().Get(i.Entry.ProtoReflect().Descriptor().Fields().ByNumber(1))))
	}
	if got := strings.Join(ids, " "); got != "a b made-up c" {
		t.Errorf("ids are %s, want a b made-up c", got)
	}
}

// FuzzFiles: whatever a file says, it is read or refused by line and field, and
// what was read can be written and read again.
func FuzzFiles(f *testing.F) {
	f.Add([]byte("kind,identifier,type,questions,text,buttons,conditions,entries,files\nslot,s,dictionary,,,,,a = A,\n,a,,q,t,x -> a,s = a,,https://a.b c\nanswer,,,,u,,,,\n"))
	f.Add([]byte("Идентификатор;Ответ\n'=a;\"x\ny\"\n"))
	f.Add([]byte(`{"version":1,"types":[{"identifier":"T","name":"N"}],"slots":[{"identifier":"s","type":"integer","least":1}],"articles":[{"identifier":"a","slots":["s"],"answers":[{"text":"x","conditions":"s > 3"}]}]}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		for _, read := range []func([]byte) (*exchange.Book, error){exchange.ReadCSV, exchange.ReadJSON} {
			items, faults := take(read, string(file))
			for _, x := range faults {
				if strings.HasPrefix(x, "not faults") || strings.HasPrefix(x, "0 ") {
					t.Errorf("refused without a line: %s", x)
				}
			}
			if len(faults) > 0 {
				continue
			}
			base, want := baseOf(t, items)
			for name, how := range formats {
				var out bytes.Buffer
				if err := how.write(&out, base); err != nil {
					t.Fatal(err)
				}
				book, err := how.read(out.Bytes())
				if err == nil {
					items, err = book.Items(articles.Of(), func() string { return "made-up" })
				}
				if err != nil {
					t.Fatalf("%s: %v\n%s", name, err, out.Bytes())
				}
				_, got := baseOf(t, items)
				differ(t, name, values(got), values(want))
			}
		}
	})
}

// No cell of a table that is handed out is a formula to a spreadsheet.
func TestNoFormulas(t *testing.T) {
	items, faults := take(exchange.ReadJSON, `{"articles":[{"identifier":"a","title":"=cmd|' /C calc'!A0","answers":[{"text":"@SUM(1)"},{"text":"'+1"},{"text":"-1","id":"x"}]}]}`)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	base, _ := baseOf(t, items)
	var out bytes.Buffer
	if err := exchange.WriteCSV(&out, base, ','); err != nil {
		t.Fatal(err)
	}
	for _, cell := range strings.FieldsFunc(out.String(), func(r rune) bool { return r == ',' || r == '\n' }) {
		if strings.ContainsAny(strings.TrimPrefix(cell, `"`)[:1], "=+-@") {
			t.Errorf("there is the cell %s", cell)
		}
	}
}
