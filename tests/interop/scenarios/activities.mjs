import { equal, fails, until, yes } from '../lib/check.mjs';
import { ActivityNotFoundError } from '@temporalio/client';

const QUICK = { initialInterval: '50ms', backoffCoefficient: 1 };

export default {
  'an activity returns': async (w) => {
    await w.worker();
    equal(await w.run('call', ['greet', ['you']]), { value: 'hello you' });
  },

  'fifty activities at once': async (w) => {
    await w.worker();
    equal((await w.run('callMany', [50])).length, 50);
  },

  'an activity retries until it succeeds': async (w) => {
    await w.worker();
    equal(await w.run('call', ['attempts', [2], { retry: QUICK }]), { value: 3 });
    equal(w.kept.calls, 3);
  },

  'an activity stops at its attempts': async (w) => {
    await w.worker();
    const { error } = await w.run('call', ['attempts', [9], { retry: { ...QUICK, maximumAttempts: 2 } }]);
    equal([w.kept.calls, error.name, error.retryState, error.cause.type], [2, 'ActivityFailure', 'MAXIMUM_ATTEMPTS_REACHED', 'Flaky']);
  },

  'a non-retryable failure is final': async (w) => {
    await w.worker();
    const { error } = await w.run('call', ['refuse']);
    equal([w.kept.calls, error.retryState, error.cause.type, error.cause.details], [1, 'NON_RETRYABLE_FAILURE', 'Final', ['because']]);
  },

  'a policy names types that are final': async (w) => {
    await w.worker();
    const { error } = await w.run('call', ['attempts', [9], { retry: { ...QUICK, nonRetryableErrorTypes: ['Flaky'] } }]);
    equal([w.kept.calls, error.retryState], [1, 'NON_RETRYABLE_FAILURE']);
  },

  'start-to-close times out': async (w) => {
    await w.worker();
    const { error } = await w.run('call', ['sluggish', [20_000], { startToCloseTimeout: '500ms', retry: { maximumAttempts: 1 } }]);
    equal([error.cause.name, error.cause.timeoutType], ['TimeoutFailure', 'START_TO_CLOSE']);
  },

  'schedule-to-start times out': async (w) => {
    await w.worker();
    const { error } = await w.run('call', ['greet', [], { taskQueue: w.id('empty'), scheduleToStartTimeout: '500ms' }]);
    equal(error.cause.timeoutType, 'SCHEDULE_TO_START');
  },

  'schedule-to-close spans the retries': async (w) => {
    await w.worker();
    // A moment before the second attempt, and an hour before the third: for that one there is no time left.
    const retry = { initialInterval: '100ms', backoffCoefficient: 36_000, maximumInterval: '1h' };
    const { error } = await w.run('call', ['attempts', [999], { scheduleToCloseTimeout: '10m', retry }]);
    equal([w.kept.calls, error.retryState, error.cause.message], [2, 'TIMEOUT', 'failure 2']);
  },

  'a silent activity times out with its last heartbeat': async (w) => {
    await w.worker();
    const { error } = await w.run('call', ['silent', [], { heartbeatTimeout: '700ms', retry: { maximumAttempts: 1 } }]);
    equal(error.cause.timeoutType, 'HEARTBEAT');
  },

  'heartbeat details reach the next attempt': async (w) => {
    await w.worker();
    equal(await w.run('call', ['resume', [], { heartbeatTimeout: '30s', retry: QUICK }]), { value: { page: 7 } });
  },

  'cancellation is told to the activity': async (w) => {
    await w.worker({ maxHeartbeatThrottleInterval: '100ms' });
    const handle = await w.start('callAndStop', ['untilCancelled', { heartbeatTimeout: '30s', cancellationType: 'WAIT_CANCELLATION_COMPLETED' }]);
    await until('the activity', () => w.kept.started);
    await handle.signal('stop');
    equal((await handle.result()).cancelled, true);
    yes((await w.names(handle)).includes('ACTIVITY_TASK_CANCELED'), 'no ACTIVITY_TASK_CANCELED');
  },

  'an abandoned activity does not hold the workflow': async (w) => {
    await w.worker();
    const handle = await w.start('callAndStop', ['untilCancelled', { heartbeatTimeout: '30s', cancellationType: 'ABANDON' }]);
    await until('the activity', () => w.kept.started);
    await handle.signal('stop');
    equal((await handle.result()).cancelled, true);
  },

  'an activity is completed by token': async (w) => {
    await w.worker();
    const handle = await w.start('call', ['later']);
    await until('the token', () => w.kept.tokens.length);
    await w.client.activity.heartbeat(w.kept.tokens[0], 'soon');
    await w.client.activity.complete(w.kept.tokens[0], 'from outside');
    equal(await handle.result(), { value: 'from outside' });
    await fails(w.client.activity.complete(w.kept.tokens[0], 'twice'), ActivityNotFoundError);
  },

  'an activity is failed by id': async (w) => {
    await w.worker();
    const handle = await w.start('call', ['later', [], { retry: { maximumAttempts: 1 } }]);
    await until('the activity', () => w.kept.activityId);
    await w.client.activity.fail({ workflowId: w.id(), activityId: w.kept.activityId }, new Error('from outside'));
    equal((await handle.result()).error.cause.message, 'from outside');
  },

  'a local activity is a marker': async (w) => {
    await w.worker();
    const handle = await w.start('callLocally', ['greet', ['near']]);
    equal(await handle.result(), { value: 'hello near' });
    const names = await w.names(handle);
    yes(names.includes('MARKER_RECORDED') && !names.includes('ACTIVITY_TASK_SCHEDULED'), names.join());
  },

  'a local activity retries': async (w) => {
    await w.worker();
    equal(await w.run('callLocally', ['attempts', [2], { retry: QUICK }]), { value: 3 });
  },

  'an activity waits for a worker': async (w) => {
    const workflowsOnly = await w.worker({ activities: {}, enableNonLocalActivities: false });
    const handle = await w.start('call', ['greet', ['you']]);
    await w.event(handle, 'ACTIVITY_TASK_SCHEDULED');
    await workflowsOnly.stop();
    await w.worker();
    equal(await handle.result(), { value: 'hello you' });
  },

  'pending activities are described': async (w) => {
    await w.worker();
    const handle = await w.start('call', ['attempts', [99], { retry: { initialInterval: '60s' } }]);
    const pending = await until('the first failure', async () => {
      const [first] = (await handle.describe()).raw.pendingActivities ?? [];
      return first?.lastFailure && first;
    });
    equal([pending.activityType.name, pending.attempt, pending.lastFailure.message], ['attempts', 2, 'failure 1']);
    await handle.terminate();
  },
};
