/*
Package channeltest is the one test that every adapter of a messenger with an
HTTP interface passes: whether what [channels.Channel] promises about the
outcome of a delivery is true.

A [Fixture] says how the provider answers; the package plays the provider, over
pipes and in virtual time, so a provider that hangs for a minute costs nothing:

	func TestDeliver(t *testing.T) {
		channeltest.Run(t, channeltest.Fixture{Open: …, Read: …, Accept: …})
	}
*/
package channeltest
