package api

// Taken is the answer to a message that is kept.
type Taken struct {
	ConversationID string `json:"conversation_id"`
	MessageID      string `json:"message_id"`
	Version        uint64 `json:"version" doc:"of the conversation, with the message"`
}

// An object is a part of a JSON Schema of the draft 2020-12.
type object = map[string]any

// Shape is the body of an inbound message as a JSON Schema: what [Inbound]
// takes, and nothing else. What the schema can't say is that a fraction of zero
// is no whole number, and that names are taken in any case.
func Shape() map[string]any {
	body := fields(object{
		"id":          text(1, maxID, "known by it: given again, it is the same message"),
		"user":        person(),
		"text":        orNull(text(0, maxText, "")),
		"attachments": object{"type": []string{"array", "null"}, "maxItems": maxFiles, "items": attachment()},
		"button":      pressed(),
		"location":    spot(),
		"order": object{"type": []string{"integer", "null"}, "minimum": 0, "maximum": int64(1<<63 - 1),
			"description": "rises with every message of the user; 0 says nothing"},
		"sent_at": object{"type": []string{"string", "null"}, "maxLength": 50,
			"anyOf": []object{{"type": "null"}, {"const": ""}, {"format": "date-time"}}},
		"link": orNull(text(0, maxID, "of an invitation that the user followed")),
	}, "id", "user")
	body["anyOf"] = []object{
		with("text", object{"type": "string", "minLength": 1}),
		with("attachments", object{"type": "array", "minItems": 1}),
		with("button", object{"type": "object"}),
		with("location", object{"type": "object"}),
	}
	return body
}

func person() object {
	return fields(object{
		"id":    text(1, maxID, "of the user at the third party"),
		"name":  orNull(text(0, maxName, "")),
		"phone": orNull(text(0, 50, "")),
		"email": orNull(text(0, 254, "")),
	}, "id")
}

func attachment() object {
	f := fields(object{
		"url":       orNull(text(0, maxURL, "where the file is fetched")),
		"upload_id": orNull(text(0, maxID, "of a file that was brought before")),
		"name":      orNull(text(0, maxName, "")),
		"mime":      orNull(text(0, maxName, "")),
		"size":      object{"type": []string{"integer", "null"}, "minimum": 0, "maximum": int64(1<<63 - 1)},
	})
	f["oneOf"] = []object{
		with("url", object{"type": "string", "pattern": `^[hH][tT][tT][pP][sS]?://[^/?#\s]`}),
		with("upload_id", object{"type": "string", "minLength": 1}),
	}
	f["properties"].(object)["url"].(object)["pattern"] = `^([hH][tT][tT][pP][sS]?://[^/?#\s][^\x00]*)?$`
	return f
}

func pressed() object {
	return orNull(fields(object{"caption": text(1, maxName, "of the button that was pressed"), "value": orNull(text(0, maxURL, ""))}, "caption"))
}

func spot() object {
	degrees := func(most int) object {
		return object{"type": []string{"number", "null"}, "minimum": -most, "maximum": most}
	}
	return orNull(fields(object{"latitude": degrees(90), "longitude": degrees(180)}))
}

// fields is an object that has these fields alone.
func fields(properties object, required ...string) object {
	f := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		f["required"] = required
	}
	return f
}

// text is a string without NUL, of so many characters.
func text(least, most int, doc string) object {
	t := object{"type": "string", "maxLength": most, "pattern": `^[^\x00]*$`}
	if least > 0 {
		t["minLength"] = least
	}
	if doc != "" {
		t["description"] = doc
	}
	return t
}

// orNull lets null stand for what is not there.
func orNull(o object) object {
	o["type"] = []string{o["type"].(string), "null"}
	return o
}

// with asks for a field of a kind.
func with(name string, of object) object {
	return object{"required": []string{name}, "properties": object{name: of}}
}
