// A small runner: named cases, two at a time, and a last line that counts. What fails
// is played once more when all the others are done: a machine with much to do is
// slow, and is told from a fault that stays. The last lines name what needed it.
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
  const all = waiting.length;
  const unsteady = [];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let c = waiting.shift(); c; c = waiting.shift()) if (!(await plays(c))) unsteady.push(c);
  }));
  const failed = [];
  for (const c of unsteady) if (!(await plays(c))) failed.push(c);
  for (const c of unsteady) console.log(failed.includes(c) ? `failed twice: ${c.name}` : `passed at the second try: ${c.name}`);
  console.log(`${all - failed.length} passed, ${failed.length} failed`);
  return failed.length;
}

/** plays plays a case and tells whether it passed. */
async function plays(c) {
  const begun = performance.now();
  try {
    await c.run();
    console.log(`ok    ${c.name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
    return true;
  } catch (err) {
    console.log(`FAIL  ${c.name}\n${err.stack ?? err}`);
    return false;
  }
}
