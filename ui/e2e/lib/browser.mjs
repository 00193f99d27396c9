// Chromium, and persons in it: each has a context of its own, so that nothing
// is shared but the server. A console error or a failed request is a failure.
import { chromium } from 'playwright-core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

export async function startBrowser() {
  return chromium.launch({ executablePath, args, headless: true });
}

/** person opens a page. What goes wrong in it is gathered in complaints. */
export async function person(browser, { scheme = 'light', viewport = { width: 1440, height: 900 }, ...more } = {}) {
  const context = await browser.newContext({
    locale: 'ru-RU', timezoneId: 'Europe/Moscow', reducedMotion: 'reduce', colorScheme: scheme, viewport, ...more,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints = [];
  let forgiving = false;
  page.on('console', (m) => {
    if (m.type() === 'error' && !forgiving) complaints.push(`console: ${m.text()}`);
  });
  page.on('pageerror', (e) => complaints.push(`error: ${e.message}`));
  page.on('requestfailed', (r) => {
    if (!forgiving && !/ERR_ABORTED/.test(r.failure()?.errorText ?? '')) complaints.push(`request: ${r.url()} ${r.failure()?.errorText}`);
  });
  return { context, page, complaints, forgive: (yes) => { forgiving = yes; } };
}

const shots = process.env.CRAFTTALK_SHOTS;

/** shot takes a picture if pictures are asked for by CRAFTTALK_SHOTS. */
export async function shot(page, name) {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`) });
}

/** noViolations runs axe on the page as it is, by all of its rules or by those named. */
export async function noViolations(page, what, rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const found = await page.evaluate((runOnly) => globalThis.axe.run(document, { runOnly, resultTypes: ['violations'] }), rules);
  if (found.violations.length > 0) {
    const told = found.violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.slice(0, 4).map((n) => n.html.slice(0, 220)).join('\n    ')}`);
    throw new Error(`${what}: axe finds\n  ${told.join('\n  ')}`);
  }
}

/** seen looks at a screen as it is, in dark and in light: axe finds nothing there, and a picture is taken of each. */
export async function seen(page, name) {
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme });
    await page.waitForFunction((scheme) => (document.documentElement.dataset.mantineColorScheme ?? scheme) === scheme, colorScheme);
    await still(page);
    await noViolations(page, `${name}, ${colorScheme}`);
    await shot(page, `${name}-${colorScheme}`);
  }
}

/** still waits until nothing moves or fades any more. */
function still(page) {
  return page.waitForFunction(() => document.getAnimations().every((a) => a.playState !== 'running' || a.effect?.getTiming().iterations === Infinity));
}
