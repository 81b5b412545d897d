// Every workflow of the suite but the ones that exist in several versions (the other files here).
import {
  ApplicationFailure, CancellationScope, allHandlersFinished, condition, continueAsNew, currentUpdateInfo, defineQuery, defineSignal,
  defineUpdate, executeChild, getExternalWorkflowHandle, isCancellation, proxyActivities, proxyLocalActivities, setHandler, sleep, startChild,
  upsertMemo, upsertSearchAttributes, workflowInfo,
} from '@temporalio/workflow';

const PATIENT = { startToCloseTimeout: '30s' };

const forever = () => condition(() => false);

/** A failure and its causes as plain data, so that a scenario sees what the workflow saw. */
const plain = (err) =>
  err && {
    name: err.name, message: err.message, type: err.type, details: err.details, timeoutType: err.timeoutType, retryState: err.retryState,
    heartbeat: err.lastHeartbeatDetails, cause: plain(err.cause),
  };

const outcome = (promise) => promise.then((value) => ({ value }), (err) => ({ error: plain(err) }));

export async function give(value) {
  return value;
}

export async function lengthOf(text) {
  return text.length;
}

export async function letters(count) {
  return 'z'.repeat(count);
}

export async function wait() {
  await forever();
}

export async function explode(type) {
  throw ApplicationFailure.create({ message: 'burst', type, nonRetryable: true, details: [{ pressure: 9 }], cause: ApplicationFailure.create({ message: 'a leak' }) });
}

/** A till: `ring` and `charge` add amounts until `close`. Held charges wait for `release`. */
export async function till({ drain = false } = {}) {
  const amounts = [];
  let released = false;
  let closed = false;
  setHandler(defineSignal('ring'), (amount) => void amounts.push(amount));
  setHandler(defineSignal('release'), () => {
    released = true;
  });
  setHandler(defineSignal('close'), () => {
    closed = true;
  });
  setHandler(defineQuery('total'), () => amounts.reduce((sum, amount) => sum + amount, 0));
  setHandler(defineQuery('times'), (factor) => amounts.map((amount) => amount * factor));
  setHandler(defineQuery('jammed'), () => {
    throw new Error('the drawer is jammed');
  });
  setHandler(
    defineUpdate('charge'),
    (amount) => {
      amounts.push(amount);
      return amounts.length;
    },
    {
      validator: (amount) => {
        if (!(amount > 0)) throw ApplicationFailure.create({ message: `amount ${amount} is not positive`, type: 'Refused' });
      },
    }
  );
  setHandler(defineUpdate('hold'), async (amount) => {
    await condition(() => released);
    amounts.push(amount);
    return `held ${amount}`;
  });
  setHandler(defineUpdate('byActivity'), (name) => proxyActivities(PATIENT).greet(name));
  setHandler(defineUpdate('decline'), async () => {
    throw ApplicationFailure.create({ message: 'card declined', type: 'Declined', details: [51] });
  });
  setHandler(defineUpdate('whichUpdate'), async () => currentUpdateInfo());
  await condition(() => closed);
  if (drain) await condition(allHandlersFinished);
  return amounts;
}

export async function call(name, args = [], options = {}) {
  return await outcome(proxyActivities({ ...PATIENT, ...options })[name](...args));
}

export async function callLocally(name, args = [], options = {}) {
  return await outcome(proxyLocalActivities({ ...PATIENT, ...options })[name](...args));
}

export async function callMany(count) {
  const { greet } = proxyActivities(PATIENT);
  return await Promise.all(Array.from({ length: count }, (_, i) => greet(i)));
}

/** Cancels its activity when `stop` comes. */
export async function callAndStop(name, options) {
  const scope = new CancellationScope();
  setHandler(defineSignal('stop'), () => scope.cancel());
  return await scope
    .run(() => proxyActivities({ ...PATIENT, ...options })[name]())
    .then((value) => ({ value }), (err) => ({ cancelled: isCancellation(err), error: plain(err) }));
}

export async function nap(ms) {
  const before = Date.now();
  await sleep(ms);
  return Date.now() - before;
}

export async function alarmTurnedOff() {
  const scope = new CancellationScope();
  const alarm = scope.run(() => sleep('1 day')).then(() => 'rang', (err) => (isCancellation(err) ? 'off' : 'broken'));
  await sleep(1);
  scope.cancel();
  return await alarm;
}

export async function firstOfTwo(ms) {
  let heard = false;
  setHandler(defineSignal('hear'), () => {
    heard = true;
  });
  return await condition(() => heard, ms);
}

export async function parent(type, args = [], options = {}) {
  return await outcome(executeChild(type, { args, ...options }));
}

export async function parentThatLeaves(childId, parentClosePolicy) {
  await startChild('wait', { workflowId: childId, parentClosePolicy });
}

export async function parentThatCancels(childId) {
  const scope = new CancellationScope();
  const child = await scope.run(() => startChild('tidy', { workflowId: childId }));
  scope.cancel();
  return await outcome(child.result());
}

export async function parentThatSignals(childId) {
  const child = await startChild('till', { workflowId: childId, args: [{}] });
  await child.signal('ring', 4);
  await child.signal('close');
  return await child.result();
}

export async function tidy() {
  try {
    await forever();
  } catch (err) {
    if (!isCancellation(err)) throw err;
    return await CancellationScope.nonCancellable(() => proxyActivities(PATIENT).greet('broom'));
  }
}

export async function ringOther(workflowId, amount) {
  return await outcome(getExternalWorkflowHandle(workflowId).signal('ring', amount));
}

export async function cancelOther(workflowId) {
  return await outcome(getExternalWorkflowHandle(workflowId).cancel());
}

export async function countdown(left, seen = []) {
  const { runId } = workflowInfo();
  if (left > 0) await continueAsNew(left - 1, [...seen, runId]);
  return [...seen, runId];
}

export async function thirdTime() {
  const { attempt } = workflowInfo();
  if (attempt < 3) throw ApplicationFailure.create({ message: `attempt ${attempt}`, type: 'NotYet' });
  return attempt;
}

export async function tick() {
  return (workflowInfo().lastResult ?? 0) + 1;
}

export async function remember(memo) {
  upsertMemo(memo);
  await sleep(1);
  return workflowInfo().memo;
}

export async function tag(attributes) {
  upsertSearchAttributes(attributes);
  await forever();
}

export async function twoSteps() {
  const { serial } = proxyActivities(PATIENT);
  const first = await serial();
  const second = await serial();
  return [first, second];
}

/** A plain error fails the task, not the workflow: until the wall clock shows `instant`. */
export async function stumble() {
  let helped = false;
  setHandler(defineSignal('help'), () => void (helped = true));
  // A signal that is in the history already is told after the start.
  await Promise.resolve();
  if (!helped) throw new Error('stumbled');
  return 'up again';
}

export async function counter() {
  let count = 0;
  let done = false;
  setHandler(defineSignal('more'), () => void (count += 1));
  setHandler(defineSignal('done'), () => {
    done = true;
  });
  setHandler(defineQuery('count'), () => count);
  await condition(() => done);
  return count;
}
