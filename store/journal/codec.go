package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/keys"
)

// A body is an event as it is kept:
//
//	kind (uvarint) | length of open (uvarint) | open | sealed
//
// open is the event without its personal fields, sealed is an event of the
// same kind with nothing but those, under the key of the stream's subject. The
// stream and the version are bound to it, so a sealed part can't be moved.

// errDamaged reports a body that is not what encode wrote.
var errDamaged = errors.New("the event is damaged")

// subject returns the customer or the conversation whose key seals the stream,
// or "" for a stream that is about no person outside.
func subject(stream string) string {
	if id, ok := strings.CutPrefix(stream, event.CustomerStream); ok {
		return id
	}
	id, _ := strings.CutPrefix(stream, event.ConversationStream)
	if id == stream {
		return ""
	}
	return id
}

// encode writes e, the version'th event of the stream: whole, which is to be seen
// by those who follow, and body, which is to be kept. They may share memory. The
// row, if not nil, must be kept together with the event.
func (j *Journal) encode(stream string, version uint64, e event.Event) (whole, body []byte, fresh []store.Row, err error) {
	kind := event.KindOf(e)
	if kind == 0 {
		return nil, nil, nil, fmt.Errorf("%s: %T is no fact", stream, e)
	}
	size := proto.Size(e)
	body = make([]byte, 0, 2*binary.MaxVarintLen32+size+maxSeal)
	body = binary.AppendUvarint(body, uint64(kind))
	if len(event.Personal(kind)) == 0 {
		body = binary.AppendUvarint(body, uint64(size))
		head := len(body)
		body, err = cached.MarshalAppend(body, e)
		if err != nil {
			return nil, nil, nil, fmt.Errorf("%s: %w", stream, err)
		}
		return body[head:], body, nil, nil
	}
	whole, err = cached.MarshalAppend(make([]byte, 0, size), e)
	if err == nil {
		body, fresh, err = j.seal(stream, version, kind, whole, body)
	}
	if err != nil {
		return nil, nil, nil, fmt.Errorf("%s: %w", stream, err)
	}
	return whole, body, fresh, nil
}

// cached marshals what has just been measured.
var cached = proto.MarshalOptions{UseCachedSize: true}

// seal appends to body what is open of a fact, after its length, and what is
// personal, sealed.
func (j *Journal) seal(stream string, version uint64, kind event.Kind, whole, body []byte) ([]byte, []store.Row, error) {
	private := privateSize(kind, whole)
	body = binary.AppendUvarint(body, uint64(len(whole)-private))
	if private == 0 {
		return append(body, whole...), nil, nil
	}
	who := subject(stream)
	if who == "" {
		return nil, nil, fmt.Errorf("kind %d has personal fields and the stream no subject", kind)
	}
	sealer, fresh, err := j.keys.Renew(who)
	if err != nil {
		return nil, nil, err
	}
	scratch := scratches.Get().(*[]byte)
	defer scratches.Put(scratch)
	plain := (*scratch)[:0]
	for field, personal := range fields(kind, whole) {
		if personal {
			plain = append(plain, field...)
		} else {
			body = append(body, field...)
		}
	}
	bound := len(plain) // the stream and the version follow, which it is bound to
	plain = appendAAD(plain, stream, version)
	*scratch = plain[:0]
	return sealer.AppendSeal(body, plain[:bound], plain[bound:]), fresh, nil
}

// scratches holds room for what is being sealed. Nothing of it is kept.
var scratches = sync.Pool{New: func() any { return new(make([]byte, 0, 1024)) }}

// maxSeal is how much longer sealed bytes are than plain ones, at most.
const maxSeal = 32

// privateSize returns how many bytes of an encoded fact are personal.
func privateSize(kind event.Kind, whole []byte) (size int) {
	if len(event.Personal(kind)) == 0 {
		return 0
	}
	for field, personal := range fields(kind, whole) {
		if personal {
			size += len(field)
		}
	}
	return size
}

// fields yields the fields of an encoded fact, and whether they are personal.
// The parts of a message are messages, and so are any of its fields in a row.
func fields(kind event.Kind, whole []byte) iter.Seq2[[]byte, bool] {
	private := event.Personal(kind)
	return func(yield func([]byte, bool) bool) {
		for len(whole) > 0 {
			number, _, n := protowire.ConsumeField(whole)
			personal := slices.ContainsFunc(private, func(f protoreflect.FieldDescriptor) bool { return f.Number() == number })
			if !yield(whole[:n], personal) {
				return
			}
			whole = whole[n:]
		}
	}
}

// decode reads the version'th event of the stream. What a destroyed key had
// sealed is missing from it.
func (j *Journal) decode(stream string, version uint64, body []byte) (event.Event, error) {
	kind, n := binary.Uvarint(body)
	if n <= 0 || kind > 1<<20 {
		return nil, fmt.Errorf("%s at %d: %w", stream, version, errDamaged)
	}
	size, w := binary.Uvarint(body[n:])
	rest := body[n+max(w, 0):]
	if w <= 0 || size > uint64(len(rest)) {
		return nil, fmt.Errorf("%s at %d: %w", stream, version, errDamaged)
	}
	e, err := event.New(event.Kind(kind))
	if err != nil {
		return nil, fmt.Errorf("%s at %d: %w", stream, version, err)
	}
	if err := proto.Unmarshal(rest[:size], e); err != nil {
		return nil, fmt.Errorf("%s at %d: %w", stream, version, err)
	}
	if uint64(len(rest)) == size {
		return e, nil
	}
	return e, j.unseal(stream, version, rest[size:], e)
}

func (j *Journal) unseal(stream string, version uint64, sealed []byte, e event.Event) error {
	sealer, _, err := j.keys.Open(subject(stream))
	if errors.Is(err, keys.ErrErased) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s at %d: %w", stream, version, err)
	}
	plain, err := sealer.Open(sealed, aad(stream, version))
	if err != nil && sealer.Renewed() {
		return nil // sealed by the key before
	}
	if err != nil {
		return fmt.Errorf("%s at %d: %w", stream, version, err)
	}
	if err := (proto.UnmarshalOptions{Merge: true}).Unmarshal(plain, e); err != nil {
		return fmt.Errorf("%s at %d: %w", stream, version, err)
	}
	return nil
}

func aad(stream string, version uint64) []byte { return appendAAD(nil, stream, version) }

func appendAAD(b []byte, stream string, version uint64) []byte {
	return binary.BigEndian.AppendUint64(append(b, stream...), version)
}
