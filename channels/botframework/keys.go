package botframework

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"crafttalkd/channels/call"
	"crafttalkd/channels/loose"
)

const (
	keysLive = 24 * time.Hour
	// keysAsked is how often an unknown key may make us ask: else strangers could
	// make us ask for ever.
	keysAsked = time.Hour
	skew      = 5 * time.Minute
	smallest  = 2048 // bits of a key
)

// keys are those that the service signs with. See botframework.md 2.
type keys struct {
	caller call.Caller
	at     string // of the metadata
	now    func() time.Time

	mu    sync.Mutex // guards what follows
	known map[string]key
	asked time.Time
	came  time.Time
}

// A key is good for the channels that it is endorsed for.
type key struct {
	public       *rsa.PublicKey
	endorsements []string
}

// find returns a key by its name, and asks for the keys if they are old or the
// name is new.
func (k *keys) find(ctx context.Context, id string) (key, error) {
	k.mu.Lock()
	found, ok := k.known[id]
	old := k.now().Sub(k.came) > keysLive
	may := k.now().Sub(k.asked) > keysAsked || k.known == nil
	k.mu.Unlock()
	if ok && !old || !may {
		return found, known(ok)
	}
	if err := k.refresh(ctx); err != nil {
		if ok {
			return found, nil // an old key is better than none while the server can't be asked
		}
		return key{}, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	found, ok = k.known[id]
	return found, known(ok)
}

// errKey says that a token was signed by nobody we know.
var errKey = errors.New("the token is signed with an unknown key")

func known(ok bool) error {
	if !ok {
		return errKey
	}
	return nil
}

// refresh asks for the keys.
func (k *keys) refresh(ctx context.Context) error {
	k.mu.Lock()
	k.asked = k.now()
	k.mu.Unlock()
	meta, err := k.get(ctx, k.at)
	if err != nil {
		return err
	}
	set, err := k.get(ctx, meta.At("jwks_uri").Text())
	if err != nil {
		return err
	}
	known := map[string]key{}
	for _, v := range set.At("keys").List() {
		if id, one, ok := parse(v); ok {
			known[id] = one
		}
	}
	if len(known) == 0 {
		return errors.New("Microsoft publishes no keys")
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.known, k.came = known, k.now()
	return nil
}

func (k *keys) get(ctx context.Context, address string) (loose.Value, error) {
	a, err := k.caller.Ask(ctx, http.MethodGet, address, nil, call.Body{})
	if err != nil {
		return loose.Value{}, fmt.Errorf("ask for the keys of the service: %w", err)
	}
	v, err := loose.Parse(a.Body)
	if err != nil || a.Status != http.StatusOK {
		return v, fmt.Errorf("the server of the service's keys answered %s", a.Text())
	}
	return v, nil
}

// parse reads one key of a set. Keys that are too small are no keys.
func parse(v loose.Value) (id string, k key, ok bool) {
	n, nErr := base64.RawURLEncoding.DecodeString(strings.TrimRight(v.At("n").Text(), "="))
	e, eErr := base64.RawURLEncoding.DecodeString(strings.TrimRight(v.At("e").Text(), "="))
	exponent := new(big.Int).SetBytes(e)
	if v.At("kty").Text() != "RSA" || nErr != nil || eErr != nil || !exponent.IsInt64() || exponent.Int64() > 1<<31 || exponent.Int64() < 3 {
		return "", k, false
	}
	k.public = &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent.Int64())}
	for _, channel := range v.At("endorsements").List() {
		k.endorsements = append(k.endorsements, channel.Text())
	}
	id = v.At("kid").Text()
	return id, k, id != "" && k.public.N.BitLen() >= smallest
}

// errToken is all that a stranger is told.
var errToken = errors.New("the token is not good")

// A pass is a token of the service that was found good.
type pass struct {
	serviceURL   string
	endorsements []string
}

// check reads the token of a request. A fault that is not errToken is ours: the
// keys can't be had.
func (c *Channel) check(ctx context.Context, header string) (pass, error) {
	text, ok := strings.CutPrefix(header, "Bearer ")
	if !ok {
		return pass{}, errToken
	}
	var p pass
	var fault error
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(text, claims, func(t *jwt.Token) (any, error) {
		id, _ := t.Header["kid"].(string)
		k, err := c.keys.find(ctx, id)
		if err != nil && !errors.Is(err, errKey) {
			fault = err
		}
		p.endorsements = k.endorsements
		return k.public, err
	}, jwt.WithValidMethods([]string{"RS256", "RS384", "RS512"}), jwt.WithIssuer(issuer),
		jwt.WithLeeway(skew), jwt.WithExpirationRequired(), jwt.WithTimeFunc(c.config.Now))
	switch {
	case fault != nil:
		return pass{}, fault
	case err != nil, claims["aud"] != c.settings.AppID:
		// A token for several, which the standard knows, is for nobody here: the
		// service makes none, and its own library takes none.
		return pass{}, errToken
	}
	p.serviceURL, _ = claims["serviceurl"].(string)
	return p, nil
}

// good tells whether the pass is one for an activity.
func (p pass) good(a loose.Value) bool {
	return p.serviceURL != "" && p.serviceURL == a.At("serviceUrl").Text() && slices.Contains(p.endorsements, a.At("channelId").Text())
}
