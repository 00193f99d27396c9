package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
	"github.com/mymmrac/telego"
)

const (
	token    = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
	customer = 70555
	hook     = "https://support.example/hook"
	secret   = "secret-of-the-hook"
)

var updates = []string{"message", "edited_message", "callback_query", "my_chat_member"}

// telegramBot is github.com/go-telegram/bot.
func telegramBot(base string) error {
	ctx := context.Background()
	at := func(wish string) *bot.Bot {
		b, err := bot.New(token, bot.WithServerURL(base+"/"+wish), bot.WithSkipGetMe())
		if err != nil {
			panic(err)
		}
		return b
	}
	text := func(wish, text string, markup models.ReplyMarkup) error {
		_, err := at(wish).SendMessage(ctx, &bot.SendMessageParams{ChatID: customer, Text: text, ReplyMarkup: markup})
		return err
	}
	asks := func(k models.KeyboardButton) models.ReplyMarkup {
		return &models.ReplyKeyboardMarkup{Keyboard: [][]models.KeyboardButton{{k}}, ResizeKeyboard: true, OneTimeKeyboard: true}
	}
	file := func(name string) models.InputFile {
		return &models.InputFileUpload{Filename: name, Data: strings.NewReader("hello")}
	}
	_, photo := at("picture").SendPhoto(ctx, &bot.SendPhotoParams{ChatID: customer, Photo: file("a.jpg")})
	_, document := at("file").SendDocument(ctx, &bot.SendDocumentParams{ChatID: customer, Document: file("a.pdf")})
	_, place := at("place").SendLocation(ctx, &bot.SendLocationParams{ChatID: customer, Latitude: 55.75, Longitude: 37.61})
	_, typing := at("typing").SendChatAction(ctx, &bot.SendChatActionParams{ChatID: customer, Action: models.ChatActionTyping})
	_, info := at("webhook").GetWebhookInfo(ctx)
	_, webhook := at("webhook").SetWebhook(ctx, &bot.SetWebhookParams{URL: hook, MaxConnections: 40, AllowedUpdates: updates, SecretToken: secret})
	_, probe := at("probe").GetMe(ctx)
	return errors.Join(photo, document, place, typing, info, webhook, probe,
		text("text", "Привет", nil),
		text("buttons", "Куда?", &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{
			{{Text: "Домой", CallbackData: "m1:0"}}, {{Text: "В лавку", CallbackData: "m1:1"}}}}),
		text("phone", "Ваш номер?", asks(models.KeyboardButton{Text: "Отправить номер телефона", RequestContact: true})),
		text("where", "Где вы?", asks(models.KeyboardButton{Text: "Отправить местоположение", RequestLocation: true})))
}

func telegramBotReads(body []byte) (sender, text string, err error) {
	var u models.Update
	if err := json.Unmarshal(body, &u); err != nil || u.Message == nil {
		return "", "", err
	}
	return strconv.FormatInt(u.Message.Chat.ID, 10), u.Message.Text + u.Message.Caption, nil
}

// named is a file with a name.
type named struct {
	io.Reader
	name string
}

func (n named) Name() string { return n.name }

// telegoBot is github.com/mymmrac/telego.
func telegoBot(base string) error {
	ctx := context.Background()
	at := func(wish string) *telego.Bot {
		b, err := telego.NewBot(token, telego.WithAPIServer(base+"/"+wish), telego.WithDiscardLogger())
		if err != nil {
			panic(err)
		}
		return b
	}
	chat := telego.ChatID{ID: customer}
	text := func(wish, text string, markup telego.ReplyMarkup) error {
		_, err := at(wish).SendMessage(ctx, &telego.SendMessageParams{ChatID: chat, Text: text, ReplyMarkup: markup})
		return err
	}
	asks := func(k telego.KeyboardButton) telego.ReplyMarkup {
		return &telego.ReplyKeyboardMarkup{Keyboard: [][]telego.KeyboardButton{{k}}, ResizeKeyboard: true, OneTimeKeyboard: true}
	}
	file := func(name string) telego.InputFile {
		return telego.InputFile{File: named{bytes.NewReader([]byte("hello")), name}}
	}
	_, photo := at("picture").SendPhoto(ctx, &telego.SendPhotoParams{ChatID: chat, Photo: file("a.jpg")})
	_, document := at("file").SendDocument(ctx, &telego.SendDocumentParams{ChatID: chat, Document: file("a.pdf")})
	_, place := at("place").SendLocation(ctx, &telego.SendLocationParams{ChatID: chat, Latitude: 55.75, Longitude: 37.61})
	typing := at("typing").SendChatAction(ctx, &telego.SendChatActionParams{ChatID: chat, Action: telego.ChatActionTyping})
	_, info := at("webhook").GetWebhookInfo(ctx)
	webhook := at("webhook").SetWebhook(ctx, &telego.SetWebhookParams{URL: hook, MaxConnections: 40, AllowedUpdates: updates, SecretToken: secret})
	_, probe := at("probe").GetMe(ctx)
	return errors.Join(photo, document, place, typing, info, webhook, probe,
		text("text", "Привет", nil),
		text("buttons", "Куда?", &telego.InlineKeyboardMarkup{InlineKeyboard: [][]telego.InlineKeyboardButton{
			{{Text: "Домой", CallbackData: "m1:0"}}, {{Text: "В лавку", CallbackData: "m1:1"}}}}),
		text("phone", "Ваш номер?", asks(telego.KeyboardButton{Text: "Отправить номер телефона", RequestContact: true})),
		text("where", "Где вы?", asks(telego.KeyboardButton{Text: "Отправить местоположение", RequestLocation: true})))
}

func telegoReads(body []byte) (sender, text string, err error) {
	var u telego.Update
	if err := json.Unmarshal(body, &u); err != nil || u.Message == nil {
		return "", "", err
	}
	return strconv.FormatInt(u.Message.Chat.ID, 10), u.Message.Text + u.Message.Caption, nil
}
