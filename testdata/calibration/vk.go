package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"

	"github.com/SevereCloud/vksdk/v3/api"
	"github.com/SevereCloud/vksdk/v3/callback"
	"github.com/SevereCloud/vksdk/v3/events"
	"github.com/SevereCloud/vksdk/v3/object"
)

// vkSDK is github.com/SevereCloud/vksdk.
func vkSDK(base string) error {
	const peer = 7011
	at := func(wish string) *api.VK {
		vk := api.NewVK("vk1.a.tell-nobody")
		vk.MethodURL = base + "/" + wish + "/method/"
		return vk
	}
	send := func(vk *api.VK, more api.Params) error {
		more["peer_ids"], more["random_id"] = peer, 1
		_, err := vk.MessagesSendPeerIDs(more)
		return err
	}
	choice := object.NewMessagesKeyboardInline()
	choice.AddRow().AddTextButton("Домой", map[string]string{"b": "m1:0"}, "secondary")
	choice.AddRow().AddTextButton("В лавку", map[string]string{"b": "m1:1"}, "secondary")
	where := object.NewMessagesKeyboardInline()
	where.AddRow().AddLocationButton(struct{}{})
	picture, file := at("picture"), at("file")
	photos, photo := picture.UploadMessagesPhoto(peer, strings.NewReader("hello"))
	doc, document := file.UploadMessagesDoc(peer, "doc", "a.pdf", "", strings.NewReader("hello"))
	if err := errors.Join(photo, document); err != nil {
		return err
	}
	_, typing := at("typing").MessagesSetActivity(api.Params{"peer_id": peer, "type": "typing"})
	_, probe := at("probe").GroupsGetByID(api.Params{"group_id": 1000})
	return errors.Join(typing, probe,
		send(at("text"), api.Params{"message": "Привет"}),
		send(at("buttons"), api.Params{"message": "Куда?", "keyboard": choice}),
		send(at("where"), api.Params{"message": "Где вы?", "keyboard": where}),
		send(at("place"), api.Params{"lat": 55.75, "long": 37.61}),
		send(picture, api.Params{"attachment": photos[0]}),
		send(file, api.Params{"attachment": doc.Doc}))
}

// vkSDKReads gives a call to the library's own handler.
func vkSDKReads(body []byte) (sender, text string, err error) {
	cb := callback.NewCallback()
	cb.SecretKey, cb.ConfirmationKey = "S3cret", "c0nfirm"
	cb.MessageNew(func(_ context.Context, o events.MessageNewObject) {
		sender, text = strconv.Itoa(o.Message.FromID), o.Message.Text
	})
	w := httptest.NewRecorder()
	cb.HandleFunc(w, httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body)))
	if said, _ := io.ReadAll(w.Body); w.Code != http.StatusOK {
		err = fmt.Errorf("answered %d %s", w.Code, strings.TrimSpace(string(said)))
	}
	return sender, text, err
}
