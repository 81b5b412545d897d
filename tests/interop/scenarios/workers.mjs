import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client, WorkflowFailedError } from '@temporalio/client';
import { reversing } from '../lib/codec.mjs';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { codeOf, equal, fails, skip, until, yes } from '../lib/check.mjs';
import { bundle } from '../lib/world.mjs';

/** A worker in a process of its own, which a scenario may kill. */
async function separateWorker(w) {
  const folder = mkdtempSync(join(tmpdir(), 'interop-'));
  const file = join(folder, 'workflows.js');
  writeFileSync(file, (await bundle('main')).code);
  const script = fileURLToPath(new URL('../lib/separate-worker.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, w.settings.address, w.queue, file], { stdio: ['ignore', 'pipe', 'ignore', 'ipc'] });
  const exit = once(child, 'exit');
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await exit;
    rmSync(folder, { recursive: true, force: true });
  };
  w.closing({ close: kill });
  await once(createInterface({ input: child.stdout }), 'line');
  return { kill };
}

/** An environment of the SDK. That gives the server five seconds to start, and a busy machine takes longer: then again, for two minutes. */
const started = (create) =>
  until('the environment', create, { within: 120_000 }).catch((err) =>
    /did not start within/.test(err.message) ? skip(`this machine is too busy for the environments of the SDK: ${err.message}`) : Promise.reject(err)
  );

export default {
  'a killed worker is replaced': async (w) => {
    const worker = await separateWorker(w);
    const handle = await w.start('counter', [], { workflowTaskTimeout: '2s' });
    await handle.signal('more');
    await until('one', async () => (await handle.query('count')) === 1);
    await worker.kill();
    await handle.signal('more');
    await w.worker();
    await handle.signal('done');
    equal(await handle.result(), 2);
  },

  'a worker without a cache replays': async (w) => {
    await w.worker({ maxCachedWorkflows: 0 });
    const handle = await w.start('counter');
    for (let i = 0; i < 5; i++) await handle.signal('more');
    equal(await until('the count', async () => (await handle.query('count')) === 5), true);
    await handle.signal('done');
    equal(await handle.result(), 5);
  },

  'a failed task is tried again': async (w) => {
    await w.worker();
    const handle = await w.start('stumble');
    await w.event(handle, 'WORKFLOW_TASK_FAILED');
    await handle.signal('help');
    equal(await handle.result(), 'up again');
  },

  'changed code fails the task, repaired code goes on': async (w) => {
    const first = await w.worker({ workflows: 'first' });
    const handle = await w.start('evolving', [], { workflowTaskTimeout: '2s' });
    await w.event(handle, 'TIMER_FIRED');
    await first.stop();
    const broken = await w.worker({ workflows: 'broken' });
    await handle.signal('go');
    await w.event(handle, 'WORKFLOW_TASK_FAILED');
    await broken.stop();
    await w.worker({ workflows: 'first' });
    equal(await handle.result(), 'first');
  },

  'a patch keeps old runs on the old path': async (w) => {
    const first = await w.worker({ workflows: 'first' });
    const old = await w.start('evolving', [], { workflowId: w.id('old') });
    await w.event(old, 'TIMER_FIRED');
    await first.stop();
    await w.worker({ workflows: 'patched' });
    const fresh = await w.start('evolving', [], { workflowId: w.id('fresh') });
    for (const handle of [old, fresh]) await handle.signal('go');
    equal([await old.result(), await fresh.result()], ['as before', 'patched']);
    yes((await w.names(fresh)).includes('MARKER_RECORDED'), 'no marker');
  },

  'a history replays from JSON': async (w) => {
    await w.worker();
    const handle = await w.start('twoSteps');
    await handle.result();
    const { historyToJSON } = await import('@temporalio/common/lib/proto-utils.js');
    const history = JSON.parse(historyToJSON(await handle.fetchHistory()));
    await Worker.runReplayHistory({ workflowBundle: await bundle('main') }, history, w.id());
  },

  'two workers share a queue': async (w) => {
    await w.worker({ identity: 'left' });
    await w.worker({ identity: 'right' });
    const runs = Array.from({ length: 20 }, (_, i) => w.run('call', ['greet', [i]], { workflowId: w.id(i) }));
    equal((await Promise.all(runs)).map(({ value }) => value), Array.from({ length: 20 }, (_, i) => `hello ${i}`));
  },

  'a codec sees every payload': async (w) => {
    const dataConverter = { payloadCodecs: [reversing] };
    await w.worker({ dataConverter });
    const client = new Client({ connection: w.connection, dataConverter });
    const handle = await client.workflow.start('call', { taskQueue: w.queue, workflowId: w.id(), args: ['greet', ['secret']] });
    equal(await handle.result(), { value: 'hello secret' });
    yes(!JSON.stringify(await w.events(handle), (_, v) => (v instanceof Uint8Array ? Buffer.from(v).toString() : v)).includes('secret'), 'plain text in the history');
  },

  'a megabyte goes in and out': async (w) => {
    await w.worker();
    equal(await w.run('lengthOf', ['y'.repeat(1_000_000)]), 1_000_000);
    equal((await w.run('letters', [1_000_000])).length, 1_000_000);
  },

  'a payload over two megabytes is refused': async (w) => {
    const err = await fails(w.start('give', ['y'.repeat(2_200_000)]));
    equal(codeOf(err), 'INVALID_ARGUMENT');
  },

  'a message over four megabytes is refused': async (w) => {
    equal(codeOf(await fails(w.start('give', ['y'.repeat(4_300_000)]))), 'RESOURCE_EXHAUSTED');
  },

  'our executable serves as local test environment': async (w) => {
    if (!w.settings.executable) skip('no --executable given');
    const environment = await started(() => TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'existing-path', path: w.settings.executable } } }));
    w.closing({ close: () => environment.teardown() });
    const worker = await Worker.create({ connection: environment.nativeConnection, taskQueue: 'local', workflowBundle: await bundle('main') });
    equal(await worker.runUntil(environment.client.workflow.execute('give', { taskQueue: 'local', workflowId: 'one', args: [1] })), 1);
  },

  'time is skipped by our executable': async (w) => {
    if (!w.settings.executable) skip('no --executable given');
    const environment = await started(() => TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path: w.settings.executable } } }));
    w.closing({ close: () => environment.teardown() });
    const worker = await Worker.create({ connection: environment.nativeConnection, taskQueue: 'skipping', workflowBundle: await bundle('main') });
    yes((await worker.runUntil(environment.client.workflow.execute('nap', { taskQueue: 'skipping', workflowId: 'one', args: [86_400_000] }))) >= 86_399_000, 'a short day');
  },

  'an execution timeout reaches a worker that is gone': async (w) => {
    await fails(w.run('give', [1], { workflowExecutionTimeout: '1s' }), WorkflowFailedError);
  },
};
