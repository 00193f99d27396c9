// Weather is an example of an external agent: a program that crafttalkd asks for
// its turn in a conversation. It knows the weather of a few regions; in its place
// stands whatever a company wants to look up.
//
//	WEATHER_SECRET=whsec_… go run ./testdata/agents/weather -listen 127.0.0.1:9090
//
// The secret is told once, when the agent is registered with the address
// http://127.0.0.1:9090/turn. Without one the agent believes whoever asks.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// A turn is what we are told, as far as it matters here. Slots are by class.
type turn struct {
	Slots    map[string]string `json:"slots"`
	Captions map[string]string `json:"captions"` // the same as people read it
}

type object map[string]any

// forecasts are by region, in small letters.
var forecasts = map[string]string{
	"москва":                       "+2 °C, мокрый снег",
	"санкт-петербург":              "+1 °C, дождь",
	"новосибирск":                  "−14 °C, ясно",
	"краснодар":                    "+9 °C, переменная облачность",
	"ленинградская область":        "0 °C, снег с дождём",
	"свердловская область":         "−9 °C, снег",
	"республика татарстан":         "−5 °C, облачно",
	"ханты-мансийский округ":       "−21 °C, ясно",
	"калининградская область":      "+6 °C, ветер с моря",
	"приморский край":              "−3 °C, солнечно",
	"нижегородская область":        "−4 °C, снег",
	"республика саха (якутия)":     "−38 °C, туман",
	"чеченская республика":         "+7 °C, дождь",
	"архангельская область":        "−6 °C, метель",
	"еврейская автономная область": "−12 °C, ясно",
}

// decide says what is to be done: what is asked for what is missing, answered
// what is known, and the conversation goes back to who kept it before.
func decide(t turn) []object {
	region := strings.ToLower(strings.TrimSpace(t.Captions["region"]))
	if region == "" {
		return []object{{"ask": object{"slot": "region"}}}
	}
	weather, ok := forecasts[region]
	if !ok {
		return []object{{"reply": object{"text": "О погоде там я ничего не знаю: " + t.Captions["region"]}}, {"hand_over": object{"to": "operator"}}}
	}
	return []object{
		{"reply": object{"text": fmt.Sprintf("Сегодня, %s: %s.", t.Captions["region"], weather)}},
		{"hand_over": object{"to": "back"}},
	}
}

// signed tells whether the body comes from who knows the secret, and just now.
// The headers are those of Standard Webhooks.
func signed(secret string, h http.Header, body []byte) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	at, bad := strconv.ParseInt(h.Get("Webhook-Timestamp"), 10, 64)
	if err != nil || bad != nil || time.Since(time.Unix(at, 0)).Abs() > 5*time.Minute {
		return false
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%d.%s", h.Get("Webhook-Id"), at, body)
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, one := range strings.Fields(h.Get("Webhook-Signature")) {
		if hmac.Equal([]byte(one), []byte(want)) {
			return true
		}
	}
	return false
}

func serve(secret string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /turn", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		var t turn
		switch {
		case err != nil:
			http.Error(w, "the body can't be read", http.StatusBadRequest)
		case secret != "" && !signed(secret, r.Header, body):
			http.Error(w, "the signature is wrong", http.StatusForbidden)
		case json.Unmarshal(body, &t) != nil:
			http.Error(w, "the body is no turn", http.StatusBadRequest)
		default:
			w.Header().Set("Content-Type", "application/json")
			json.NewEncoder(w).Encode(object{"actions": decide(t)})
		}
	})
	return mux
}

func main() {
	listen := flag.String("listen", "127.0.0.1:9090", "address to listen on")
	flag.Parse()
	l, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("weather listens on http://%s/turn\n", l.Addr())
	log.Fatal(http.Serve(l, serve(os.Getenv("WEATHER_SECRET"))))
}
