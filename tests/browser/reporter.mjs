// Prints the results of `node --test` in the format of `cargo test`, so that all counts of `scripts/test` look the
// same.

export default async function* (events) {
  const counts = { ok: 0, FAILED: 0, ignored: 0 };
  const failures = [];
  for await (const { type, data } of events) {
    if (type === "test:stdout") yield data.message;
    if (type !== "test:pass" && type !== "test:fail") continue;
    // Some versions of Node count a test file as a test.
    const isFile = type === "test:pass" && data.name.endsWith(".mjs");
    if (isFile || data.details.type === "suite") continue;
    const verdict = type === "test:fail" ? "FAILED" : data.skip !== undefined ? "ignored" : "ok";
    counts[verdict] += 1;
    yield `test ${data.name} ... ${verdict}\n`;
    if (verdict !== "FAILED") continue;
    failures.push(data.name);
    // At once: a run that is cut off prints no summary.
    yield `---- ${data.name} ----\n${reason(data.details.error)}\n\n`;
  }
  if (failures.length > 0) yield `\nfailures:\n    ${failures.join("\n    ")}\n`;
  const verdict = counts.FAILED === 0 ? "ok" : "FAILED";
  yield `\ntest result: ${verdict}. ${counts.ok} passed; ${counts.FAILED} failed; ${counts.ignored} ignored\n`;
}

function reason(error) {
  const cause = error?.cause ?? error;
  return cause?.stack ?? String(cause);
}
