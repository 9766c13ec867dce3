import { proxyActivities } from '@temporalio/workflow';

const { read } = proxyActivities({ startToCloseTimeout: '1 minute' });

/** Six activities, one after the other. */
export async function row(name) {
  for (let step = 0; step < 6; step += 1) await read(name);
}

/** Six activities, three of them side by side. */
export async function fan(name) {
  await read(name);
  await read(name);
  await Promise.all([read(name), read(name), read(name)]);
  await read(name);
}
