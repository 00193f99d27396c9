// Two libraries for Viber. "send LIBRARY BASE" carries out wishes, each at an
// address of its own below BASE; "read" reads calls of Viber, one a line,
// {"name", "signature", "body"}, and tells what they say.
const readline = require("node:readline");
const { Bot, Events, Message, UserProfile } = require("viber-bot");
const { ViberClient } = require("messaging-api-viber");

const token = "44dafb7e0f40021e-61a47a1e6778d187-f2c5a676a07050b3";
const customer = "01234abc=";
const name = "Лавка чая";
const events = ["delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"];
const button = (ActionType, ActionBody, Text, Columns) => ({ Columns, Rows: 1, ActionType, ActionBody, Text });
const choice = { Type: "keyboard", Buttons: [button("reply", "Домой", "Домой", 3), button("reply", "В лавку", "В лавку", 3)] };
const wish = { Type: "keyboard", Buttons: [button("share-phone", "phone", "Отправить номер", 6)] };
const file = { media: "https://files.example/a.pdf", size: 5, name: "a.pdf" };
const picture = "https://files.example/a.jpg";

async function viberBot(base) {
  const at = (w) => {
    const bot = new Bot({ authToken: token, name, avatar: undefined });
    bot._client._url = `${base}/${w}`;
    return bot;
  };
  const send = (w, message) => at(w).sendMessage(new UserProfile(customer), message);
  await send("text", new Message.Text("Привет", null, null, null, null, 1));
  await send("buttons", new Message.Text("Куда?", choice, null, null, null, 1));
  await send("phone", new Message.Text("Ваш номер?", wish, null, null, null, 3));
  await send("picture", new Message.Picture(picture, "", null, null, null, null, null, 1));
  await send("file", new Message.File(file.media, file.size, file.name, null, null, null, null, 1));
  await send("place", new Message.Location(55.75, 37.61, null, null, null, null, 1));
  await at("probe").getBotProfile();
  const hook = at("webhook");
  hook._client._subscribedEvents = events;
  await hook.setWebhook("https://support.example/hook");
}

async function messagingApi(base) {
  const at = (w) => new ViberClient({ accessToken: token, sender: { name }, origin: `${base}/${w}` });
  await at("text").sendText(customer, "Привет", { minApiVersion: 1 });
  await at("buttons").sendText(customer, "Куда?", { minApiVersion: 1, keyboard: choice });
  await at("phone").sendText(customer, "Ваш номер?", { minApiVersion: 3, trackingData: "phone", keyboard: wish });
  await at("picture").sendPicture(customer, { text: "", media: picture }, { minApiVersion: 1 });
  await at("file").sendFile(customer, { media: file.media, size: file.size, fileName: file.name }, { minApiVersion: 1 });
  await at("place").sendLocation(customer, { lat: 55.75, lon: 37.61 }, { minApiVersion: 1 });
  await at("probe").getAccountInfo();
  await at("webhook").setWebhook("https://support.example/hook", { eventTypes: events, sendName: true, sendPhoto: true });
}

// The library's own server checks the signature only where Viber has put it in
// the query.
async function read() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const c = JSON.parse(line);
    const bot = new Bot({ authToken: token, name, avatar: "" });
    const told = { Name: c.name };
    bot.on(Events.MESSAGE_RECEIVED, (m, r) => Object.assign(told, { Sender: r.userProfile.id, Text: m.text || "" }));
    bot.on(Events.ERROR, (e) => (told.Fault = String(e)));
    const app = bot.middleware();
    const server = app.listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    const url = `http://127.0.0.1:${server.address().port}/?sig=${c.signature}`;
    const answer = await fetch(url, { method: "POST", body: c.body, signal: AbortSignal.timeout(3000) }).catch(() => ({ status: 0 }));
    if (answer.status !== 200) told.Fault = `answered ${answer.status}`;
    server.closeAllConnections();
    server.close();
    console.log(JSON.stringify(told));
  }
}

const [what, library, base] = process.argv.slice(2);
const done = what === "read" ? read() : library === "viber-bot" ? viberBot(base) : messagingApi(base);
done.catch((e) => {
  console.error(e);
  process.exit(1);
});
