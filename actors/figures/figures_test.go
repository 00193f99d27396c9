package figures

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // days of 23 and of 25 hours, wherever the test runs

	"crafttalkd/actors/event"
)

// A crowd is cases as somebody knows them who counts by hand.
type crowd struct {
	rand    *rand.Rand
	cases   []*Case
	tests   map[string]bool
	columns *Columns
}

// begin is some hours before clocks are changed in Berlin.
var begin = time.Date(2026, 3, 28, 20, 0, 0, 0, time.UTC)

func newCrowd(seed uint64, size int) *crowd {
	c := &crowd{rand: rand.New(rand.NewPCG(seed, 2)), tests: map[string]bool{}, columns: NewColumns()}
	for i := range size {
		k := c.draw(fmt.Sprintf("p%d.1", i))
		c.cases = append(c.cases, k)
		c.put(k)
		if i == size/2 {
			c.columns.Settle()
		}
	}
	return c
}

func (c *crowd) put(k *Case) {
	c.tests[k.ID] = c.rand.IntN(9) == 0
	c.columns.Put(k, c.tests[k.ID])
}

// correct lets something be said of what has ended.
func (c *crowd) correct() {
	i := c.rand.IntN(len(c.cases))
	k := c.draw(c.cases[i].ID)
	if c.rand.IntN(20) > 0 {
		k.Opened, k.Closed = c.cases[i].Opened, c.cases[i].Closed
	}
	c.cases[i] = k
	c.put(k)
	c.columns.Settle()
}

func (c *crowd) one(of ...string) string { return of[c.rand.IntN(len(of))] }

func (c *crowd) after(at time.Time) time.Time {
	return at.Add(time.Duration(c.rand.ExpFloat64()*5e5) * time.Millisecond)
}

// draw makes a case up.
func (c *crowd) draw(id string) *Case {
	k := &Case{ID: id, Account: c.one("site", "shop", "mail"), Center: c.one("north", "south"), Line: c.one("", "one", "two"), Language: c.one("", "ru", "en"),
		Topic: c.one("", "fees", "cards", "loans"), Rating: c.rand.Int32N(6), Asked: c.rand.IntN(5), Cause: event.Cause(c.rand.IntN(14))}
	k.Kind = map[string]string{"site": "widget", "shop": "widget", "mail": "email"}[k.Account]
	k.Skills = [][]string{nil, {"vip"}, {"debt", "vip"}}[c.rand.IntN(3)]
	k.Opened = begin.Add(time.Duration(c.rand.IntN(30*3600*1000)) * time.Millisecond)
	if n := c.rand.IntN(3); n > 0 {
		k.Dissatisfied = new(n == 1)
	}
	if c.rand.IntN(3) == 0 {
		k.Reviewed = k.Opened
	}
	at := k.Opened
	for range c.rand.IntN(5) {
		s := Session{Handler: Handler(c.rand.IntN(3) + 1), ID: c.one("oleg", "olga", "vera"), Begin: at}
		at = c.after(at)
		s.End = at
		k.Sessions = append(k.Sessions, s)
		if s.Handler == Operator && !slices.ContainsFunc(k.Works, func(w Work) bool { return w.Operator == s.ID }) {
			k.Works = append(k.Works, Work{s.ID, c.rand.IntN(5), c.rand.IntN(3), c.rand.IntN(90)})
			for range c.rand.IntN(4) {
				k.Pairs = append(k.Pairs, Pair{s.ID, s.Begin, c.after(s.Begin)})
			}
		}
	}
	if k.Asked > 0 {
		k.Began = k.Opened
	}
	if c.rand.IntN(2) == 0 {
		k.Answered = c.after(k.Opened.Add(-time.Minute))
	}
	k.Closed = at
	return k
}

