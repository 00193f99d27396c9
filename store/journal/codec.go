package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"

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

// subject returns the customer whose key seals the stream, or "" for a stream
// that is about no person outside.
func subject(stream string) string {
	if id, ok := strings.CutPrefix(stream, event.CustomerStream); ok {
		return id
	}
	if id, ok := strings.CutPrefix(stream, event.ConversationStream); ok {
		id, _, _ = strings.Cut(id, ".")
		return id
	}
	return ""
}

// encode writes e, the version'th event of the stream. The event belongs to
// the caller alone until it returns: its personal fields are taken out and put
// back on the way. The row, if not nil, must be kept together with the event.
func (j *Journal) encode(stream string, version uint64, e event.Event) (body []byte, fresh *store.Row, err error) {
	kind := event.KindOf(e)
	if kind == 0 {
		return nil, nil, fmt.Errorf("%s: %T is no fact", stream, e)
	}
	private, restore := take(kind, e)
	defer restore()
	var sealed []byte
	if private != nil {
		who := subject(stream)
		if who == "" {
			return nil, nil, fmt.Errorf("%s: %T has personal fields and the stream no subject", stream, e)
		}
		var sealer *keys.Sealer
		if sealer, fresh, err = j.keys.Renew(who); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", stream, err)
		}
		plain, err := proto.Marshal(private)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", stream, err)
		}
		sealed = sealer.Seal(plain, aad(stream, version))
	}
	size := proto.Size(e)
	body = make([]byte, 0, 2*binary.MaxVarintLen32+size+len(sealed))
	body = binary.AppendUvarint(body, uint64(kind))
	body = binary.AppendUvarint(body, uint64(size))
	body, err = proto.MarshalOptions{UseCachedSize: true}.MarshalAppend(body, e)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", stream, err)
	}
	return append(body, sealed...), fresh, nil
}

// take moves the personal fields of e to a message of their own, nil if there
// are none. restore brings them back.
func take(kind event.Kind, e event.Event) (private proto.Message, restore func()) {
	m := e.ProtoReflect()
	for _, f := range event.Personal(kind) {
		if !m.Has(f) {
			continue
		}
		if private == nil {
			private = m.New().Interface()
		}
		private.ProtoReflect().Set(f, m.Get(f))
		m.Clear(f)
	}
	if private == nil {
		return nil, func() {}
	}
	return private, func() {
		for _, f := range event.Personal(kind) {
			if p := private.ProtoReflect(); p.Has(f) {
				m.Set(f, p.Get(f))
			}
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

func aad(stream string, version uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte(stream), version)
}
