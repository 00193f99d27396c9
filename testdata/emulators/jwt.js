// Microsoft's own check of the tokens of its service. Each line asks about one
// call, {"header", "serviceUrl", "channelId"}, and is answered with yes or no.
const readline = require("node:readline");
const { ChannelValidation, SimpleCredentialProvider } = require("botframework-connector");
const [metadata, appId] = process.argv.slice(2);
ChannelValidation.OpenIdMetadataEndpoint = metadata;
const credentials = new SimpleCredentialProvider(appId, "");
console.error = () => {}; // it writes why it refuses
(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const c = JSON.parse(line);
    const good = ChannelValidation.authenticateChannelTokenWithServiceUrl(c.header, credentials, c.serviceUrl, c.channelId);
    console.log(await good.then(() => "yes", () => "no"));
  }
})();
