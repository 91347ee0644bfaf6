/**
 * `npm run demo`: the whole of Landbridge on this machine, for real. With `--once` it ends by itself; without, it
 * stays and says where to look next.
 */
import { once } from 'node:events';
import { createNarrator } from './narrator.ts';
import { play } from './scenes.ts';
import { type Stage, setStage } from './stage.ts';

const narrator = createNarrator((line) => console.log(line), Date.now());
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

narrator.scene('Setting the stage: everything is private, on loopback, in a temporary folder');
const stage = await setStage(narrator);
try {
  await Promise.race([play(stage, narrator), stopped()]);
  if (!process.argv.includes('--once') && !stop.signal.aborted) await stay(stage);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await stage.strike();
}
console.log(
  process.exitCode === 1 ? '\nThe demo failed.' : '\nThe demo is over, and everything it started has ended.',
);
process.exit();

async function stopped(): Promise<void> {
  if (!stop.signal.aborted) await once(stop.signal, 'abort');
}

async function stay({ apiUrl, scimUrl, token, directory, folder }: Stage): Promise<void> {
  const { ldapUrl, admin } = directory;
  console.log(`
Everything keeps running. Where to look next:
  people      curl -H 'Authorization: Bearer ${token}' ${apiUrl}/v1/people/ada.winter@example.test
  runs        curl -H 'Authorization: Bearer ${token}' ${apiUrl}/v1/runs
  the API     ${apiUrl}/openapi.json
  the target  ${scimUrl}/Users
  directory   ldapsearch -x -H ${ldapUrl} -D '${admin.dn}' -w ${admin.password} -b ${directory.suffix}
  logs        ${folder}
Ctrl-C ends it and removes everything.`);
  await stopped();
}
