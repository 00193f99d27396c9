// A library for Facebook's Messenger, which carries out wishes, each at an
// address of its own below the one that is named.
const { MessengerClient } = require("messaging-api-messenger");

const base = process.argv[2];
const customer = "7011";
const response = { messagingType: "RESPONSE" };
const at = (w) => new MessengerClient({ accessToken: "EAAG-tell-nobody", appSecret: "app-secret-tell-nobody", origin: `${base}/${w}`, version: "25.0" });
const reply = (title, payload) => ({ contentType: "text", title, payload });

(async () => {
  await at("text").sendText(customer, "Привет", response);
  const quickReplies = [reply("Домой", "m1:0"), reply("В лавку", "m1:1")];
  await at("buttons").sendText(customer, "Куда?", { ...response, quickReplies });
  await at("phone").sendText(customer, "Ваш номер?", { ...response, quickReplies: [{ contentType: "user_phone_number" }] });
  const file = (filename) => ({ ...response, filename });
  await at("picture").sendImage(customer, Buffer.from("hello"), file("a.jpg"));
  await at("file").sendFile(customer, Buffer.from("hello"), file("a.pdf"));
  await at("typing").typingOn(customer);
  await at("probe").getPageInfo();
})().catch((e) => {
  console.error(e);
  process.exit(1);
});
