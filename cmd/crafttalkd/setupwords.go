package main

import (
	"errors"
	"net/http"
	"strings"

	"crafttalkd/actors/refusal"
)

// setupWords are the texts of the page of the first start in one language.
type setupWords struct {
	Lang, Title                                      string
	Ready, Created, SignIn, Status                   string
	First, Why                                       string
	Login, Password, FirstName, LastName, Create     string
	badLogin, badPassword, badCode, elsewhere, there string
}

var setupRussian = setupWords{
	Lang: "ru", Title: "Первый запуск",
	Ready: "Готово", Created: "Этот адрес больше не действует. Создан администратор", SignIn: "Войти", Status: "Состояние сервера",
	First: "Первый администратор", Why: "Он получит все права и создаст остальных пользователей.",
	Login: "Логин", Password: "Пароль, не короче 8 символов", FirstName: "Имя", LastName: "Фамилия", Create: "Создать",
	badLogin:    "Логин нужен, короткий и без пробелов",
	badPassword: "Пароль слишком простой: нужно не меньше 8 символов, не логин и не из тех слов, что подбирают первыми",
	badCode:     "Ссылка неверна или уже использована. Новая печатается при каждом запуске сервера, пока администратора нет",
	elsewhere:   "Форму нужно отправить с этой же страницы",
	there:       "Администратор уже есть. Других пользователей создаёт он",
}

var setupEnglish = setupWords{
	Lang: "en", Title: "First start",
	Ready: "Done", Created: "This address works no more. The administrator has been created:", SignIn: "Sign in", Status: "State of the server",
	First: "The first administrator", Why: "They have every permission and add all other users.",
	Login: "Login", Password: "Password, 8 characters or more", FirstName: "First name", LastName: "Last name", Create: "Create",
	badLogin:    "A login is needed, a short one without spaces",
	badPassword: "The password is too simple: it needs 8 characters or more, not the login and no word that is guessed first",
	badCode:     "The link is wrong or was used already. A new one is printed at each start of the server while there is no administrator",
	elsewhere:   "The form must be sent from this very page",
	there:       "There is an administrator already, who adds the others",
}

// setupWordsFor chooses Russian, unless the browser wants English and no Russian.
func setupWordsFor(r *http.Request) setupWords {
	wanted := strings.ToLower(r.Header.Get("Accept-Language"))
	for tag := range strings.SplitSeq(wanted, ",") {
		switch tag = strings.TrimSpace(tag); {
		case strings.HasPrefix(tag, "ru"):
			return setupRussian
		case strings.HasPrefix(tag, "en"):
			return setupEnglish
		}
	}
	return setupRussian
}

// why says in the page's language what is wrong with the form.
func (w setupWords) why(err error) string {
	said, ok := errors.AsType[*refusal.Error](err)
	switch {
	case !ok:
		return err.Error()
	case said.Field == "login":
		return w.badLogin
	case said.Field == "password":
		return w.badPassword
	case said.Field == "code":
		return w.badCode
	case said.Kind == refusal.Conflict:
		return w.there
	case errors.Is(err, errElsewhere):
		return w.elsewhere
	case said.Kind == refusal.Denied:
		return w.badCode
	}
	return said.Text
}
