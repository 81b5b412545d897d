// node separate-worker.mjs ADDRESS QUEUE BUNDLE: a worker that its parent may kill. Ends with its parent.
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { activitiesOf } from './activities.mjs';

process.once('disconnect', () => process.exit());
Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
const [, , address, taskQueue, codePath] = process.argv;
const worker = await Worker.create({ connection: await NativeConnection.connect({ address }), taskQueue, workflowBundle: { codePath }, activities: activitiesOf({}) });
const running = worker.run();
console.log('ready');
await running;
