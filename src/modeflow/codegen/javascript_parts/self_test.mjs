/**
 * Every function against true values.
 *
 * @returns {{ name: string, found: number, expected: number, error: number, allowed: number, passed: boolean }[]}
 *   a row for each value; error and allowed are in units in its last place
 */
export function selfTest() {
  return CASES.flatMap(([name, compute, at, expected]) => {
    const found = [compute(...at)].flat();
    return expected.map((truth, place) => judged(`${name}(${at.join(", ")})[${place}]`, found[place], truth));
  });
}

/** NaN passes nothing. */
function judged(name, found, [expected, rest, unit, allowed]) {
  const error = Math.abs(found - expected - rest) / unit;
  return { name, found, expected, error, allowed, passed: error <= allowed };
}

if (typeof process !== "undefined" && process.argv?.[1]?.endsWith("self_test.mjs")) {
  const rows = selfTest();
  for (const row of rows) {
    const said = `${row.name}: ${row.found}, error ${row.error.toPrecision(2)} ulp`;
    console.log(`${row.passed ? "passed" : "FAILED"} ${said} (expected ${row.expected}, allowed ${row.allowed} ulp)`);
  }
  const failed = rows.filter((row) => !row.passed).length;
  console.log(`${rows.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || rows.length === 0 ? 1 : 0;
}
