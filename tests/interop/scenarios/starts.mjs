import { randomUUID } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { equal, fails, failsWith, until, yes } from '../lib/check.mjs';
import { temporal } from '../lib/world.mjs';

const { WorkflowIdReusePolicy, WorkflowIdConflictPolicy } = temporal.api.enums.v1;

/** Starts an id a second time under every pair of policies; `rows` says what must come of each. */
async function secondStarts(w, bring, rows) {
  await Promise.all(
    rows.map(async ([reuse, conflict, expected]) => {
      const workflowId = w.id(`${reuse}-${conflict}`);
      const first = await bring(workflowId);
      const second = w.service.startWorkflowExecution(
        w.rawStart({
          workflowId,
          workflowIdReusePolicy: WorkflowIdReusePolicy[`WORKFLOW_ID_REUSE_POLICY_${reuse}`],
          workflowIdConflictPolicy: WorkflowIdConflictPolicy[`WORKFLOW_ID_CONFLICT_POLICY_${conflict}`],
        })
      );
      const what = `${reuse} with ${conflict}`;
      if (expected === 'attach') equal([(await second).runId, (await second).started], [first, false], what);
      else if (expected === 'new') yes((await second).runId !== first, `${what}: no new run`);
      else await failsWith(expected, second, what);
    })
  );
}

const EXISTS = 'ALREADY_EXISTS';
const INVALID = 'INVALID_ARGUMENT';

