import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import { attribute } from '../lib/attributes.mjs';
import { equal, fails, failsWith, until, yes } from '../lib/check.mjs';

const HOUR = 3_600_000;

// trigger() of the SDK means ALLOW_ALL where no policy is given, whatever the schedule's own policy is.

/** A schedule that by itself does not act while a scenario lasts. */
async function schedule(w, { type = 'give', args = ['scheduled'], action = {}, ...over } = {}) {
  const handle = await w.client.schedule.create({
    scheduleId: w.id('schedule'),
    spec: { calendars: [{ year: 2099 }] },
    action: { type: 'startWorkflow', workflowType: type, args, taskQueue: w.queue, workflowId: w.id('scheduled'), ...action },
    ...over,
  });
  w.closing({ close: () => handle.delete().catch(() => undefined) });
  return handle;
}

const info = async (handle) => (await handle.describe()).info;

const acted = (handle, count) => until(`${count} actions`, async () => (await info(handle)).numActionsTaken >= count);

const running = (handle) => until('a running workflow', async () => (await info(handle)).runningActions[0]?.workflow);

const matching = async (w, startTime, endTime) =>
  (await w.service.listScheduleMatchingTimes({
    namespace: 'default',
    scheduleId: w.id('schedule'),
    startTime: { seconds: Date.parse(startTime) / 1000 },
    endTime: { seconds: Date.parse(endTime) / 1000 },
  })).startTime.map((time) => new Date(Number(time.seconds) * 1000).toISOString());