// filter makes a filter up.
func (c *crowd) filter() Filter {
	some := func(of ...string) []string {
		if c.rand.IntN(3) > 0 {
			return nil
		}
		return slices.DeleteFunc(slices.Clone(of), func(string) bool { return c.rand.IntN(2) == 0 })
	}
	f := Filter{Centers: some("north", "west"), Kinds: some("widget", "email"), Accounts: some("site", "shop"), Lines: some("", "one"), Languages: some("ru", ""),
		Skills: some("vip", "debt", ""), Topics: some("", "fees", "loans"), Operators: some("oleg", "olga", "nobody", "")}
	if c.rand.IntN(2) == 0 {
		f.Counted = new(c.rand.IntN(2) == 0)
	}
	f.Closed = Span{begin.Add(time.Duration(c.rand.IntN(12)) * time.Hour), begin.Add(time.Duration(12+c.rand.IntN(30))*time.Hour + time.Duration(c.rand.IntN(1e9)))}
	if c.rand.IntN(4) == 0 {
		f.Bar = Span{begin.Add(6 * time.Hour), begin.Add(18 * time.Hour)}
	}
	if c.rand.IntN(4) == 0 {
		f.Ratings = []int32{0, 4}
	}
	if c.rand.IntN(4) == 0 {
		f.Handlings = []Handling{Automatic, Unserved}
	}
	if c.rand.IntN(6) == 0 {
		f.Dissatisfied = new(c.rand.IntN(2) == 0)
	}
	if c.rand.IntN(6) == 0 {
		f.Reviewed = new(c.rand.IntN(2) == 0)
	}
	return f
}

// takes is what a filter takes, but for one dimension.
func (c *crowd) takes(f Filter, sees Sees, k *Case, but Dimension) bool {
	in := func(d Dimension, list []string, values ...string) bool {
		return d == but || len(list) == 0 || slices.ContainsFunc(values, func(v string) bool { return slices.Contains(list, v) })
	}
	skills := k.Skills
	if len(skills) == 0 {
		skills = []string{""}
	}
	var operators []string
	for _, w := range k.Works {
		operators = append(operators, w.Operator)
	}
	if len(operators) == 0 {
		operators = []string{""}
	}
	counts := k.Cause != event.Cause_MERGED && !c.tests[k.ID]
	return (f.Counted == nil || *f.Counted == counts) && sees(k.Center, k.Routing()) && f.Closed.Has(k.Closed) && f.Opened.Has(k.Opened) &&
		(but == Time || f.Bar.Has(k.Closed)) && in(dimensions+1, f.Centers, k.Center) && in(Channel, f.Kinds, k.Kind) && in(Account, f.Accounts, k.Account) &&
		in(Line, f.Lines, k.Line) && in(Language, f.Languages, k.Language) && in(dimensions+1, f.Skills, skills...) && in(Topic, f.Topics, k.Topic) &&
		in(Worker, f.Operators, operators...) && (but == Rating || f.Ratings == nil || slices.Contains(f.Ratings, k.Rating)) &&
		(but == Way || f.Handlings == nil || slices.Contains(f.Handlings, k.Handling())) &&
		(f.Dissatisfied == nil || k.Dissatisfied != nil && *k.Dissatisfied == *f.Dissatisfied) && (f.Reviewed == nil || k.Reviewed.IsZero() != *f.Reviewed)
}

// rounded is a value as percentiles show it.
func rounded(v int64) int64 {
	unit := int64(1)
	for v/unit >= 256 {
		unit *= 2
	}
	return (v/unit+1)*unit - 1
}

// average is what a list of values comes to.
func average(list []int64, unit int64) Value {
	v := Value{Count: int64(len(list))}
	if len(list) == 0 {
		return v
	}
	slices.Sort(list)
	at := func(p int) int64 {
		n := 0
		for n*100 < p*len(list) {
			n++
		}
		return rounded(list[n-1]) * unit
	}
	for _, x := range list {
		v.Sum += x * unit
	}
	v.Spread = &Spread{at(50), at(90), at(99)}
	return v
}

