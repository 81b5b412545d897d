import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';

/** An activity where histories have a timer. */
export async function evolving() {
  let go = false;
  setHandler(defineSignal('go'), () => {
    go = true;
  });
  await proxyActivities({ startToCloseTimeout: '30s' }).greet('nobody');
  await condition(() => go);
  return 'broken';
}
