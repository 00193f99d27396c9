// Package wire holds the frames of the sockets, and how they are written.
package wire

//go:generate go run crafttalkd/actors/event/gen

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// Subprotocols of the WebSocket handshake, in order of preference.
const (
	Binary = "crafttalk.v1"
	JSON   = "crafttalk.v1.json"
)

// A Format is how frames are written on one socket.
type Format bool

// Formats: protobuf binary, or protobuf's JSON.
const (
	InBinary Format = false
	InJSON   Format = true
)

// FormatOf returns the format of a negotiated subprotocol. A client that names
// none speaks JSON, so that it can be tried by hand.
func FormatOf(subprotocol string) Format { return subprotocol != Binary }

// Encode writes a frame.
func (f Format) Encode(m proto.Message) ([]byte, error) {
	if f == InJSON {
		return protojson.MarshalOptions{UseProtoNames: true}.Marshal(m)
	}
	return proto.Marshal(m)
}

// Decode reads a frame into m. Unknown fields are ignored, so that an older
// server understands a newer client.
func (f Format) Decode(b []byte, m proto.Message) error {
	var err error
	if f == InJSON {
		err = protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(b, m)
	} else {
		err = proto.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(b, m)
	}
	if err != nil {
		return fmt.Errorf("frame: %w", err)
	}
	return nil
}