// byHand makes every figure without anything that columns have, and tells which
// conversations are behind it.
func (c *crowd) byHand(f Filter, sees Sees) (map[string]Value, map[string][]string) {
	f.Counted = new(true)
	counts, lists, behind := map[string]int64{}, map[string][]int64{}, map[string][]string{}
	var measured, length int64
	units := map[string]int64{"operator_messages": 1000, "customer_messages": 1000, "rating": 1000}
	for _, k := range c.cases {
		if !c.takes(f, sees, k, dimensions) {
			continue
		}
		is := func(id string, so bool) {
			if so {
				counts[id]++
				behind[id] = append(behind[id], k.ID)
			}
		}
		measure := func(id string, values ...int64) {
			if len(values) > 0 {
				lists[id] = append(lists[id], values...)
				behind[id] = append(behind[id], k.ID)
			}
		}
		is("total", true)
		is(k.Handling().String(), true)
		is("dissatisfied", k.Dissatisfied != nil && *k.Dissatisfied)
		measure("close_time", k.Closed.Sub(k.Opened).Milliseconds())
		measure("customer_messages", int64(k.Asked))
		if d, ok := k.First(); ok {
			measure("first_response_time", d.Milliseconds())
		}
		if d, ok := k.Waited(); ok {
			measure("wait_time", d.Milliseconds())
		}
		if k.Rating > 0 {
			measure("rating", int64(k.Rating))
		}
		mine := func(operator string) bool { return len(f.Operators) == 0 || slices.Contains(f.Operators, operator) }
		var said, kept, before int64 = 0, 0, measured
		for _, w := range k.Works {
			if mine(w.Operator) {
				said, kept = said+int64(w.Messages), kept+k.Kept(w.Operator).Milliseconds()
				measured, length = measured+int64(w.Measured), length+int64(w.Length)
			}
		}
		if len(k.Works) > 0 {
			measure("operator_messages", said)
			measure("kept_time", kept)
		}
		if measured > before {
			behind["message_length"] = append(behind["message_length"], k.ID)
		}
		var took []int64
		for _, p := range k.Pairs {
			if mine(p.Operator) {
				took = append(took, p.Answered.Sub(p.Asked).Milliseconds())
			}
		}
		measure("response_time", took...)
	}
	out := map[string]Value{"message_length": {Count: measured, Sum: length * 1000}, "pairs": {Count: int64(len(lists["response_time"]))}}
	behind["pairs"] = behind["response_time"]
	for _, d := range Definitions() {
		if _, ok := out[d.ID]; !ok && d.Average {
			out[d.ID] = average(lists[d.ID], max(units[d.ID], 1))
		} else if !ok {
			out[d.ID] = Value{Count: counts[d.ID]}
		}
	}
	return out, behind
}

// chartByHand is a chart, by its keys.
func (c *crowd) chartByHand(f Filter, sees Sees, d Dimension, step time.Duration, zone *time.Location) map[string]Handled {
	f.Counted = new(true)
	out := map[string]Handled{}
	for _, k := range c.cases {
		if !c.takes(f, sees, k, d) {
			continue
		}
		key := map[Dimension]string{Channel: k.Kind, Account: k.Account, Line: k.Line, Language: k.Language, Topic: k.Topic,
			Rating: fmt.Sprint(k.Rating), Way: k.Handling().String(), Time: stretch(k.Closed.In(zone), step)}[d]
		h := out[key]
		switch k.Handling() {
		case Automatic:
			h.Automatic++
		case ByOperator:
			h.ByOperators++
		case Unserved:
			h.Unserved++
		}
		out[key] = h
	}
	return out
}

// stretch is the stretch of a time, as a clock on the wall shows it.
func stretch(at time.Time, step time.Duration) string {
	if step == day {
		return at.Format("2006-01-02")
	}
	minutes := at.Hour()*60 + at.Minute()
	minutes -= minutes % int(step.Minutes())
	return fmt.Sprintf("%s %02d:%02d %s", at.Format("2006-01-02"), minutes/60, minutes%60, at.Format("-0700"))
}

