// The Telegram of others, on the port that is named.
const all = require("telegram-test-api");
const Server = all.default || all.TelegramServer || all;
const server = new Server({ port: Number(process.argv[2]), host: "127.0.0.1", storage: "RAM", storeTimeout: 600 });
server.start().then(() => console.log("ready"));
process.stdin.on("end", () => process.exit(0)).resume(); // ends with whoever started it
