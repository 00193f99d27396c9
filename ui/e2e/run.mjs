// Plays every end-to-end case against a real server in a real browser:
// node e2e/run.mjs [part of a name]
import { readdirSync } from 'node:fs';
import { runAll } from './lib/test.mjs';

for (const name of readdirSync(import.meta.dirname).filter((n) => n.endsWith('.e2e.mjs')).sort()) {
  await import(`./${name}`);
}
process.exit((await runAll(process.argv[2])) > 0 ? 1 : 0);
