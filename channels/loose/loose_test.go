package loose

import (
	"strings"
	"testing"
)

// proves that a provider's change of one type loses nothing else.
func TestWhatIsOfAnotherTypeIsNothing(t *testing.T) {
	v, err := Parse([]byte(`{"a":{"id":9007199254740993,"s":"x\u0000y","n":"12","f":1.9,"b":1,"nul":null,"l":[1,"2",{}]},"t":true}`))
	if err != nil {
		t.Fatal(err)
	}
	a := v.At("a")
	if got := a.At("id").Text(); got != "9007199254740993" {
		t.Errorf("a large number is %q", got)
	}
	if got := a.At("s").Text(); got != "xy" {
		t.Errorf("a text is %q", got)
	}
	if a.At("n").Int() != 12 || a.At("f").Int() != 1 || a.At("f").Float() != 1.9 || a.At("s").Int() != 0 {
		t.Error("numbers are read wrongly")
	}
	if !a.At("b").Bool() || !v.At("t").Bool() || a.At("s").Bool() || a.At("nul").Given() || !a.At("b").Given() {
		t.Error("truths are read wrongly")
	}
	if l := a.At("l").List(); len(l) != 3 || l[1].Text() != "2" || !l[2].IsObject() || a.At("l").First().Int() != 1 || v.First().Given() || l[0].IsObject() {
		t.Errorf("the list is %v", l)
	}
	if v.At("t", "u", "v").Text() != "" || v.At("a", "l").Text() != "" || len(v.At("t").List()) != 0 || len(v.Names()) != 2 {
		t.Error("what is not there is something")
	}
	for _, bad := range []string{"", "{", `{} {}`, "nope"} {
		if _, err := Parse([]byte(bad)); err == nil {
			t.Errorf("Parse(%q) is no error", bad)
		}
	}
}

func TestClip(t *testing.T) {
	if got := Clip("привет", 5); got != "пр" {
		t.Errorf("Clip = %q", got)
	}
	if got := Clip("abc", 3); got != "abc" {
		t.Errorf("Clip = %q", got)
	}
}

func TestTimesAndNames(t *testing.T) {
	v, err := Parse([]byte(`{"s":"1767000000","ms":1767000000123,"bad":"x","long":"` + strings.Repeat("я", 200) + `"}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := v.At("s").Seconds(); got.Unix() != 1767000000 {
		t.Errorf("Seconds = %v", got)
	}
	if got := v.At("ms").Millis(); got.UnixMilli() != 1767000000123 {
		t.Errorf("Millis = %v", got)
	}
	if !v.At("bad").Seconds().IsZero() || !v.At("none").Millis().IsZero() {
		t.Error("what is no time is one")
	}
	if got := v.At("long").Name(); len(got) > 200 || len(got) < 190 {
		t.Errorf("Name has %d bytes", len(got))
	}
	if a, b := v.At("s").Fingerprint(), v.At("ms").Fingerprint(); a == b || len(a) != len("hash:")+32 {
		t.Errorf("fingerprints are %s and %s", a, b)
	}
}

// proves that two names that are too long stay two.
func TestLongNamesStayApart(t *testing.T) {
	long := strings.Repeat("я", 150)
	one, two := Value{long + "1"}.Name(), Value{long + "2"}.Name()
	if len(one) > 200 || one == two || one != (Value{long + "1"}).Name() {
		t.Errorf("two long names are %q and %q", one, two)
	}
	if got := (Value{long[:200]}).Name(); got != long[:200] {
		t.Errorf("a name of 200 bytes became %q", got)
	}
}