export default {
  'a schedule is created, triggered, paused and deleted': async (w) => {
    await w.worker();
    const handle = await schedule(w, { memo: { kind: 'hourly' }, spec: { intervals: [{ every: '1h' }] } });
    const before = await handle.describe();
    yes(before.info.nextActionTimes.length > 0, 'no next times');
    equal(before.memo, { kind: 'hourly' });
    await handle.trigger();
    const recent = await until('the action', async () => (await info(handle)).recentActions[0]);
    equal(await w.workflows.getHandle(recent.action.workflow.workflowId).result(), 'scheduled');
    await handle.pause('tired');
    const paused = await until('the pause', async () => {
      const { state } = await handle.describe();
      return state.paused && state;
    });
    equal([paused.paused, paused.note], [true, 'tired']);
    await handle.unpause();
    await handle.delete();
    await until('the deletion', () => handle.describe().then(() => false, (err) => err instanceof ScheduleNotFoundError));
    await fails(handle.delete(), ScheduleNotFoundError);
  },

  'a schedule acts by its interval': async (w) => {
    await w.worker();
    const handle = await schedule(w, { spec: { intervals: [{ every: '1s' }] }, policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL } });
    await acted(handle, 2);
  },

  'a schedule is updated': async (w) => {
    const handle = await schedule(w, { state: { paused: true } });
    await handle.update((before) => ({ ...before, spec: { intervals: [{ every: '3h' }] } }));
    equal((await handle.describe()).spec.intervals?.[0]?.every, 3 * HOUR);
  },

  'a schedule id is taken once': async (w) => {
    await schedule(w, { state: { paused: true } });
    await fails(schedule(w), ScheduleAlreadyRunning);
  },

  'a scheduled workflow knows its schedule and its time': async (w) => {
    await w.worker();
    const handle = await schedule(w);
    await handle.trigger();
    const { workflowId } = (await until('the action', async () => (await info(handle)).recentActions[0])).action.workflow;
    yes(new RegExp(`^${w.id('scheduled')}-\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$`).test(workflowId), workflowId);
    const { searchAttributes } = await w.workflows.getHandle(workflowId).describe();
    equal(searchAttributes.TemporalScheduledById, [handle.scheduleId]);
    equal(new Date(searchAttributes.TemporalScheduledStartTime[0]).toISOString().replace('.000', ''), workflowId.slice(-20));
  },

  'skip drops an action while one runs': async (w) => {
    await w.worker();
    const handle = await schedule(w, { type: 'wait', args: [] });
    await handle.trigger(ScheduleOverlapPolicy.SKIP);
    await running(handle);
    await handle.trigger(ScheduleOverlapPolicy.SKIP);
    await handle.trigger(ScheduleOverlapPolicy.SKIP);
    await until('two skipped', async () => (await info(handle)).numActionsSkippedOverlap === 2);
    equal((await info(handle)).numActionsTaken, 1);
  },

  'a buffered action starts when the one before it has ended': async (w) => {
    await w.worker();
    const handle = await schedule(w, { type: 'wait', args: [] });
    await handle.trigger(ScheduleOverlapPolicy.BUFFER_ALL);
    const first = await running(handle);
    await handle.trigger(ScheduleOverlapPolicy.BUFFER_ALL);
    equal((await info(handle)).numActionsTaken, 1);
    await w.workflows.getHandle(first.workflowId, first.firstExecutionRunId).terminate();
    await acted(handle, 2);
  },

  'cancelOther cancels what runs': async (w) => {
    await w.worker();
    const handle = await schedule(w, { type: 'tidy', args: [] });
    await handle.trigger(ScheduleOverlapPolicy.CANCEL_OTHER);
    const first = await running(handle);
    await handle.trigger(ScheduleOverlapPolicy.CANCEL_OTHER);
    await acted(handle, 2);
    yes(['CANCELLED', 'COMPLETED'].includes(await w.status(w.workflows.getHandle(first.workflowId, first.firstExecutionRunId))), 'it still runs');
  },

  'terminateOther terminates what runs': async (w) => {
    await w.worker();
    const handle = await schedule(w, { type: 'wait', args: [] });
    await handle.trigger(ScheduleOverlapPolicy.TERMINATE_OTHER);
    const first = await running(handle);
    await handle.trigger(ScheduleOverlapPolicy.TERMINATE_OTHER);
    await acted(handle, 2);
    equal(await w.status(w.workflows.getHandle(first.workflowId, first.firstExecutionRunId)), 'TERMINATED');
  },

  'an action lasts as long as its chain of runs': async (w) => {
    await w.worker();
    const handle = await schedule(w, { type: 'countdown', args: [3] });
    await handle.trigger(ScheduleOverlapPolicy.BUFFER_ALL);
    await handle.trigger(ScheduleOverlapPolicy.BUFFER_ALL);
    await acted(handle, 2);
    const { count } = await w.workflows.count(`WorkflowId STARTS_WITH '${w.id('scheduled')}' AND ExecutionStatus = 'Completed'`);
    yes(count >= 1, 'the second one did not wait for the first');
  },

  'backfill makes up for the past': async (w) => {
    await w.worker();
    // Paused, so that a full hour of today adds none.
    const handle = await schedule(w, { spec: { cronExpressions: ['0 * * * *'] }, state: { paused: true } });
    await handle.backfill({ start: new Date('2020-02-29T10:00:00Z'), end: new Date('2020-02-29T12:00:00Z'), overlap: ScheduleOverlapPolicy.ALLOW_ALL });
    await acted(handle, 3);
    const times = (await info(handle)).recentActions.map((action) => action.action.workflow.workflowId.slice(-20)).sort();
    equal(times, ['2020-02-29T10:00:00Z', '2020-02-29T11:00:00Z', '2020-02-29T12:00:00Z']);
    await until('their list', async () => {
      const ids = [];
      for await (const each of w.workflows.list({ query: `TemporalScheduledById = '${handle.scheduleId}'` })) ids.push(each.workflowId);
      return ids.length === 3;
    });
  },

  'a failure pauses the schedule that asks for it': async (w) => {
    await w.worker();
    const handle = await schedule(w, { type: 'explode', args: ['Boom'], policies: { pauseOnFailure: true } });
    await handle.trigger();
    await until('the pause', async () => (await handle.describe()).state.paused);
    yes((await handle.describe()).state.note.startsWith('paused due to workflow failure: '), 'the note gives the reason');
  },

  'limited actions come to an end': async (w) => {
    await w.worker();
    const handle = await schedule(w, {
      spec: { intervals: [{ every: '1s' }] },
      policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL },
      state: { remainingActions: 1 },
    });
    // An action is used up when its start is decided, and counts as taken when its workflow runs.
    await acted(handle, 1);
    const { info: { numActionsTaken, nextActionTimes }, state } = await handle.describe();
    equal([numActionsTaken, nextActionTimes, state.remainingActions], [1, [], 0]);
  },

  'calendars and cron lines become one form': async (w) => {
    const handle = await schedule(w, {
      spec: { calendars: [{ hour: { start: 9, end: 17, step: 4 }, dayOfWeek: 'MONDAY', comment: 'office' }], cronExpressions: ['30 6 1 * *'], timezone: 'Europe/Berlin' },
      state: { paused: true },
    });
    const { spec } = await handle.describe();
    equal(spec.calendars.map((calendar) => [calendar.hour[0].start, calendar.hour[0].end, calendar.hour[0].step, calendar.minute[0].start]), [[9, 17, 4, 0], [6, 6, 1, 30]]);
    equal([spec.timezone, spec.calendars[0].comment], ['Europe/Berlin', 'office']);
    equal(await matching(w, '2026-03-01T00:00:00Z', '2026-03-02T23:00:00Z'), [
      '2026-03-01T05:30:00.000Z', '2026-03-02T08:00:00.000Z', '2026-03-02T12:00:00.000Z', '2026-03-02T16:00:00.000Z',
    ]);
  },

  'start, end and exclusions bound the times': async (w) => {
    await schedule(w, {
      spec: {
        intervals: [{ every: '1h', offset: '10m' }],
        startAt: new Date('2030-01-01T02:00:00Z'),
        endAt: new Date('2030-01-01T06:00:00Z'),
        skip: [{ hour: 3, minute: '*' }],
      },
      state: { paused: true },
    });
    equal(await matching(w, '2029-01-01T00:00:00Z', '2031-01-01T00:00:00Z'), [
      '2030-01-01T02:10:00.000Z', '2030-01-01T04:10:00.000Z', '2030-01-01T05:10:00.000Z',
    ]);
  },

  'schedules are listed and counted by query': async (w) => {
    await attribute(w, 'InteropKeyword', 'KEYWORD');
    const key = defineSearchAttributeKey('InteropKeyword', SearchAttributeType.KEYWORD);
    await schedule(w, { state: { paused: true }, typedSearchAttributes: [{ key, value: w.key }] });
    const list = async (query) => {
      const found = [];
      for await (const each of w.client.schedule.list({ query })) found.push(each);
      return found;
    };
    const [summary] = await list(`InteropKeyword = '${w.key}' AND TemporalSchedulePaused = true`);
    equal([summary.scheduleId, summary.state.paused, summary.action.workflowType], [w.id('schedule'), true, 'give']);
    equal(await list(`InteropKeyword = '${w.key}' AND TemporalSchedulePaused = false`), []);
    equal((await list(`ScheduleId = '${w.id('schedule')}'`)).length, 1);
    equal(Number((await w.service.countSchedules({ namespace: 'default', query: `InteropKeyword = '${w.key}'` })).count), 1);
  },

  'a bad spec is refused, naming what is wrong': async (w) => {
    const err = await failsWith('INVALID_ARGUMENT', schedule(w, { spec: { cronExpressions: ['61 * * * *'] } }));
    yes(/Minute/.test(`${err.message} ${err.cause?.message}`), err.cause?.message);
  },

  'a stale conflict token changes nothing': async (w) => {
    const handle = await schedule(w);
    const { conflictToken, schedule: stored } = await w.service.describeSchedule({ namespace: 'default', scheduleId: handle.scheduleId });
    await handle.pause('in between');
    await failsWith('FAILED_PRECONDITION', w.service.updateSchedule({ namespace: 'default', scheduleId: handle.scheduleId, schedule: stored, conflictToken, requestId: w.id() }));
    equal((await handle.describe()).state.paused, true);
  },
};
