// A small runner: named cases, two at a time, and a last line that counts.
const cases = [];

export function test(name, run) {
  cases.push({ name, run });
}

export function expect(holds, why) {
  if (!holds) throw new Error(why);
}

/** How many cases are played at once: each has a server and a browser of its own. */
const atOnce = Number(process.env.CRAFTTALK_AT_ONCE ?? 2);

/** runAll plays the cases whose names hold the filter and returns how many failed. */
export async function runAll(filter = '') {
  const waiting = cases.filter((c) => c.name.includes(filter));
  const count = { passed: 0, failed: 0 };
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let c = waiting.shift(); c; c = waiting.shift()) await play(c, count);
  }));
  console.log(`${count.passed} passed, ${count.failed} failed`);
  return count.failed;
}

async function play(c, count) {
  const begun = performance.now();
  try {
    await c.run();
    count.passed++;
    console.log(`ok    ${c.name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  } catch (err) {
    count.failed++;
    console.log(`FAIL  ${c.name}\n${err.stack ?? err}`);
  }
}
