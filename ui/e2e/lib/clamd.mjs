// A virus scanner as the server knows one: INSTREAM of clamd's protocol. What
// holds the word is a virus.
import { createServer } from 'node:net';
import { once } from 'node:events';

export const virus = 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE';

/** startClamd listens on a free port until it is closed. */
export async function startClamd() {
  const listener = createServer((socket) => {
    let heard = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (piece) => {
      heard = Buffer.concat([heard, piece]);
      const said = streamed(heard);
      if (said !== undefined) socket.end(said.includes(virus) ? 'stream: Eicar-Test FOUND\0' : 'stream: OK\0');
    });
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return { address: `127.0.0.1:${listener.address().port}`, close: () => listener.close() };
}

/** streamed is the file behind the command, once all its pieces are there. */
function streamed(heard) {
  const pieces = [];
  for (let at = heard.indexOf(0) + 1; at > 0 && at + 4 <= heard.length;) {
    const size = heard.readUInt32BE(at);
    if (size === 0) return Buffer.concat(pieces).toString('latin1');
    pieces.push(heard.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return undefined;
}
