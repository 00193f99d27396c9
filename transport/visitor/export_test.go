package visitor

// AddressOf returns the address that a token stands for.
func (l *Lobby) AddressOf(token string) string {
	address, _ := l.address(token)
	return address
}
