// The Direct Line of others, on the port that is named, before the bot that is
// named.
const { getRouter } = require("offline-directline");
const express = require(require.resolve("express", { paths: [require.resolve("offline-directline")] }));
const [port, bot] = process.argv.slice(2);
console.log = () => {}; // it tells all that it does
express()
  .use(getRouter(`http://127.0.0.1:${port}`, bot))
  .listen(Number(port), "127.0.0.1", () => process.stdout.write("ready\n"));
process.stdin.on("end", () => process.exit(0)).resume(); // ends with whoever started it
