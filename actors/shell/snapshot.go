package shell

// snapshot keeps the state, so that not all of the stream need be read to have
// it again. A state that can be copied is written down beside the actor: that of
// a long line takes tens of milliseconds, in which nobody would be given
// anything.
func (a *shell[S, C]) snapshot() {
	a.kept = a.version // a cache: the next one is tried when it is due
	if a.machine.Copy == nil {
		a.save(a.state, a.version)
		return
	}
	if !a.saving.CompareAndSwap(false, true) {
		return // the disk is slower than we are
	}
	state, version := a.machine.Copy(a.state), a.version
	a.house.dispatcher().Schedule(func() {
		defer a.saving.Store(false)
		a.save(state, version)
	})
}

func (a *shell[S, C]) save(state S, version uint64) {
	b, err := Encode(a.machine.Version, state)
	if err == nil {
		err = a.house.Journal.PutSnapshot(a.stream, version, b)
	}
	if err != nil {
		a.house.Log.Error("snapshot", "stream", a.stream, "err", err)
	}
}
