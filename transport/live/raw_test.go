package live_test

import (
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"crafttalkd/transport/wire"
)

// A rawClient is a socket's other end that takes next to no memory.
type rawClient struct{ conn net.Conn }

// dialRaw opens a visitor's socket by hand, says hello, and reads the answers.
func dialRaw(b *testing.B, addr, token string) *rawClient {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		b.Fatal(err)
	}
	fmt.Fprintf(conn, "GET /widget/v1/site/socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\nSec-WebSocket-Protocol: %s\r\nAuthorization: Bearer %s\r\n\r\n",
		"AAAAAAAAAAAAAAAAAAAAAA==", wire.Binary, token)
	var head strings.Builder
	one := make([]byte, 1)
	for !strings.HasSuffix(head.String(), "\r\n\r\n") {
		if _, err := io.ReadFull(conn, one); err != nil {
			b.Fatal(err)
		}
		head.Write(one)
	}
	frame, err := proto.Marshal(&wire.FromClient{Id: 1, Is: &wire.FromClient_Hello{Hello: &wire.Hello{}}})
	if err != nil {
		b.Fatal(err)
	}
	mask := make([]byte, 4)
	rand.Read(mask)
	out := append([]byte{0x82, 0x80 | byte(len(frame))}, mask...)
	for i, x := range frame {
		out = append(out, x^mask[i%4])
	}
	conn.Write(out)
	for {
		h := make([]byte, 2)
		if _, err := io.ReadFull(conn, h); err != nil {
			b.Fatal(err)
		}
		body := make([]byte, h[1])
		if _, err := io.ReadFull(conn, body); err != nil {
			b.Fatal(err)
		}
		f := &wire.FromServer{}
		if proto.Unmarshal(body, f) == nil && f.GetAnswer() != nil {
			return &rawClient{conn}
		}
	}
}
