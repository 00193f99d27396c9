// Package bench measures the way of a message against the least that any
// server could do: take a frame from a socket, commit it with everybody
// else's, write it to another socket.
//
//	go test ./transport/bench -run '^$' -bench . -benchtime 5s
//
// Both run in one process with their clients, on the same cores and the same
// disk, so their ratio says what the product costs.
package bench
