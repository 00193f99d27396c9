// A library for VK, which carries out wishes, each at an address of its own
// below the one that is named.
const http = require("node:http");
const { VK, Keyboard } = require("vk-io");

const base = process.argv[2];
const peer_ids = 7011;
const at = (w) => new VK({ token: "vk1.a.tell-nobody", apiBaseUrl: `${base}/${w}/method`, agent: http.globalAgent, apiRetryLimit: 0 });
const choice = (label, payload) => Keyboard.textButton({ label, payload: { b: payload }, color: "secondary" });

(async () => {
  const send = (vk, more) => vk.api.messages.send({ peer_ids, random_id: 1, ...more });
  await send(at("text"), { message: "Привет" });
  const rows = [[choice("Домой", "m1:0")], [choice("В лавку", "m1:1")]];
  await send(at("buttons"), { message: "Куда?", keyboard: Keyboard.keyboard(rows).inline() });
  await send(at("where"), { message: "Где вы?", keyboard: Keyboard.keyboard([[Keyboard.locationRequestButton({ payload: {} })]]).inline() });
  await send(at("place"), { lat: 55.75, long: 37.61 });
  const value = { value: Buffer.from("hello") };
  const picture = at("picture");
  const photo = await picture.upload.messagePhoto({ peer_id: peer_ids, source: { values: { ...value, filename: "a.jpg", contentType: "image/jpeg" } } });
  await send(picture, { attachment: String(photo) });
  const file = at("file");
  const doc = await file.upload.messageDocument({ peer_id: peer_ids, title: "a.pdf", source: { values: { ...value, filename: "a.pdf", contentType: "application/pdf" } } });
  await send(file, { attachment: String(doc) });
  await at("typing").api.messages.setActivity({ peer_id: peer_ids, type: "typing" });
  await at("probe").api.groups.getById({ group_id: 1000 });
})().then(
  () => process.exit(0),
  (e) => {
    console.error(e);
    process.exit(1);
  },
);
