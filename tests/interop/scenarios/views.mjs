import { randomUUID } from 'node:crypto';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { codeOf, equal, fails, failsWith, skip, until, yes } from '../lib/check.mjs';
import { attribute } from '../lib/attributes.mjs';
import { temporal } from '../lib/world.mjs';

const { TaskQueueType } = temporal.api.enums.v1;

async function listed(w, query) {
  const ids = [];
  for await (const info of w.workflows.list({ query })) ids.push(info.workflowId);
  return ids.sort();
}

const seen = (w, query, expected) => until(`${query} to list ${expected.length}`, async () => JSON.stringify(await listed(w, query)) === JSON.stringify([...expected].sort()));

export default {
  'memo is described and listed': async (w) => {
    const handle = await w.start('wait', [], { memo: { colour: 'blue', parts: [1, 2] } });
    equal((await handle.describe()).memo, { colour: 'blue', parts: [1, 2] });
    await until('the listed memo', async () => {
      for await (const info of w.workflows.list({ query: `WorkflowId = '${w.id()}'` })) return info.memo?.colour === 'blue';
      return false;
    });
  },

  'memo is changed by the workflow': async (w) => {
    await w.worker();
    equal(await w.run('remember', [{ a: 2, b: null }], { memo: { a: 1, b: 1, c: 1 } }), { a: 2, c: 1 });
  },

  'describe tells type, queue, times and length': async (w) => {
    await w.worker();
    const handle = await w.start('give', [1]);
    await handle.result();
    const description = await handle.describe();
    equal([description.type, description.taskQueue, description.status.name, description.historyLength], ['give', w.queue, 'COMPLETED', 5]);
    yes(description.closeTime >= description.startTime, 'closed before it started');
  },

  'list filters by type, status and id': async (w) => {
    await w.worker();
    const [a, b, c] = [w.id('a'), w.id('b'), w.id('c')];
    await w.run('give', [1], { workflowId: a });
    await w.start('wait', [], { workflowId: b });
    await w.start('till', [{}], { workflowId: c });
    const mine = `TaskQueue = '${w.queue}'`;
    await seen(w, mine, [a, b, c]);
    await seen(w, `${mine} AND WorkflowType = 'wait'`, [b]);
    await seen(w, `${mine} AND ExecutionStatus = 'Completed'`, [a]);
    await seen(w, `${mine} AND ExecutionStatus != 'Completed'`, [b, c]);
    await seen(w, `${mine} AND (WorkflowId = '${a}' OR WorkflowId = '${c}')`, [a, c]);
    await seen(w, `WorkflowId IN ('${a}', '${b}')`, [a, b]);
    await seen(w, `WorkflowId STARTS_WITH '${w.id('')}'`, [a, b, c]);
    await seen(w, `${mine} AND StartTime > '2001-01-01T00:00:00Z'`, [a, b, c]);
    await seen(w, `${mine} AND CloseTime IS NULL`, [b, c]);
  },

  'count counts, and groups by status': async (w) => {
    await w.worker();
    for (const i of [1, 2, 3]) await w.run('give', [i], { workflowId: w.id(i) });
    await w.start('wait');
    const query = `TaskQueue = '${w.queue}'`;
    await until('four', async () => (await w.workflows.count(query)).count === 4);
    const { groups } = await until('groups', async () => {
      const answer = await w.workflows.count(`${query} GROUP BY ExecutionStatus`);
      return answer.groups.length === 2 && answer;
    });
    equal(Object.fromEntries(groups.map((group) => [group.groupValues[0], group.count])), { Completed: 3, Running: 1 });
  },

  'a wrong query is refused': async (w) => {
    for (const query of ['WorkflowId =', "Unheard = 'x'", 'WorkflowId = 1 AND'])
      await failsWith('INVALID_ARGUMENT', w.service.listWorkflowExecutions({ namespace: 'default', query }), query);
  },

  'list goes on page by page': async (w) => {
    const ids = await Promise.all(Array.from({ length: 7 }, async (_, i) => (await w.start('wait', [], { workflowId: w.id(i) })).workflowId));
    await seen(w, `TaskQueue = '${w.queue}'`, ids);
    const found = [];
    let nextPageToken;
    do {
      const page = await w.service.listWorkflowExecutions({ namespace: 'default', query: `TaskQueue = '${w.queue}'`, pageSize: 3, nextPageToken });
      yes(page.executions.length <= 3, 'a page is too long');
      found.push(...page.executions.map((each) => each.execution.workflowId));
      ({ nextPageToken } = page);
    } while (nextPageToken?.length);
    equal(found.sort(), ids.sort());
  },

  'search attributes are set, changed and found': async (w) => {
    await attribute(w, 'InteropColour', 'KEYWORD');
    await attribute(w, 'InteropSize', 'INT');
    await w.worker();
    const colour = defineSearchAttributeKey('InteropColour', SearchAttributeType.KEYWORD);
    const value = `blue-${randomUUID().slice(0, 8)}`;
    await w.start('tag', [{ InteropSize: [42] }], { typedSearchAttributes: [{ key: colour, value }] });
    await seen(w, `InteropColour = '${value}' AND InteropSize > 41`, [w.id()]);
    await seen(w, `InteropColour = '${value}' AND InteropSize BETWEEN 1 AND 10`, []);
  },

  'an unknown search attribute is refused': async (w) => {
    const searchAttributes = { indexedFields: { Unheard: { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('"x"') } } };
    await failsWith('INVALID_ARGUMENT', w.service.startWorkflowExecution(w.rawStart({ searchAttributes })));
  },

  'namespaces are described, and unknown ones are not': async (w) => {
    const { namespaceInfo, config } = await w.service.describeNamespace({ namespace: 'default' });
    equal(namespaceInfo.name, 'default');
    yes(Number(config.workflowExecutionRetentionTtl.seconds) > 0, 'no retention');
    await failsWith('NOT_FOUND', w.service.describeNamespace({ namespace: w.id('nowhere') }));
  },

  'a namespace is registered and used': async (w) => {
    const namespace = w.id('space').toLowerCase();
    await w.service
      .registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 } })
      .catch((err) => (codeOf(err) === 'UNIMPLEMENTED' ? skip('the server registers no namespaces') : Promise.reject(err)));
    await failsWith('ALREADY_EXISTS', w.service.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 } }));
    const { runId } = await until('the namespace', () => w.service.startWorkflowExecution(w.rawStart({ namespace })));
    yes(runId, 'no run');
    await failsWith('NOT_FOUND', w.service.describeWorkflowExecution({ namespace: 'default', execution: { workflowId: w.id() } }));
  },

  'a task queue shows its pollers': async (w) => {
    await w.worker({ identity: 'interop poller' });
    await until('the poller', async () => {
      const { pollers } = await w.service.describeTaskQueue({ namespace: 'default', taskQueue: { name: w.queue }, taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW });
      return pollers?.some((poller) => poller.identity === 'interop poller');
    });
  },

  'system info names what the server can': async (w) => {
    const { capabilities } = await w.service.getSystemInfo({});
    yes(capabilities.signalAndQueryHeader && capabilities.activityFailureIncludeHeartbeat && capabilities.eagerWorkflowStart, JSON.stringify(capabilities));
  },

  'a history long poll ends with the close': async (w) => {
    const handle = await w.start('wait');
    const result = fails(handle.result());
    await handle.terminate('over');
    await result;
  },

  'history goes backwards too': async (w) => {
    await w.worker();
    const handle = await w.start('give', [1]);
    await handle.result();
    const { history } = await w.service.getWorkflowExecutionHistoryReverse({ namespace: 'default', execution: { workflowId: w.id() }, maximumPageSize: 100 });
    equal(history.events.map((event) => Number(event.eventId)), [5, 4, 3, 2, 1]);
  },

  'a batch operation ends all workflows of a query': async (w) => {
    const handles = await Promise.all(['one', 'two'].map((suffix) => w.start('wait', [], { workflowId: w.id(suffix) })));
    const query = `TaskQueue = '${w.queue}'`;
    await seen(w, query, [w.id('one'), w.id('two')]);
    const job = { namespace: 'default', jobId: w.id('batch') };
    await w.service.startBatchOperation({ ...job, reason: 'enough', visibilityQuery: query, terminationOperation: { identity: 'interop' } });
    const done = await until('the end of the batch', async () => {
      const progress = await w.service.describeBatchOperation(job);
      return progress.closeTime && progress;
    });
    equal([Number(done.totalOperationCount), Number(done.completeOperationCount)], [2, 2]);
    for (const handle of handles) equal(await w.status(handle), 'TERMINATED');
  },
};
