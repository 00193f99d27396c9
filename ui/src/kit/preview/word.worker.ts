/** Reads a document beside the page, so that a file made to last for ever can be given up. */
import { readWord } from './word';

self.addEventListener('message', (e: MessageEvent<ArrayBuffer>) => {
  try {
    self.postMessage({ read: readWord(new Uint8Array(e.data)) });
  } catch {
    self.postMessage({ broken: true });
  }
});