export default {
  'start a second time while running': (w) =>
    secondStarts(w, async (workflowId) => (await w.start('wait', [], { workflowId })).firstExecutionRunId, [
      ['ALLOW_DUPLICATE', 'FAIL', EXISTS],
      ['ALLOW_DUPLICATE', 'UNSPECIFIED', EXISTS],
      ['ALLOW_DUPLICATE', 'USE_EXISTING', 'attach'],
      ['ALLOW_DUPLICATE', 'TERMINATE_EXISTING', 'new'],
      ['ALLOW_DUPLICATE_FAILED_ONLY', 'USE_EXISTING', 'attach'],
      ['ALLOW_DUPLICATE_FAILED_ONLY', 'TERMINATE_EXISTING', 'new'],
      ['REJECT_DUPLICATE', 'FAIL', EXISTS],
      ['REJECT_DUPLICATE', 'USE_EXISTING', 'attach'],
      ['REJECT_DUPLICATE', 'TERMINATE_EXISTING', INVALID],
      ['TERMINATE_IF_RUNNING', 'UNSPECIFIED', 'new'],
      ['TERMINATE_IF_RUNNING', 'FAIL', INVALID],
    ]),

  'start a second time after completion': async (w) => {
    await w.worker();
    const bring = async (workflowId) => {
      const handle = await w.start('give', [1], { workflowId });
      await handle.result();
      return handle.firstExecutionRunId;
    };
    await secondStarts(w, bring, [
      ['ALLOW_DUPLICATE', 'FAIL', 'new'],
      ['ALLOW_DUPLICATE', 'USE_EXISTING', 'new'],
      ['ALLOW_DUPLICATE_FAILED_ONLY', 'FAIL', EXISTS],
      ['ALLOW_DUPLICATE_FAILED_ONLY', 'USE_EXISTING', EXISTS],
      ['REJECT_DUPLICATE', 'FAIL', EXISTS],
      ['TERMINATE_IF_RUNNING', 'UNSPECIFIED', 'new'],
    ]);
  },

  'start a second time after termination': (w) =>
    secondStarts(
      w,
      async (workflowId) => {
        const handle = await w.start('wait', [], { workflowId });
        await handle.terminate();
        return handle.firstExecutionRunId;
      },
      [
        ['ALLOW_DUPLICATE', 'FAIL', 'new'],
        ['ALLOW_DUPLICATE_FAILED_ONLY', 'FAIL', 'new'],
        ['REJECT_DUPLICATE', 'FAIL', EXISTS],
      ]
    ),

  'the error of a second start names the first run': async (w) => {
    await w.start('wait');
    const err = await fails(w.start('wait'), WorkflowExecutionAlreadyStartedError);
    equal([err.workflowId, err.workflowType], [w.id(), 'wait']);
  },

  'one request id starts once': async (w) => {
    const request = w.rawStart();
    const [first, second] = [await w.service.startWorkflowExecution(request), await w.service.startWorkflowExecution(request)];
    equal(second.runId, first.runId, 'run');
    await failsWith(EXISTS, w.service.startWorkflowExecution({ ...request, requestId: randomUUID() }), 'another request');
  },

  'starts without what they need are refused': async (w) => {
    await failsWith(INVALID, w.service.startWorkflowExecution(w.rawStart({ workflowId: '' })), 'no id');
    await failsWith(INVALID, w.service.startWorkflowExecution(w.rawStart({ workflowType: {} })), 'no type');
    await failsWith(INVALID, w.service.startWorkflowExecution(w.rawStart({ taskQueue: {} })), 'no task queue');
    await failsWith(INVALID, w.service.startWorkflowExecution(w.rawStart({ workflowId: 'x'.repeat(1001) })), 'an id of 1001 letters');
    await failsWith('NOT_FOUND', w.service.startWorkflowExecution(w.rawStart({ namespace: 'nowhere' })), 'an unknown namespace');
  },

  'results and arguments keep their types': async (w) => {
    await w.worker();
    for (const value of [null, true, 12.5, 'größer 支払い', [1, [2]], { a: { b: [] } }]) equal(await w.run('give', [value]), value);
    equal(await w.run('give'), null, 'nothing');
  },

  'a failure keeps type, details and cause': async (w) => {
    await w.worker();
    const { cause } = await fails(w.run('explode', ['Pipe']), WorkflowFailedError);
    equal([cause.message, cause.type, cause.nonRetryable, cause.details, cause.cause.message], ['burst', 'Pipe', true, [{ pressure: 9 }], 'a leak']);
  },

  'a start with delay waits': async (w) => {
    await w.worker();
    const handle = await w.start('give', ['late'], { startDelay: '1500ms' });
    equal(await handle.result(), 'late');
    const [started, scheduled] = (await w.events(handle)).map(({ eventTime }) => Number(eventTime.seconds) * 1000 + eventTime.nanos / 1e6);
    yes(scheduled - started >= 1499, 'the delay was cut short');
  },

  'a run timeout ends the run': async (w) => {
    const { cause } = await fails(w.run('wait', [], { workflowRunTimeout: '1s' }), WorkflowFailedError);
    equal([cause.name, cause.timeoutType], ['TimeoutFailure', 'START_TO_CLOSE']);
  },

  'an execution timeout ends every run': async (w) => {
    await w.worker();
    // A moment before the second run, and an hour before the third: for that one there is no time left.
    const retry = { initialInterval: '100ms', maximumAttempts: 9, backoffCoefficient: 36_000, maximumInterval: '1h' };
    const handle = await w.start('thirdTime', [], { workflowExecutionTimeout: '10m', retry });
    equal((await fails(handle.result(), WorkflowFailedError)).cause.message, 'attempt 2');
    yes((await handle.describe()).runId !== handle.firstExecutionRunId, 'it never retried');
  },

  'a workflow retries by its policy': async (w) => {
    await w.worker();
    equal(await w.run('thirdTime', [], { retry: { initialInterval: '100ms', backoffCoefficient: 1 } }), 3);
  },

  'a retry policy gives up at its attempts': async (w) => {
    await w.worker();
    const { cause } = await fails(w.run('thirdTime', [], { retry: { initialInterval: '100ms', maximumAttempts: 2 } }), WorkflowFailedError);
    equal(cause.message, 'attempt 2');
  },

  'a cron schedule runs again with the last result': async (w) => {
    await w.worker();
    const handle = await w.start('tick', [], { cronSchedule: '@every 1s' });
    await until('a second run', async () => (await handle.describe()).runId !== handle.firstExecutionRunId);
    equal(await w.workflows.getHandle(w.id(), handle.firstExecutionRunId, { followRuns: false }).result(), 1, 'first run');
    await w.workflows.getHandle(w.id()).terminate();
  },

  'an eager start gives the task to the client': async (w) => {
    const answer = await w.service.startWorkflowExecution(w.rawStart({ requestEagerExecution: true }));
    yes(answer.eagerWorkflowTask?.taskToken?.length > 0, 'no task in the answer');
    equal(answer.eagerWorkflowTask.history.events.length, 3, 'events of the task');
  },

  'continue-as-new makes a chain': async (w) => {
    await w.worker();
    const handle = await w.start('countdown', [3]);
    const runs = await handle.result();
    equal([runs.length, new Set(runs).size, runs[0]], [4, 4, handle.firstExecutionRunId]);
    const first = w.workflows.getHandle(w.id(), runs[0]);
    equal((await w.names(first)).at(-1), 'WORKFLOW_EXECUTION_CONTINUED_AS_NEW');
    equal((await first.describe()).status.name, 'CONTINUED_AS_NEW');
  },

  'terminate ends with its reason': async (w) => {
    const handle = await w.start('wait');
    await handle.terminate('enough');
    const { cause } = await fails(handle.result(), WorkflowFailedError);
    equal([cause.name, cause.message], ['TerminatedFailure', 'enough']);
    await fails(handle.terminate(), WorkflowNotFoundError, 'a second termination');
  },

  'cancel lets the workflow tidy up': async (w) => {
    await w.worker({ enableNonLocalActivities: false });
    const handle = await w.start('tidy');
    await w.event(handle, 'WORKFLOW_TASK_COMPLETED');
    await handle.cancel();
    await handle.cancel();
    // Not before: it could be tidy already when it is cancelled again.
    await w.worker();
    equal(await handle.result(), 'hello broom');
  },

  'a cancelled nap ends as cancelled': async (w) => {
    await w.worker();
    const handle = await w.start('nap', [3_600_000]);
    await w.event(handle, 'TIMER_STARTED');
    await handle.cancel();
    equal((await fails(handle.result(), WorkflowFailedError)).cause.name, 'CancelledFailure');
    equal(await w.status(handle), 'CANCELLED');
  },

  'an unknown workflow is not found': async (w) => {
    const handle = w.workflows.getHandle(w.id('nobody'));
    for (const ask of [() => handle.describe(), () => handle.signal('ring', 1), () => handle.cancel(), () => handle.terminate(), () => handle.result()])
      await fails(ask(), WorkflowNotFoundError);
  },

  'delete removes a closed workflow': async (w) => {
    await w.worker();
    const handle = await w.start('give', [1]);
    await handle.result();
    await w.service.deleteWorkflowExecution({ namespace: 'default', workflowExecution: { workflowId: handle.workflowId } });
    await until('the workflow to be gone', async () => {
      const err = await handle.describe().then(() => undefined, (e) => e);
      return err instanceof WorkflowNotFoundError;
    });
  },

  'reset goes back to an earlier task': async (w) => {
    await w.worker();
    const handle = await w.start('twoSteps');
    equal(await handle.result(), [1, 2]);
    const tasks = (await w.events(handle)).filter((event) => event.workflowTaskCompletedEventAttributes);
    const { runId } = await w.service.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: w.id(), runId: handle.firstExecutionRunId },
      reason: 'again',
      requestId: randomUUID(),
      workflowTaskFinishEventId: tasks[1].eventId,
    });
    equal(await w.workflows.getHandle(w.id(), runId).result(), [1, 3], 'the second step again');
  },
};
