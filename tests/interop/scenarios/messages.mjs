import { Client, QueryNotRegisteredError, QueryRejectedError, WithStartWorkflowOperation, WorkflowNotFoundError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { randomUUID } from 'node:crypto';
import { equal, fails, failsWith, until, yes } from '../lib/check.mjs';
import { temporal } from '../lib/world.mjs';

const ACCEPTED = { waitForStage: 'ACCEPTED' };
const { QueryRejectCondition } = temporal.api.enums.v1;

async function openTill(w, options) {
  const worker = await w.worker(options);
  const handle = await w.start('till', [{}]);
  await w.event(handle, 'WORKFLOW_TASK_COMPLETED');
  return Object.assign(handle, { worker });
}

function startOf(w, workflowIdConflictPolicy = 'USE_EXISTING') {
  const operation = new WithStartWorkflowOperation('till', { workflowId: w.id(), taskQueue: w.queue, args: [{}], workflowIdConflictPolicy });
  operation.workflowHandle().catch(() => undefined);
  return operation;
}

export default {
  'signals arrive in order': async (w) => {
    const handle = await openTill(w);
    for (let i = 1; i <= 20; i++) await handle.signal('ring', i);
    await handle.signal('close');
    equal(await handle.result(), Array.from({ length: 20 }, (_, i) => i + 1));
  },

  'signals before the first task are kept': async (w) => {
    const handle = await w.start('till', [{}]);
    await handle.signal('ring', 5);
    await handle.signal('close');
    await w.worker();
    equal(await handle.result(), [5]);
  },

  'a signal with one request id counts once': async (w) => {
    const handle = await w.start('wait');
    const request = { namespace: 'default', workflowExecution: { workflowId: w.id() }, signalName: 'ring', requestId: randomUUID() };
    await w.service.signalWorkflowExecution(request);
    await w.service.signalWorkflowExecution(request);
    equal((await w.names(handle)).filter((name) => name === 'WORKFLOW_EXECUTION_SIGNALED').length, 1);
  },

  'signal-with-start starts, then signals': async (w) => {
    await w.worker();
    const send = (amount) => w.workflows.signalWithStart('till', { taskQueue: w.queue, workflowId: w.id(), args: [{}], signal: 'ring', signalArgs: [amount] });
    const first = await send(1);
    const second = await send(2);
    equal(second.signaledRunId, first.signaledRunId, 'run');
    await second.signal('close');
    equal(await w.workflows.getHandle(w.id()).result(), [1, 2]);
  },

  'a closed workflow takes no signal': async (w) => {
    await w.worker();
    const handle = await w.start('give');
    await handle.result();
    await fails(handle.signal('ring', 1), WorkflowNotFoundError);
  },

  'one workflow signals another': async (w) => {
    const other = await openTill(w);
    equal(await w.run('ringOther', [other.workflowId, 8], { workflowId: w.id('ringer') }), {});
    equal(await other.query('total'), 8);
  },

  'a signal to nobody fails in the workflow': async (w) => {
    await w.worker();
    yes((await w.run('ringOther', [w.id('nobody'), 8])).error, 'no error');
  },

  'one workflow cancels another': async (w) => {
    await w.worker();
    const other = await w.start('tidy', [], { workflowId: w.id('other') });
    equal(await w.run('cancelOther', [other.workflowId]), {});
    equal(await other.result(), 'hello broom');
  },

  'a query reads without a trace': async (w) => {
    const handle = await openTill(w);
    await handle.signal('ring', 3);
    equal(await handle.query('total'), 3);
    const before = await w.names(handle);
    equal(await handle.query('times', 4), [12], 'with an argument');
    equal(await w.names(handle), before, 'history');
  },

  'a closed workflow answers queries': async (w) => {
    const handle = await openTill(w);
    await handle.signal('ring', 3);
    await handle.signal('close');
    await handle.result();
    equal(await handle.query('total'), 3);
  },

  'a query is refused by its reject condition': async (w) => {
    const handle = await openTill(w);
    await handle.signal('close');
    await handle.result();
    const client = new Client({ connection: w.connection, workflow: { queryRejectCondition: QueryRejectCondition.QUERY_REJECT_CONDITION_NOT_OPEN } });
    await fails(client.workflow.getHandle(w.id()).query('total'), QueryRejectedError);
    const answer = await w.service.queryWorkflow({
      namespace: 'default', execution: { workflowId: w.id() }, query: { queryType: 'total' },
      queryRejectCondition: QueryRejectCondition.QUERY_REJECT_CONDITION_NOT_COMPLETED_CLEANLY,
    });
    yes(!answer.queryRejected, 'rejected, though it completed cleanly');
  },

  'queries that fail say why': async (w) => {
    const handle = await openTill(w);
    yes(/drawer is jammed/.test((await fails(handle.query('jammed'))).message), 'message');
    await fails(handle.query('unheard-of'), QueryNotRegisteredError);
  },

  'a query without worker runs into its deadline': async (w) => {
    const handle = await w.start('till', [{}]);
    const err = await fails(w.connection.withDeadline(Date.now() + 1000, () => handle.query('total')));
    yes(err, 'no error');
  },

  'an update returns and is in the history': async (w) => {
    const handle = await openTill(w);
    equal(await handle.executeUpdate('charge', { args: [10], updateId: 'one' }), 1);
    const [accepted, completed] = (await w.names(handle)).filter((name) => name.includes('UPDATE'));
    equal([accepted, completed], ['WORKFLOW_EXECUTION_UPDATE_ACCEPTED', 'WORKFLOW_EXECUTION_UPDATE_COMPLETED']);
  },

  'a refused update leaves no trace': async (w) => {
    const handle = await openTill(w);
    const before = await w.names(handle);
    const err = await fails(handle.executeUpdate('charge', { args: [-1] }), WorkflowUpdateFailedError);
    equal([err.cause.type, err.cause.message], ['Refused', 'amount -1 is not positive']);
    equal(await w.names(handle), before, 'history');
  },

  'a failed update keeps its failure': async (w) => {
    const handle = await openTill(w);
    const { cause } = await fails(handle.executeUpdate('decline', { updateId: 'd' }), WorkflowUpdateFailedError);
    equal([cause.message, cause.type, cause.details], ['card declined', 'Declined', [51]]);
    const again = await fails(handle.getUpdateHandle('d').result(), WorkflowUpdateFailedError);
    equal(again.cause.type, 'Declined', 'asked again');
  },

  'one update id executes once': async (w) => {
    const handle = await openTill(w);
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => handle.executeUpdate('charge', { args: [7], updateId: 'same' })));
    equal(answers, [1, 1, 1, 1, 1]);
    equal(await handle.query('total'), 7);
  },

  'one update id answers after the close too': async (w) => {
    const handle = await openTill(w);
    await handle.executeUpdate('charge', { args: [7], updateId: 'same' });
    await handle.signal('close');
    await handle.result();
    equal(await handle.executeUpdate('charge', { args: [9], updateId: 'same' }), 1);
    await fails(handle.executeUpdate('charge', { args: [9], updateId: 'new' }), WorkflowNotFoundError);
  },

  'an accepted update is waited for later': async (w) => {
    const handle = await openTill(w);
    const update = await handle.startUpdate('hold', { args: [2], updateId: 'held', ...ACCEPTED });
    const waiting = handle.getUpdateHandle('held').result();
    await handle.signal('release');
    equal([await update.result(), await waiting], ['held 2', 'held 2']);
  },

  'an accepted update whose workflow ends fails': async (w) => {
    const handle = await openTill(w);
    const update = await handle.startUpdate('hold', { args: [2], ...ACCEPTED });
    await handle.signal('close');
    await handle.result();
    equal((await fails(update.result(), WorkflowUpdateFailedError)).cause.type, 'AcceptedUpdateCompletedWorkflow');
  },

  'an update may run an activity': async (w) => {
    const handle = await openTill(w);
    equal(await handle.executeUpdate('byActivity', { args: ['you'] }), 'hello you');
    equal(await handle.executeUpdate('whichUpdate', { updateId: 'me' }), { id: 'me', name: 'whichUpdate' });
  },

  'an update before the first task waits for a worker': async (w) => {
    const handle = await w.start('till', [{}]);
    const update = handle.executeUpdate('charge', { args: [1] });
    update.catch(() => undefined);
    await w.worker();
    equal(await update, 1);
  },

  'an update without worker runs into its deadline': async (w) => {
    const handle = await w.start('till', [{}]);
    await fails(w.connection.withDeadline(Date.now() + 1000, () => handle.executeUpdate('charge', { args: [1] })), WorkflowUpdateRPCTimeoutOrCancelledError);
    equal((await w.names(handle)).filter((name) => name.includes('UPDATE')), []);
  },

  'many updates at once each get their turn': async (w) => {
    const handle = await openTill(w);
    const turns = await Promise.all(Array.from({ length: 30 }, () => handle.executeUpdate('charge', { args: [1] })));
    equal(turns.sort((a, b) => a - b), Array.from({ length: 30 }, (_, i) => i + 1));
  },

  'update-with-start starts and updates in one': async (w) => {
    await w.worker();
    const operation = startOf(w);
    equal(await w.workflows.executeUpdateWithStart('charge', { args: [5], startWorkflowOperation: operation }), 1);
    equal((await w.names(await operation.workflowHandle())).filter((name) => name === 'WORKFLOW_TASK_SCHEDULED').length, 1, 'tasks');
  },

  'update-with-start attaches to what runs': async (w) => {
    const handle = await openTill(w);
    const send = () => w.workflows.executeUpdateWithStart('charge', { args: [5], updateId: 'u', startWorkflowOperation: startOf(w) });
    equal([await send(), await send()], [1, 1]);
    equal((await handle.describe()).runId, handle.firstExecutionRunId);
  },

  'update-with-start attaches to a finished one by the update id': async (w) => {
    const handle = await openTill(w);
    await handle.executeUpdate('charge', { args: [5], updateId: 'kept' });
    await handle.signal('close');
    await handle.result();
    equal(await w.workflows.executeUpdateWithStart('charge', { args: [6], updateId: 'kept', startWorkflowOperation: startOf(w) }), 1);
    equal((await w.workflows.getHandle(w.id()).describe()).runId, handle.firstExecutionRunId, 'run');
  },

  'update-with-start fails on conflict': async (w) => {
    const handle = await openTill(w);
    const operation = startOf(w, 'FAIL');
    await fails(w.workflows.executeUpdateWithStart('charge', { args: [5], startWorkflowOperation: operation }), WorkflowExecutionAlreadyStartedError);
    equal(await handle.query('total'), 0);
  },

  'update-with-start with refused update still starts': async (w) => {
    await w.worker();
    const operation = startOf(w);
    await fails(w.workflows.executeUpdateWithStart('charge', { args: [0], startWorkflowOperation: operation }), WorkflowUpdateFailedError);
    equal(await w.status(await operation.workflowHandle()), 'RUNNING');
  },

  'update-with-start of the wrong form is refused': async (w) => {
    const start = { startWorkflow: w.rawStart() };
    await failsWith('INVALID_ARGUMENT', w.service.executeMultiOperation({ namespace: 'default', operations: [start] }), 'one operation');
    await failsWith('INVALID_ARGUMENT', w.service.executeMultiOperation({ namespace: 'default', operations: [start, start] }), 'two starts');
  },

  'an unknown update id is not found': async (w) => {
    const handle = await openTill(w);
    await fails(w.connection.withDeadline(Date.now() + 60_000, () => handle.getUpdateHandle('never').result()), WorkflowNotFoundError);
  },

  'a worker that returns replays updates': async (w) => {
    const handle = await openTill(w);
    await handle.executeUpdate('charge', { args: [3] });
    await handle.worker.stop();
    await w.worker();
    equal(await handle.executeUpdate('charge', { args: [4] }), 2);
    equal(await until('the total', () => handle.query('total')), 7);
  },
};