// operatorsByHand is the table of operators.
func (c *crowd) operatorsByHand(f Filter, sees Sees) (out []Operated) {
	f.Counted = new(true)
	for _, operator := range []string{"oleg", "olga", "vera"} {
		o := Operated{Operator: operator}
		for _, k := range c.cases {
			i := slices.IndexFunc(k.Works, func(w Work) bool { return w.Operator == operator })
			if i < 0 || !c.takes(f, sees, k, Worker) {
				continue
			}
			w := k.Works[i]
			o.Conversations++
			o.Messages += int64(w.Messages)
			o.Close = Value{Count: o.Close.Count + 1, Sum: o.Close.Sum + k.Closed.Sub(k.Opened).Milliseconds()}
			o.Kept = Value{Count: o.Kept.Count + 1, Sum: o.Kept.Sum + k.Kept(operator).Milliseconds()}
			o.Length = Value{Count: o.Length.Count + int64(w.Measured), Sum: o.Length.Sum + int64(w.Length)*1000}
			for _, p := range k.Pairs {
				if p.Operator == operator {
					o.Pairs++
					o.Response = Value{Count: o.Response.Count + 1, Sum: o.Response.Sum + p.Answered.Sub(p.Asked).Milliseconds()}
				}
			}
		}
		if o.Conversations > 0 {
			out = append(out, o)
		}
	}
	return out
}

// compare asks one question both ways.
func (c *crowd) compare(t *testing.T, q Question) {
	t.Helper()
	got, err := c.columns.Count(q)
	if err != nil {
		t.Fatal(err)
	}
	want, behind := c.byHand(q.Filter, q.Sees)
	for _, f := range got.Figures {
		if !reflect.DeepEqual(f.Value, want[f.ID]) {
			t.Errorf("%+v: %s is %+v %+v, want %+v %+v", q.Filter, f.ID, f.Value, f.Spread, want[f.ID], want[f.ID].Spread)
		}
		made := slices.Sorted(slices.Values(behind[f.ID]))
		if q.Filter.Counted != nil && !*q.Filter.Counted {
			made = nil
		}
		if ids := c.listed(q, Defined(f.ID)); !slices.Equal(ids, made) {
			t.Errorf("%+v: behind %s are %v, want %v", q.Filter, f.ID, ids, made)
		}
	}
	var all []string
	for _, k := range c.cases {
		if c.takes(q.Filter, q.Sees, k, dimensions) {
			all = append(all, k.ID)
		}
	}
	if ids := c.listed(q, nil); !slices.Equal(ids, slices.Sorted(slices.Values(all))) {
		t.Errorf("%+v: listed are %v, want %v", q.Filter, ids, all)
	}
	for d, bars := range got.Charts {
		shown := map[string]Handled{}
		for _, b := range bars {
			if d == Time {
				b.Key = stretch(b.Begins, q.Step)
			}
			if d != Time || b.Total() > 0 {
				shown[b.Key] = b.Handled
			}
		}
		if want := c.chartByHand(q.Filter, q.Sees, d, q.Step, q.Zone); !maps.Equal(shown, want) {
			t.Errorf("%+v: chart %d is %v, want %v", q.Filter, d, shown, want)
		}
	}
	slices.SortFunc(got.Operators, func(a, b Operated) int { return compareText(a.Operator, b.Operator) })
	if want := c.operatorsByHand(q.Filter, q.Sees); !slices.Equal(got.Operators, want) {
		t.Errorf("%+v: operators\n%+v, want\n%+v", q.Filter, got.Operators, want)
	}
}

// listed are the conversations that a question takes, or those of them behind a figure.
func (c *crowd) listed(q Question, behind *Definition) (ids []string) {
	x := c.columns.Choose(q.Filter, q.Sees)
	if behind != nil {
		x.Behind(behind)
	}
	c.columns.List(ByClosed, x, nil, func(p Place) bool { ids = append(ids, string(p.ID)); return true })
	slices.Sort(ids)
	return ids
}

func compareText(a, b string) int {
	if a < b {
		return -1
	}
	return 1
}

