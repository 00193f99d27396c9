package channels

// A Field is one thing that an administrator enters about an account. The form
// and the schema in the API are made of them; what is entered is judged by the
// kind's Open.
type Field struct {
	Key      string // in the settings, or in the secrets if the kind is [Secret]
	Title    string // in Russian, as the others
	Hint     string
	Kind     FieldKind
	Required bool
	Default  string // what stands for nothing
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
	Secret FieldKind = "secret" // a text that is sealed, and never shown again
	URL    FieldKind = "url"
	Number FieldKind = "number"
	Bool   FieldKind = "bool"
	OneOf  FieldKind = "choice"
)

// Modes are the choices of a kind whose messages come in two ways.
var Modes = []Choice{
	{"auto", "Само: по адресу сервера, если он есть у сервера, иначе опросом"},
	{"webhook", "По адресу сервера"},
	{"polling", "Опросом"},
}
