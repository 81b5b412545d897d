import { condition, defineSignal, setHandler, sleep } from '@temporalio/workflow';

/** As it was first deployed. */
export async function evolving() {
  let go = false;
  setHandler(defineSignal('go'), () => {
    go = true;
  });
  await sleep(1);
  await condition(() => go);
  return 'first';
}
