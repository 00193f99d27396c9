package email

import "crafttalkd/channels"

// security are the ways to protect a connection.
var security = []channels.Choice{{Value: byTLS, Title: "TLS"}, {Value: byStartTLS, Title: "STARTTLS"}, {Value: byNothing, Title: "без защиты (только этот компьютер)"}}

// Fields are what an administrator enters.
var Fields = []channels.Field{
	{Key: "address", Title: "Адрес ящика", Hint: "support@shop.example", Kind: channels.Text, Required: true},
	{Key: "name", Title: "Имя отправителя", Kind: channels.Text},
	{Key: "imap_host", Title: "Сервер IMAP", Hint: "imap.yandex.ru, imap.mail.ru, imap.gmail.com, outlook.office365.com", Kind: channels.Text, Required: true},
	{Key: "smtp_host", Title: "Сервер SMTP", Hint: "smtp.yandex.ru, smtp.mail.ru, smtp.gmail.com, smtp.office365.com", Kind: channels.Text, Required: true},
	{Key: "password", Title: "Пароль приложения", Hint: "Обычный пароль от почты эти службы не принимают", Kind: channels.Secret},
	{Key: "signature", Title: "Подпись под письмами", Kind: channels.Text},
	{Key: "subject", Title: "Тема первого письма", Kind: channels.Text, Default: "Сообщение от …"},
	{Key: "user", Title: "Имя для входа", Hint: "Если это не адрес", Kind: channels.Text, Advanced: true},
	{Key: "imap_port", Title: "Порт IMAP", Kind: channels.Number, Default: "993", Advanced: true},
	{Key: "imap_security", Title: "Защита IMAP", Kind: channels.OneOf, Default: byTLS, Choices: security, Advanced: true},
	{Key: "smtp_port", Title: "Порт SMTP", Kind: channels.Number, Default: "465", Advanced: true},
	{Key: "smtp_security", Title: "Защита SMTP", Kind: channels.OneOf, Default: byTLS, Choices: security, Advanced: true},
	{Key: "smtp_open", Title: "SMTP без входа", Kind: channels.Bool, Advanced: true},
	{Key: "login", Title: "Вход", Kind: channels.OneOf, Default: byPassword, Choices: []channels.Choice{{Value: byPassword, Title: "по паролю"}, {Value: byOAuth2, Title: "OAuth2"}}, Advanced: true},
	{Key: "token_url", Title: "OAuth2: адрес выдачи токенов", Kind: channels.URL, Advanced: true},
	{Key: "client_id", Title: "OAuth2: client id", Kind: channels.Text, Advanced: true},
	{Key: "scope", Title: "OAuth2: scope", Kind: channels.Text, Advanced: true},
	{Key: "client_secret", Title: "OAuth2: client secret", Kind: channels.Secret, Advanced: true},
	{Key: "refresh_token", Title: "OAuth2: refresh token", Kind: channels.Secret, Advanced: true},
	{Key: "folder", Title: "Папка с письмами", Kind: channels.Text, Default: "INBOX", Advanced: true},
	{Key: "move_to", Title: "Куда переносить принятые", Hint: "Пусто: остаются на месте прочитанными", Kind: channels.Text, Advanced: true},
	{Key: "sent_folder", Title: "Папка для копий отправленных", Hint: "Gmail кладёт копии сам", Kind: channels.Text, Advanced: true},
	{Key: "poll_every", Title: "Как часто проверять, секунд", Hint: "Только для серверов без IDLE", Kind: channels.Number, Default: "30", Advanced: true},
	{Key: "megabytes", Title: "Самое большое письмо, МБ", Kind: channels.Number, Default: "25", Advanced: true},
	{Key: "subject_tag", Title: "Метка в теме", Kind: channels.Bool, Advanced: true},
	{Key: "plus_addressing", Title: "Сервер принимает адреса с плюсом", Kind: channels.Bool, Advanced: true},
	{Key: "bulk", Title: "Принимать рассылки", Kind: channels.Bool, Advanced: true},
	{Key: "authserv_id", Title: "Чьей проверке отправителя верить", Hint: "Имя из заголовка Authentication-Results вашего сервера", Kind: channels.Text, Advanced: true},
}
