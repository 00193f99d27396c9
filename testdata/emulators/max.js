// MAX's own library. "send BASE" carries out wishes, each at an address of its
// own below BASE; "read" reads calls of MAX, {"name", "body"}, one a line, and
// tells what they say.
const readline = require("node:readline");
const { Bot, Keyboard } = require("@maxhub/max-bot-api");

const [what, base] = process.argv.slice(2);
const customer = 7011;
const at = (w) => new Bot("f9LHodD0cOL-tell-nobody", { clientOptions: { baseUrl: `${base}/${w}/` } }).api;
const keyboard = (...rows) => Keyboard.inlineKeyboard(rows.map((b) => [b]));
const { callback, requestContact, requestGeoLocation } = Keyboard.button;

async function sendAll() {
  const send = (w, text, ...attachments) => at(w).sendMessageToUser(customer, text, attachments.length ? { attachments } : {});
  await send("text", "Привет");
  await send("buttons", "Куда?", keyboard(callback("Домой", "m1:0"), callback("В лавку", "m1:1")));
  await send("phone", "Ваш номер?", keyboard(requestContact("Отправить номер")));
  await send("where", "Где вы?", keyboard(requestGeoLocation("Отправить местоположение")));
  await send("place", undefined, { type: "location", latitude: 55.75, longitude: 37.61 });
  const picture = await at("picture").uploadImage({ source: Buffer.from("hello") });
  await send("picture", undefined, picture.toJson());
  const file = await at("file").uploadFile({ source: Buffer.from("hello") });
  await send("file", undefined, file.toJson());
  await at("probe").getMyInfo();
  await at("webhook").getSubscriptions();
  const kinds = ["message_created", "message_edited", "message_removed", "message_callback", "bot_started", "bot_stopped"];
  await at("webhook").subscribe("https://support.example/hook", "token-of-max-webhook", kinds);
}

async function readAll() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const c = JSON.parse(line);
    const told = { Name: c.name };
    const bot = new Bot("f9LHodD0cOL-tell-nobody");
    bot.botInfo = { user_id: 1, name: "Лавка", username: "teashop" }; // else it asks MAX
    bot.on("message_created", (m) => Object.assign(told, { Sender: String(m.user.user_id), Text: m.message.body.text || "" }));
    bot.catch((e) => (told.Fault = String(e)));
    await bot.handleUpdate(JSON.parse(c.body)).catch((e) => (told.Fault = String(e)));
    console.log(JSON.stringify(told));
  }
}

(what === "read" ? readAll() : sendAll()).catch((e) => {
  console.error(e);
  process.exit(1);
});
