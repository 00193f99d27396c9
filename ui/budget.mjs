// Checks how much the built interface weighs, compressed: node budget.mjs [FOLDER].
import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = resolve(process.argv[2] ?? `${import.meta.dirname}/dist`);
const KB = 1024;
const weight = (name) => gzipSync(readFileSync(`${dist}/${name}`), { level: 9 }).length;

/** The files that a page or a chunk needs before it works: what it names, and what those name at their beginning. */
function needs(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  const text = readFileSync(`${dist}/${name}`, 'utf8');
  for (const [, file] of text.matchAll(/(?:import|from)\s*"\.\/([\w.-]+\.js)"/g)) needs(`assets/${file}`, seen);
  return seen;
}

const page = readFileSync(`${dist}/index.html`, 'utf8');
const first = new Set();
for (const [, name] of page.matchAll(/(?:src|href)="\/(assets\/[\w.-]+\.js)"/g)) needs(name, first);
const styles = [...page.matchAll(/href="\/(assets\/[\w.-]+\.css)"/g)].map((m) => m[1]);
const sum = (names) => [...names].reduce((n, name) => n + weight(name), 0);

let failed = 0;
function check(what, is, atMost) {
  const over = is > atMost * KB;
  failed += over;
  console.log(`${over ? 'OVER' : 'ok  '} ${(is / KB).toFixed(1).padStart(6)} KB of ${atMost} KB  ${what}`);
}

check('first load, scripts', sum(first), 230);
check('first load, styles', sum(styles), 45);

/** Libraries that are loaded for one kind of file or one page, and are weighed apart. */
const apart = /^(Pages|Sheet|Document|Chart|pdf\.worker)/;
const chunks = readdirSync(`${dist}/assets`).filter((name) => name.endsWith('.js'));

/** What is there already when a chunk is asked for: the first load, who asks, and what was there before that. */
function before(name, found = new Set(first)) {
  const asking = new RegExp(`import\\(.\\./${name.replaceAll('.', '\\.')}`);
  for (const c of chunks) {
    if (found.has(`assets/${c}`) || !asking.test(readFileSync(`${dist}/assets/${c}`, 'utf8'))) continue;
    needs(`assets/${c}`).forEach((n) => found.add(n));
    before(c, found);
  }
  return found;
}

for (const name of chunks) {
  const path = `assets/${name}`;
  if (first.has(path) || apart.test(name)) continue;
  const there = before(name);
  const more = [...needs(path)].filter((n) => !there.has(n));
  check(basename(name), sum(more), 40);
}
if (existsSync(`${dist}/widget/widget.js`)) check('widget', weight('widget/widget.js'), 20);
process.exit(failed > 0 ? 1 : 0);
