import assert from 'node:assert/strict';

export class Skip extends Error {}

export const skip = (reason) => {
  throw new Skip(reason);
};

export const equal = (actual, expected, what) =>
  assert.deepStrictEqual(JSON.parse(JSON.stringify(actual ?? null)), JSON.parse(JSON.stringify(expected ?? null)), what && `${what}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);

export const yes = (value, what) => assert.ok(value, what);

/** The error that `promise` ends with; `kind` is its class. */
export async function fails(promise, kind, what = 'it') {
  let value;
  try {
    value = await promise;
  } catch (err) {
    if (kind && !(err instanceof kind)) throw new Error(`${what} failed with ${words(err)}, not ${kind.name}`);
    return err;
  }
  throw new Error(`${what} succeeded with ${JSON.stringify(value)}`);
}

const CODES = ['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS', 'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'];

export function codeOf(err) {
  for (let e = err; e; e = e.cause) if (typeof e.code === 'number' && CODES[e.code]) return CODES[e.code];
  return undefined;
}

export async function failsWith(code, promise, what = 'it') {
  const err = await fails(promise, undefined, what);
  if (codeOf(err) !== code) throw new Error(`${what} failed with ${codeOf(err)} (${words(err)}), not ${code}`);
  return err;
}

/** An error and its causes on one line. */
export function words(err) {
  const parts = [];
  for (let e = err; e && parts.length < 6; e = e.cause) parts.push(`${e.constructor?.name}: ${e.message}`);
  return parts.join(' <- ').replace(/\s*\n\s*/g, ' | ');
}

/** Asks until the answer is truthy: for what the server only promises to show soon. */
export async function until(what, ask, { within = 60_000 } = {}) {
  const end = Date.now() + within;
  for (let last; ; ) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (err) {
      if (err instanceof Skip) throw err;
      last = err;
    }
    if (Date.now() > end) throw new Error(`waited ${within} ms for ${what}${last ? `, last ${words(last)}` : ''}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}
