// Builds the workspace and the widget, and puts both in the place of dist/, which
// the server embeds. Another folder may be named: node build.mjs FOLDER.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'vite';

const here = import.meta.dirname;
const out = resolve(process.argv[2] ?? `${here}/dist`);
const fresh = `${out}.new`;

rmSync(fresh, { recursive: true, force: true });
await build({ configFile: `${here}/vite.config.ts`, logLevel: 'warn', build: { outDir: fresh, emptyOutDir: true } });
if (existsSync(`${here}/widget/main.tsx`)) {
  await build({ configFile: `${here}/widget/vite.config.ts`, logLevel: 'warn', build: { outDir: `${fresh}/widget`, emptyOutDir: true } });
}
rmSync(out, { recursive: true, force: true });
renameSync(fresh, out);
