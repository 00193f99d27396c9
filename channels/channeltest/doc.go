/*
Package channeltest is the one test that every adapter of a messenger with an
HTTP interface passes: whether what [channels.Channel] promises about the
outcome of a delivery is true, and whether a webhook takes what is genuine,
loses nothing of it and answers so that the provider calls again when it should.

A [Fixture] says how the provider answers; the package plays the provider, over
pipes and in virtual time, so a provider that hangs for a minute costs nothing:

	func TestDeliver(t *testing.T) {
		channeltest.Run(t, channeltest.Fixture{Open: …, Read: …, Accept: …})
	}

A [Hook] says how the provider calls us. Rules change one recorded call in every
way that providers change theirs; all others are compared with what they should
bring, in the form of [Show], which -update writes:

	func TestWebhook(t *testing.T) {
		channeltest.RunWebhook(t, channeltest.Hook{Open: …, Sign: …, Recorded: "testdata", …})
	}
*/
package channeltest
