import {
  ApplicationFailure, condition, defineQuery, defineSignal, defineUpdate, executeChild, proxyActivities, setHandler, workflowInfo,
} from '@temporalio/workflow';

/** A failure and its causes as plain data. */
const plain = (err) =>
  err && { name: err.name, message: err.message, type: err.type, nonRetryable: err.nonRetryable, details: err.details, cause: plain(err.cause) };

const failureOf = (promise) => promise.then(() => null, plain);

export async function callsCSharp(taskQueue) {
  const { Greet, Price, Reverse, Nothing, Refuse, Break } = proxyActivities({ taskQueue, startToCloseTimeout: '30s', retry: { maximumAttempts: 1 } });
  const child = (what) => executeChild('CSharpChild', { taskQueue, args: [what], workflowId: `${workflowInfo().workflowId}/${what}` });
  return {
    greeting: await Greet('Žluťoučký kůň ☕'),
    order: await Price({ Sku: 'a', Count: 2, Note: 'n' }),
    bytes: Array.from(await Reverse(Uint8Array.from([1, 2, 255]))),
    nothing: (await Nothing()) ?? null,
    refused: await failureOf(Refuse('no')),
    broken: await failureOf(Break()),
    child: await child('work'),
    childFailed: await failureOf(child('fail')),
  };
}

export async function typeScriptChild(what) {
  if (what === 'fail') throw ApplicationFailure.create({ message: 'the child failed', type: 'TypeScriptChildFailed', nonRetryable: true, details: [1, 'two'] });
  return `child did ${what}`;
}

const lines = defineQuery('lines');
const add = defineUpdate('add');
const finish = defineSignal('finish');

export async function talks() {
  const said = [];
  let finished = null;
  setHandler(lines, () => said);
  setHandler(
    add,
    async (line) => {
      said.push(line);
      return said.length;
    },
    {
      validator: (line) => {
        if (line === '') throw ApplicationFailure.create({ message: 'nothing said', type: 'Empty' });
      },
    },
  );
  setHandler(finish, (how) => {
    finished = how;
  });
  await condition(() => finished !== null);
  return { said, finished };
}
