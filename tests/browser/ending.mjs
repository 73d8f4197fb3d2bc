// Clean-up at the end of a test.

const hooks = new WeakMap();

/**
 * Calls `hook` when the test `t` ends. All hooks are called even if one fails. Node's own `t.after` stops at the
 * first that fails, and then waits for ever for the processes that were left running.
 */
export function atEnd(t, hook) {
  hooksOf(t).servers.push(hook);
}

/**
 * Calls `hook`, which closes a browser, before those of `atEnd`. A page asks for its icon after it is shown, and
 * the console has an error if its server is gone by then.
 */
export function closeAtEnd(t, hook) {
  hooksOf(t).browsers.push(hook);
}

function hooksOf(t) {
  if (!hooks.has(t)) {
    const all = { browsers: [], servers: [] };
    hooks.set(t, all);
    t.after(() => callAll([...all.browsers.reverse(), ...all.servers.reverse()]));
  }
  return hooks.get(t);
}

async function callAll(all) {
  const errors = [];
  for (const hook of all) {
    try {
      await hook();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
