package main

import (
	"net/http"
	"slices"

	"crafttalkd/channels/api"
	"crafttalkd/transport/files"
	"crafttalkd/transport/rest"
	"crafttalkd/transport/visitor"
	"crafttalkd/transport/wire"
)

// binary is a file as a body or an answer.
var binary = map[string]any{"type": "string", "format": "binary"}

const bytesMedia = "application/octet-stream"

// What a third party is refused for, beside what is wrong with the call itself.
const (
	noKey   = "the key is not one of this channel's"
	noRoom  = "not taken now; try again after Retry-After"
	noPlace = "there is no such place"
	notOurs = "the token is not one of ours, or the page is none of the widget's"
)

// beside are the calls that the channels, the files and the widget serve. They
// stand in one description with the API.
func beside() []rest.Operation {
	return slices.Concat(channelCalls(), hookCalls(), widgetCalls(), agentCalls(), wallCalls())
}

func channelCalls() []rest.Operation {
	return []rest.Operation{
		{Method: "POST", Path: "/channel/v1/:account/messages", Summary: "A message from a user of a third party", Key: rest.AccountKey,
			Body: api.Shape(), Answers: []rest.Answer{{Status: http.StatusAccepted, Doc: "kept", Of: api.Taken{}},
				{Status: http.StatusOK, Doc: "it was kept before: this became of it", Of: api.Taken{}}},
			Refusals: map[int]string{400: "the body is not a JSON object in UTF-8", 403: noKey, 404: noPlace, 413: "the body is larger than 1 MiB",
				415: "the body is not application/json", 422: "a field is not as described; the answer names it", 503: noRoom}},
		{Method: "POST", Path: "/channel/v1/:account/files", Summary: "A file for a message that follows", Key: rest.AccountKey,
			Params: []rest.Param{{Name: "user", Doc: "id of the user whose message will name it", Need: true}}, Media: bytesMedia, Body: binary,
			Answers:  []rest.Answer{{Status: http.StatusCreated, Doc: "kept", Of: files.Upload{}}},
			Refusals: map[int]string{403: noKey, 404: noPlace, 422: "there is no user, or the file is empty, too large or a program", 503: noRoom}},
		{Method: "GET", Path: files.LinkPath + ":customer/:hash", Summary: "A file by a link from an outbound message",
			Params: []rest.Param{{Name: "name", Doc: "for saving"}, {Name: "until", Doc: "when the link ends, in seconds of Unix", Need: true},
				{Name: "sign", Doc: "covers all the rest", Need: true}},
			Answers: []rest.Answer{{Status: http.StatusOK, Doc: "the file", Media: "*/*", Of: binary},
				{Status: http.StatusPartialContent, Doc: "the range that was asked for", Media: "*/*", Of: binary}},
			Refusals: map[int]string{403: "the link is forged or has ended", 404: "the file is gone"}},
	}
}

// hookCalls are those of the providers. What they send and are answered is
// their own affair.
func hookCalls() (out []rest.Operation) {
	for _, method := range []string{"GET", "POST"} {
		o := rest.Operation{Method: method, Path: "/webhooks/:kind/:account", Summary: "What a provider tells, as its own documents say",
			Answers: []rest.Answer{{Status: http.StatusOK, Doc: "kept, or the handshake that the provider asks for", Media: "*/*", Of: binary}},
			Refusals: map[int]string{400: "the body makes no sense", 401: "the signature is not the provider's", 403: "the secret is not the account's",
				404: noPlace, 413: "the body is too large", 503: noRoom}}
		if method == "POST" {
			o.Media, o.Body = "*/*", binary
		}
		out = append(out, o)
	}
	return out
}

func widgetCalls() []rest.Operation {
	const widget = "/widget/v1/:account"
	return []rest.Operation{
		{Method: "GET", Path: widget + "/config", Summary: "How the widget looks and what it says",
			Answers: []rest.Answer{{Status: http.StatusOK, Of: map[string]any{"type": "object"}},
				{Status: http.StatusNotModified, Doc: "it is as the asker remembers it"}},
			Refusals: map[int]string{403: notOurs, 404: noPlace}},
		{Method: "POST", Path: widget + "/session", Summary: "A new visitor",
			Answers:  []rest.Answer{{Status: http.StatusOK, Of: visitor.Visit{}}},
			Refusals: map[int]string{403: notOurs, 404: noPlace}},
		{Method: "GET", Path: widget + "/messages", Summary: "What the visitor may see of a conversation", Key: rest.VisitorKey,
			Params:   []rest.Param{{Name: "conversation", Doc: "the open one if it is missing"}, {Name: "after", Doc: "a version"}},
			Answers:  []rest.Answer{{Status: http.StatusOK, Of: visitor.Page{}}},
			Refusals: map[int]string{403: notOurs, 404: noPlace, 422: "after is no version"}},
		{Method: "POST", Path: widget + "/messages", Summary: "A message of the visitor", Key: rest.VisitorKey, Body: &wire.Say{},
			Answers:  []rest.Answer{{Status: http.StatusAccepted, Doc: "kept", Of: visitor.Said{}}},
			Refusals: map[int]string{403: notOurs, 404: noPlace, 422: "the message can't be read, or a field is wrong", 503: noRoom}},
		{Method: "POST", Path: widget + "/files", Summary: "A file for a message that follows", Key: rest.VisitorKey, Media: bytesMedia, Body: binary,
			Params:   []rest.Param{{Name: "name", Doc: "at most 200 characters"}},
			Answers:  []rest.Answer{{Status: http.StatusOK, Of: visitor.File{}}},
			Refusals: map[int]string{403: notOurs, 404: noPlace, 422: "the file is empty or too large", 503: noRoom}},
		{Method: "GET", Path: widget + "/files/:hash", Summary: "A file of the visitor's conversations", Key: rest.VisitorKey,
			Params: []rest.Param{{Name: "name", Doc: "for saving"}},
			Answers: []rest.Answer{{Status: http.StatusOK, Doc: "the file", Media: "*/*", Of: binary},
				{Status: http.StatusPartialContent, Doc: "the range that was asked for", Media: "*/*", Of: binary}},
			Refusals: map[int]string{403: notOurs, 404: noPlace}},
	}
}
