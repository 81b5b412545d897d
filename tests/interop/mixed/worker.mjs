// node mixed/worker.mjs ADDRESS QUEUE: workflows and activities in TypeScript's SDK that a worker in C# calls, and that call it. Ends with its standard input.
import { fileURLToPath } from 'node:url';
import { ApplicationFailure } from '@temporalio/activity';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
const [, , address, taskQueue] = process.argv;
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue,
  workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
  activities: {
    greet: async (name) => `hello ${name}`,
    price: async (order) => ({ ...order, Total: order.Count * 7, Note: null }),
    reverse: async (bytes) => Uint8Array.from(bytes).reverse(),
    nothing: async () => undefined,
    refuse: async (reason) => {
      throw ApplicationFailure.create({
        message: reason, type: 'TypeScriptRefused', nonRetryable: true, details: ['first', { pressure: 9 }], cause: ApplicationFailure.create({ message: 'a leak' }),
      });
    },
    breaks: async () => {
      throw new TypeError('ordinary');
    },
  },
});
process.stdin.resume();
process.stdin.once('end', () => process.exit());
const running = worker.run();
console.log('ready');
await running;
