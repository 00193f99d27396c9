package channels

import (
	"slices"

	"crafttalkd/actors/event"
)

// A Field is one thing that an administrator enters about an account. The form
// and the schema in the API are made of them; what is entered is judged by the
// kind's Open.
type Field struct {
	// Key is that in the settings, or in the secrets if the kind is [Secret]. A
	// full stop in it leads into an object.
	Key      string
	Title    string // in Russian, as the others
	Hint     string
	Kind     FieldKind
	Required bool
	Default  string // what stands for nothing
	Empty    bool   // an empty text says something of its own, and is not the default
	Choices  []Choice
	Advanced bool // of no interest to most
}

// A Choice is one of the values of a field of the kind [OneOf].
type Choice struct{ Value, Title string }

// FieldKind is what a field holds.
type FieldKind string

// The kinds of fields.
const (
	Text   FieldKind = "text"
	Lines  FieldKind = "lines"  // a text of several lines
	Secret FieldKind = "secret" // a text that is sealed, and never shown again
	URL    FieldKind = "url"
	Number FieldKind = "number"
	Bool   FieldKind = "bool"
	OneOf  FieldKind = "choice"
)

// Modes are the choices of a kind whose messages come in two ways.
var Modes = []Choice{
	{"auto", "Автоматически"},
	{"webhook", "Вебхук: провайдер вызывает сервер"},
	{"polling", "Опрос: сервер спрашивает провайдера"},
}

// PhoneRequest asks for the phone number where the account's settings say
// nothing of it.
const PhoneRequest = "Поделитесь, пожалуйста, номером телефона — нажмите кнопку ниже. Так мы сможем связаться с вами, если разговор прервётся."

// Common are the fields that every kind with these abilities has beside its
// own. What is entered there is taken out before an adapter sees its settings.
func Common(a Abilities) []Field {
	var out []Field
	if slices.Contains(a.Asks, event.Ask_ASK_PHONE) {
		out = append(out, Field{Key: "ask_phone", Title: "Просьба о номере телефона", Kind: Lines, Default: PhoneRequest, Empty: true, Advanced: true,
			Hint: "Так просят нового клиента, чей номер неизвестен. Сотрите текст, чтобы не просить"})
	}
	return append(out,
		Field{Key: "network.proxy", Title: "Прокси", Kind: Text, Advanced: true,
			Hint: "Если до провайдера нет прямого пути: http://proxy.example:3128 или socks5://user@proxy.example:1080"},
		Field{Key: "proxy_password", Title: "Пароль прокси", Kind: Secret, Advanced: true},
		Field{Key: "network.ca", Title: "Сертификаты (PEM)", Kind: Lines, Advanced: true,
			Hint: "Кому верить, кроме удостоверяющих центров системы"})
}
