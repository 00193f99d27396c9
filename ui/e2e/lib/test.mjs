// A small runner: named cases, one after another, and a last line that counts.
const cases = [];

export function test(name, run) {
  cases.push({ name, run });
}

export function expect(holds, why) {
  if (!holds) throw new Error(why);
}

/** runAll plays the cases whose names hold the filter and returns how many failed. */
export async function runAll(filter = '') {
  let failed = 0;
  let passed = 0;
  for (const c of cases.filter((c) => c.name.includes(filter))) {
    const begun = performance.now();
    try {
      await c.run();
      passed++;
      console.log(`ok    ${c.name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
    } catch (err) {
      failed++;
      console.log(`FAIL  ${c.name}\n${err.stack ?? err}`);
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed;
}
