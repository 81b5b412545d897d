import { ApplicationFailure, CompleteAsyncError, activityInfo, cancelled, heartbeat, sleep } from '@temporalio/activity';

/** The activities of one scenario's workers; what they count and keep is in `world.kept`. */
export function activitiesOf(world) {
  const kept = (world.kept ??= { calls: 0, tokens: [] });
  return {
    greet: async (name) => `hello ${name}`,
    serial: async () => ++kept.calls,
    attempts: async (failures) => {
      kept.calls += 1;
      if (activityInfo().attempt <= failures) throw ApplicationFailure.create({ message: `failure ${activityInfo().attempt}`, type: 'Flaky' });
      return activityInfo().attempt;
    },
    refuse: async () => {
      kept.calls += 1;
      throw ApplicationFailure.create({ message: 'no', type: 'Final', nonRetryable: true, details: ['because'] });
    },
    sluggish: async (ms) => sleep(ms),
    silent: async () => {
      heartbeat({ page: 3 });
      await sleep('30s');
    },
    resume: async () => {
      if (activityInfo().attempt === 1) {
        heartbeat({ page: 7 });
        throw new Error('torn');
      }
      return activityInfo().heartbeatDetails;
    },
    untilCancelled: async () => {
      kept.started = true;
      const beating = setInterval(() => heartbeat(), 100);
      try {
        await cancelled();
      } finally {
        clearInterval(beating);
      }
    },
    later: async () => {
      kept.tokens.push(activityInfo().taskToken);
      kept.activityId = activityInfo().activityId;
      throw new CompleteAsyncError();
    },
  };
}
