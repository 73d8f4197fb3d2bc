// Clean-up at the end of a test.

const hooks = new WeakMap();

/**
 * Calls `hook` when the test `t` ends. The last hook is called first, so that browsers are closed before their
 * servers, and all are called even if one fails. Node's own `t.after` stops at the first that fails, and then
 * waits for ever for the processes that were left running.
 */
export function atEnd(t, hook) {
  if (!hooks.has(t)) {
    hooks.set(t, []);
    t.after(() => callAll(hooks.get(t)));
  }
  hooks.get(t).push(hook);
}

async function callAll(all) {
  const errors = [];
  for (const hook of all.reverse()) {
    try {
      await hook();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
