import { condition, defineSignal, patched, proxyActivities, setHandler, sleep } from '@temporalio/workflow';

/** The same change, guarded. */
export async function evolving() {
  let go = false;
  setHandler(defineSignal('go'), () => {
    go = true;
  });
  const fresh = patched('greeting');
  if (fresh) await proxyActivities({ startToCloseTimeout: '30s' }).greet('somebody');
  else await sleep(1);
  await condition(() => go);
  return fresh ? 'patched' : 'as before';
}
