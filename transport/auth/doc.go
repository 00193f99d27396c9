/*
Package auth says who may come in: passwords, sessions, tickets for sockets,
keys of programs and channels, and what stands against guessing.

	login + password --> [Gate.SignIn] --> a session's token --> [Gate.Session]
	                                            |
	                                            +--> a ticket --> [Gate.Redeem]

A token is told once and kept as its hash, so whoever reads the store can't
sign in with what is there. An unknown login, a wrong password and a disabled
user are answered with the same words after the same time.

Guessing is slowed down, never answered with a lock: an account that strangers
try stays open to whoever has signed in to it from the same place before.

What a user may do is asked of [Can] and [InScope], both at once: a permission
without the scope is none.
*/
package auth
