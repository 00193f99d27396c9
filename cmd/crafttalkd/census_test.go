package main

import (
	"reflect"
	"strings"
	"testing"
	"unsafe"
)

// A census counts what a thing holds in memory, however deep: the entries of
// each map and the elements of each slice, by the field that it is. A map that
// somebody adds is counted without being named here.
type census struct {
	held map[string]int // by "package.type.field"
	seen map[place]bool
	todo []spot
}

// A place is where something of a type lies.
type place struct {
	at unsafe.Pointer
	of reflect.Type
}

// A spot is a value to look at, and what the one who holds it calls it.
type spot struct {
	name string
	v    reflect.Value
}

// count takes the census of what x points to. Nobody may be at work on it.
func count(x any) map[string]int {
	c := census{held: map[string]int{}, seen: map[place]bool{}, todo: []spot{{"", reflect.ValueOf(x)}}}
	for len(c.todo) > 0 {
		last := len(c.todo) - 1
		s := c.todo[last]
		c.todo = c.todo[:last]
		c.look(s)
	}
	return c.held
}

// look notes what a value holds itself, and puts off what is within.
func (c *census) look(s spot) {
	switch s.v.Kind() {
	case reflect.Pointer:
		if p := (place{s.v.UnsafePointer(), s.v.Type()}); !s.v.IsNil() && !c.seen[p] {
			c.seen[p] = true
			c.later(s.name, s.v.Elem())
		}
	case reflect.Interface:
		if !s.v.IsNil() {
			c.later(s.name, s.v.Elem())
		}
	case reflect.Struct:
		of := s.v.Type()
		for i := range s.v.NumField() {
			c.later(of.String()+"."+of.Field(i).Name, s.v.Field(i))
		}
	case reflect.Array:
		c.within(s)
	case reflect.Slice, reflect.Map:
		p := place{s.v.UnsafePointer(), s.v.Type()}
		if s.v.Len() == 0 || c.seen[p] {
			return
		}
		c.seen[p] = true
		c.held[s.name] += s.v.Len()
		c.within(s)
	}
}

// within puts off what many things hold.
func (c *census) within(s spot) {
	if !deep(s.v.Type().Elem()) {
		return
	}
	if s.v.Kind() != reflect.Map {
		for i := range s.v.Len() {
			c.later(s.name, s.v.Index(i))
		}
		return
	}
	for i := s.v.MapRange(); i.Next(); {
		c.later(s.name, i.Value())
	}
}

func (c *census) later(name string, v reflect.Value) {
	if deep(v.Type()) {
		c.todo = append(c.todo, spot{name, v})
	}
}

// deep reports whether values of a type may hold others. Facts are counted where
// they are held, and not taken apart; what libraries keep is theirs. The heap sees
// both, and bytes.
func deep(of reflect.Type) bool {
	switch of.Kind() {
	case reflect.Struct:
		p := of.PkgPath()
		return p == "" || p == "main" || strings.HasPrefix(p, "crafttalkd/") && p != "crafttalkd/actors/event"
	case reflect.Slice:
		return of.Elem().Kind() != reflect.Uint8
	case reflect.Pointer, reflect.Interface, reflect.Array, reflect.Map:
		return true
	}
	return false
}

// A census finds what is held where only other things lead to, and counts a thing
// once although two hold it.
func TestCensus(t *testing.T) {
	type room struct{ cells map[string]*int }
	type house struct {
		rooms [2]room
		any   any
		next  *house
	}
	h := &house{rooms: [2]room{{map[string]*int{"a": nil}}, {map[string]*int{"b": nil, "c": nil}}}, any: &room{map[string]*int{"d": nil}}}
	h.next = h
	got := count(h)
	if want := 4; got["main.room.cells"] != want || len(got) != 1 {
		t.Errorf("the census is %v, want %d cells", got, want)
	}
	delete(h.rooms[1].cells, "b")
	if got := count(h)["main.room.cells"]; got != 3 {
		t.Errorf("with one taken out there are %d cells", got)
	}
}
