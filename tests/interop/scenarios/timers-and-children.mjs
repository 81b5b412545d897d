import { WorkflowFailedError } from '@temporalio/client';
import { equal, fails, until, yes } from '../lib/check.mjs';

export default {
  'a timer fires in time': async (w) => {
    await w.worker();
    yes((await w.run('nap', [700])) >= 690, 'woke early');
  },

  'a cancelled timer is in the history': async (w) => {
    await w.worker();
    const handle = await w.start('alarmTurnedOff');
    equal(await handle.result(), 'off');
    yes((await w.names(handle)).includes('TIMER_CANCELED'), 'no TIMER_CANCELED');
  },

  'a condition gives up after its time': async (w) => {
    await w.worker();
    equal(await w.run('firstOfTwo', [300]), false);
  },

  'a condition is met before its time': async (w) => {
    await w.worker();
    const handle = await w.start('firstOfTwo', [60_000]);
    await handle.signal('hear');
    equal(await handle.result(), true);
  },

  'a timer outlives its worker': async (w) => {
    const worker = await w.worker();
    const handle = await w.start('nap', [1000]);
    await w.event(handle, 'TIMER_STARTED');
    await worker.stop();
    await w.event(handle, 'TIMER_FIRED');
    await w.worker();
    yes((await handle.result()) >= 990);
  },

  'a child returns': async (w) => {
    await w.worker();
    equal(await w.run('parent', ['give', ['inherited']]), { value: 'inherited' });
  },

  'a child fails as a child failure': async (w) => {
    await w.worker();
    const { error } = await w.run('parent', ['explode', ['Pipe']]);
    equal([error.name, error.cause.type], ['ChildWorkflowFailure', 'Pipe']);
  },

  'a child with a taken id fails to start': async (w) => {
    await w.worker();
    await w.start('wait', [], { workflowId: w.id('taken') });
    equal((await w.run('parent', ['give', [], { workflowId: w.id('taken') }])).error.name, 'WorkflowExecutionAlreadyStartedError');
  },

  'a child that continues as new is followed': async (w) => {
    await w.worker();
    equal((await w.run('parent', ['countdown', [2]])).value.length, 3);
  },

  'a child that times out tells its parent': async (w) => {
    await w.worker();
    const { error } = await w.run('parent', ['wait', [], { workflowRunTimeout: '700ms' }]);
    equal([error.name, error.cause.name], ['ChildWorkflowFailure', 'TimeoutFailure']);
  },

  'a child is signalled by its parent': async (w) => {
    await w.worker();
    equal(await w.run('parentThatSignals', [w.id('child')]), [4]);
  },

  'a child is cancelled by its parent': async (w) => {
    await w.worker();
    equal(await w.run('parentThatCancels', [w.id('child')]), { value: 'hello broom' });
  },

  'a parent that leaves terminates its child': async (w) => {
    await w.worker();
    await w.run('parentThatLeaves', [w.id('child'), 'TERMINATE']);
    await until('the termination', async () => (await w.status(w.workflows.getHandle(w.id('child')))) === 'TERMINATED');
  },

  'a parent that leaves cancels its child': async (w) => {
    await w.worker();
    await w.run('parentThatLeaves', [w.id('child'), 'REQUEST_CANCEL']);
    const child = w.workflows.getHandle(w.id('child'));
    equal((await fails(child.result(), WorkflowFailedError)).cause.name, 'CancelledFailure');
  },

  'a parent that leaves may abandon its child': async (w) => {
    await w.worker();
    await w.run('parentThatLeaves', [w.id('child'), 'ABANDON']);
    const child = w.workflows.getHandle(w.id('child'));
    equal(await w.status(child), 'RUNNING');
    await child.terminate();
  },
};
