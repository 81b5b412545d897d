// What a scenario has to itself: ids, a task queue, a client, workers; all are closed behind it.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Worker, bundleWorkflowCode } from '@temporalio/worker';
import { until } from './check.mjs';
import { activitiesOf } from './activities.mjs';

export const { temporal } = createRequire(import.meta.url)('@temporalio/proto');

const bundles = new Map();

/** workflows/<name>.js in the form that a worker loads; made once. */
export function bundle(name) {
  if (!bundles.has(name)) {
    const workflowsPath = fileURLToPath(new URL(`../workflows/${name}.js`, import.meta.url));
    if (!existsSync(workflowsPath)) throw new Error(`no such workflows: ${workflowsPath}`);
    bundles.set(name, bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') }));
  }
  return bundles.get(name);
}

export class World {
  #open = [];

  constructor(name, settings) {
    this.key = `${name.replaceAll(' ', '-')}-${randomUUID().slice(0, 8)}`;
    this.queue = `queue-${this.key}`;
    this.settings = settings;
    this.trouble = [];
  }

  async begin() {
    this.connection = await this.closing(await Connection.connect({ address: this.settings.address }));
    this.client = new Client({ connection: this.connection });
    this.workflows = this.client.workflow;
    this.service = this.connection.workflowService;
  }

  closing(thing) {
    this.#open.push(() => thing.close());
    return thing;
  }

  async end() {
    for (const close of this.#open.reverse()) {
      let timer;
      const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error('took more than 60 s')), 60_000)));
      await Promise.race([close(), late]).catch((err) => this.trouble.push(`closing: ${err.message}`));
      clearTimeout(timer);
    }
  }

  id(suffix = 'workflow') {
    return `${this.key}-${suffix}`;
  }

  /** A worker on a connection of its own, running until the scenario ends or its stop() is called. */
  async worker({ workflows = 'main', activities = {}, ...options } = {}) {
    const connection = await NativeConnection.connect({ address: this.settings.address });
    const worker = await Worker.create({
      connection,
      taskQueue: this.queue,
      activities: { ...activitiesOf(this), ...activities },
      shutdownGraceTime: '1s',
      shutdownForceTime: '5s',
      ...(workflows ? { workflowBundle: await bundle(workflows) } : {}),
      ...options,
    });
    // Of its own objects, when it lets go of them on a busy machine: the worker has ended by then.
    const isOwnAffair = (err) => /^Worker still in use/.test(err.message);
    const running = worker.run().catch((err) => isOwnAffair(err) || this.trouble.push(`worker: ${err.message}`));
    let stopping;
    const stop = () =>
      (stopping ??= (async () => {
        if (worker.getState() === 'RUNNING') worker.shutdown();
        await running;
        await connection.close();
      })());
    this.#open.push(stop);
    return { stop };
  }

  start(type, args = [], options = {}) {
    return this.workflows.start(type, { taskQueue: this.queue, workflowId: this.id(), args, ...options });
  }

  run(type, args = [], options = {}) {
    return this.workflows.execute(type, { taskQueue: this.queue, workflowId: this.id(), args, ...options });
  }

  /** The request of a start by hand. */
  rawStart(over = {}) {
    return {
      namespace: 'default', workflowId: this.id(), workflowType: { name: 'wait' }, taskQueue: { name: this.queue }, requestId: randomUUID(),
      identity: 'by hand', ...over,
    };
  }

  async events(handle) {
    return (await handle.fetchHistory()).events;
  }

  /** Event types of a history in short, WORKFLOW_EXECUTION_STARTED for example. */
  async names(handle) {
    return (await this.events(handle)).map((event) => temporal.api.enums.v1.EventType[event.eventType].replace('EVENT_TYPE_', ''));
  }

  event(handle, name, count = 1) {
    return until(`${count} ${name}`, async () => (await this.names(handle)).filter((each) => each === name).length >= count);
  }

  async status(handle) {
    return (await handle.describe()).status.name;
  }
}