// proves G40, ST-02, ST-03, ST-05, ST-06, ST-07: every figure, every chart and the
// table of operators are what a count by hand gives, for any filter, across
// midnight and the change of clocks, and after corrections; and behind every figure
// are the conversations that it was made of.
func TestG40_FiguresAreWhatTheyAreByHand(t *testing.T) {
	zones := []*time.Location{time.UTC, zone(t, "Europe/Berlin"), zone(t, "Asia/Kathmandu")}
	for seed := range uint64(3) {
		c := newCrowd(seed, 400)
		for range 60 {
			for range 20 {
				c.correct()
			}
			rule := func(center string, r *event.Routing) bool { return center != c.one("north") || r.LineId != "two" }
			if c.rand.IntN(2) == 0 {
				rule = func(string, *event.Routing) bool { return true }
			}
			steps := []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour, day}
			c.compare(t, Question{Filter: c.filter(), Sees: rule, Step: steps[c.rand.IntN(4)], Zone: zones[c.rand.IntN(3)]})
			if t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		}
	}
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// proves G40: with a filter on an operator the cards say what the operator's row
// says.
func TestG40_CardsAreRows(t *testing.T) {
	c := newCrowd(7, 500)
	q := Question{Sees: func(string, *event.Routing) bool { return true }, Filter: Filter{Operators: []string{"olga"}}}
	a, err := c.columns.Count(q)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(a.Operators, func(o Operated) bool { return o.Operator == "olga" })
	row := a.Operators[i]
	for _, f := range a.Figures {
		f.Value.Spread = nil
		want, ok := map[string]Value{"total": {Count: row.Conversations}, "close_time": row.Close, "kept_time": row.Kept, "pairs": {Count: row.Pairs},
			"response_time": row.Response, "message_length": row.Length, "operator_messages": {Count: row.Conversations, Sum: row.Messages * 1000}}[f.ID]
		if ok && f.Value != want {
			t.Errorf("%s is %+v on the card and %+v in the row", f.ID, f.Value, want)
		}
	}
	if len(a.Operators) != 3 {
		t.Errorf("the table shows %d operators: who was clicked on must not be alone in it", len(a.Operators))
	}
}

// proves ST-01, G40: stretches of time follow each other without a hole, and each
// begins where the wall's clock says so, whatever is done to clocks.
func TestST01_StretchesOfTime(t *testing.T) {
	for _, tt := range []struct {
		zone  string
		from  time.Time
		hours int
	}{
		{"Europe/Berlin", time.Date(2026, 3, 28, 3, 7, 0, 0, time.UTC), 60},
		{"Europe/Berlin", time.Date(2026, 10, 24, 3, 7, 0, 0, time.UTC), 60},
		{"America/Havana", time.Date(2026, 3, 7, 3, 7, 0, 0, time.UTC), 60},      // no midnight
		{"Atlantic/Azores", time.Date(2026, 10, 24, 3, 7, 0, 0, time.UTC), 60},   // two of them
		{"Australia/Lord_Howe", time.Date(2026, 4, 3, 3, 7, 0, 0, time.UTC), 60}, // half an hour
		{"Asia/Kathmandu", time.Date(2026, 4, 3, 3, 7, 0, 0, time.UTC), 60},
	} {
		z := zone(t, tt.zone)
		for name, step := range Steps {
			period := Span{tt.from, tt.from.Add(time.Duration(tt.hours) * time.Hour)}
			got, err := bars(period, step, z)
			if err != nil {
				t.Fatal(err)
			}
			var want []int64
			for at, before := period.From.Add(-26*time.Hour), ""; at.Before(period.To.Add(26 * time.Hour)); at = at.Add(time.Minute) {
				if s := stretch(at.In(z), step); s != before {
					want, before = append(want, at.UnixMilli()), s
				}
			}
			i := slices.Index(want, got[0])
			if i < 0 || got[0] > period.From.UnixMilli() || want[i+1] <= period.From.UnixMilli() || !slices.Equal(got, want[i:i+len(got)]) ||
				got[len(got)-1] < period.To.UnixMilli() || got[len(got)-2] >= period.To.UnixMilli() {
				t.Errorf("%s by %s: %v, want of %v", tt.zone, name, got, want)
			}
		}
	}
	for _, p := range []Span{{}, {From: begin}, {From: begin, To: begin}, {From: begin, To: begin.AddDate(3, 0, 0)}} {
		if _, err := bars(p, 15*time.Minute, time.UTC); err == nil {
			t.Errorf("%v is not refused", p)
		}
	}
}
