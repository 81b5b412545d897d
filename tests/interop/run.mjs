// node run.mjs --address HOST:PORT [--executable PATH] [--only TEXT] [--parallel N] [--json FILE]
//
// Runs every scenario against the server at the address and prints a line for each; the last line is
// "N passed, M failed, K skipped"; FILE gets the results as JSON. The exit code is 0 when none failed, 1 when one did, 2 for bad arguments.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime, makeTelemetryFilterString } from '@temporalio/worker';
import { Skip, words } from './lib/check.mjs';
import { World, bundle } from './lib/world.mjs';

const AREAS = ['starts', 'messages', 'activities', 'timers-and-children', 'views', 'schedules', 'workers', 'deployments'];
// For one that hangs: a busy machine takes long for all of them.
const TIME_LIMIT_MS = 180_000;

let options;
try {
  ({ values: options } = parseArgs({
    options: { address: { type: 'string' }, executable: { type: 'string' }, only: { type: 'string' }, parallel: { type: 'string', default: '6' }, json: { type: 'string' } },
  }));
  if (!options.address) throw new Error('--address HOST:PORT is needed');
} catch (err) {
  console.error(err.message);
  process.exit(2);
}

Runtime.install({
  logger: new DefaultLogger('ERROR', () => undefined),
  shutdownSignals: [],
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} } },
});

const scenarios = (await Promise.all(AREAS.map((area) => import(`./scenarios/${area}.mjs`)))).flatMap((module) => Object.entries(module.default));
const waiting = scenarios.filter(([name]) => !options.only || name.includes(options.only));
const results = [];
const count = (verdict) => results.filter((result) => result.verdict === verdict).length;

async function play([name, play]) {
  const world = new World(name, options);
  const begun = Date.now();
  let verdict = 'ok';
  let note = '';
  let timer;
  try {
    await world.begin();
    const limit = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`not done after ${TIME_LIMIT_MS} ms`)), TIME_LIMIT_MS)));
    await Promise.race([play(world), limit]);
  } catch (err) {
    verdict = err instanceof Skip ? 'skipped' : 'FAILED';
    note = `: ${err instanceof Skip ? err.message : words(err)}`;
  } finally {
    clearTimeout(timer);
    await world.end();
  }
  if (world.trouble.length > 0 && verdict === 'ok') [verdict, note] = ['FAILED', `: ${world.trouble.join('; ')}`];
  results.push({ name, verdict, note: note.replace(/^: /, '') });
  console.log(`${verdict} ${name}${note} (${Date.now() - begun} ms)`);
}

// A rejection that nobody waits for belongs to no scenario; it is shown, and the scenario concerned fails by its own means.
process.on('unhandledRejection', (err) => console.log(`note: ${words(err)}`));

await bundle('main');
const queue = waiting.values();
await Promise.all(Array.from({ length: Number(options.parallel) }, async () => {
  for (const scenario of queue) await play(scenario);
}));
if (options.json) writeFileSync(options.json, JSON.stringify(results));
console.log(`${count('ok')} passed, ${count('FAILED')} failed, ${count('skipped')} skipped`);
process.exit(count('FAILED') > 0 ? 1 : 0);
