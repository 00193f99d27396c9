// MAX's own library, which carries out wishes, each at an address of its own
// below the one that is named.
const { Bot, Keyboard } = require("@maxhub/max-bot-api");

const base = process.argv[2];
const customer = 7011;
const at = (w) => new Bot("f9LHodD0cOL-tell-nobody", { clientOptions: { baseUrl: `${base}/${w}/` } }).api;
const keyboard = (...rows) => Keyboard.inlineKeyboard(rows.map((b) => [b]));
const { callback, requestContact, requestGeoLocation } = Keyboard.button;

(async () => {
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
})().catch((e) => {
  console.error(e);
  process.exit(1);
});
