import { equal, failsWith, until, yes } from '../lib/check.mjs';

const namespace = 'default';

/** A worker of one version; once this returns, the deployment knows it. */
async function versioned(w, buildId, defaultVersioningBehavior) {
  const deploymentName = w.key;
  const worker = await w.worker({ workerDeploymentOptions: { useWorkerVersioning: true, version: { deploymentName, buildId }, defaultVersioningBehavior } });
  await until(`version ${buildId}`, async () => (await describe(w)).versionSummaries.some((version) => version.deploymentVersion.buildId === buildId));
  return worker;
}

const describe = async (w) => (await w.service.describeWorkerDeployment({ namespace, deploymentName: w.key })).workerDeploymentInfo;

const setCurrent = (w, buildId, more = {}) => w.service.setWorkerDeploymentCurrentVersion({ namespace, deploymentName: w.key, buildId, identity: 'interop', ...more });

const setRamp = (w, buildId, percentage) => w.service.setWorkerDeploymentRampingVersion({ namespace, deploymentName: w.key, buildId, percentage, identity: 'interop' });

const versionOf = async (handle) => (await handle.describe()).raw.workflowExecutionInfo.versioningInfo?.deploymentVersion?.buildId;

/** Signals, and says whose worker took the signal up. */
async function nudge(handle, count) {
  await handle.signal('more');
  await until(`${count} signals`, async () => (await handle.query('count')) === count);
  return versionOf(handle);
}

export default {
  'a pinned workflow stays on its version': async (w) => {
    await versioned(w, 'one', 'PINNED');
    await setCurrent(w, 'one');
    const old = await w.start('counter', [], { workflowId: w.id('old') });
    equal(await nudge(old, 1), 'one');
    await versioned(w, 'two', 'PINNED');
    const { previousDeploymentVersion } = await setCurrent(w, 'two');
    equal(previousDeploymentVersion.buildId, 'one');
    equal(await nudge(old, 2), 'one');
    const young = await w.start('counter', [], { workflowId: w.id('young') });
    equal(await nudge(young, 1), 'two');
    for (const handle of [old, young]) await handle.signal('done');
    equal([await old.result(), await young.result()], [2, 1]);
    const statuses = (await describe(w)).versionSummaries.map((version) => [version.deploymentVersion.buildId, version.status]);
    equal(Object.fromEntries(statuses), { one: 4, two: 2 });
  },

  'an auto-upgrading workflow moves to the current version': async (w) => {
    await versioned(w, 'one', 'AUTO_UPGRADE');
    await setCurrent(w, 'one');
    const handle = await w.start('counter');
    equal(await nudge(handle, 1), 'one');
    await versioned(w, 'two', 'AUTO_UPGRADE');
    equal(await nudge(handle, 2), 'one');
    await setCurrent(w, 'two');
    equal(await nudge(handle, 3), 'two');
    await handle.signal('done');
    equal(await handle.result(), 3);
    const behaviors = (await w.events(handle)).map((event) => event.workflowTaskCompletedEventAttributes?.versioningBehavior).filter((behavior) => behavior !== undefined);
    yes(behaviors.every((behavior) => behavior === 2), `behaviors ${behaviors}`);
  },

  'a ramp takes all at a hundred percent and none at zero': async (w) => {
    await versioned(w, 'one', 'PINNED');
    await versioned(w, 'two', 'PINNED');
    await setCurrent(w, 'one');
    await setRamp(w, 'two', 100);
    const ramped = await w.start('counter', [], { workflowId: w.id('ramped') });
    equal(await nudge(ramped, 1), 'two');
    await setRamp(w, 'two', 0);
    const current = await w.start('counter', [], { workflowId: w.id('current') });
    equal(await nudge(current, 1), 'one');
    const { routingConfig } = await describe(w);
    equal([routingConfig.currentDeploymentVersion.buildId, routingConfig.rampingDeploymentVersion.buildId, routingConfig.rampingVersionPercentage], ['one', 'two', 0]);
  },

  'an override binds a start to a version': async (w) => {
    await versioned(w, 'one', 'AUTO_UPGRADE');
    await versioned(w, 'two', 'AUTO_UPGRADE');
    await setCurrent(w, 'one');
    const bound = await w.start('counter', [], { versioningOverride: { pinnedTo: { deploymentName: w.key, buildId: 'two' } } });
    equal(await nudge(bound, 1), 'two');
    const unknown = w.start('counter', [], { workflowId: w.id('unknown'), versioningOverride: { pinnedTo: { deploymentName: w.key, buildId: 'three' } } });
    await failsWith('FAILED_PRECONDITION', unknown, 'a start bound to a version that nobody has');
  },

  'a worker without a version gets nothing of the current one': async (w) => {
    await versioned(w, 'one', 'PINNED');
    await w.worker();
    await setCurrent(w, 'one');
    const handle = await w.start('counter');
    equal(await nudge(handle, 1), 'one');
    await setCurrent(w, '', { ignoreMissingTaskQueues: true });
    const loose = await w.start('counter', [], { workflowId: w.id('loose') });
    equal(await nudge(loose, 1), null);
    await failsWith('FAILED_PRECONDITION', w.service.deleteWorkerDeployment({ namespace, deploymentName: w.key }), 'deleting a deployment with versions');
  },
};
