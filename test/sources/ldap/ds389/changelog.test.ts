import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ldifEntry } from '../../../../sandbox/directory/ldif.ts';
import { type Ds389, startDs389 } from '../../../support/ds389.ts';
import { FORMER, PEOPLE, personAttributes } from '../invented.ts';
import { addPerson, dnOf, follow, idOf } from './news.ts';

const PLUGIN = 'cn=Retro Changelog Plugin,cn=plugins,cn=config';
const NOT_THE_SAME_LOG =
  'everybody was read: the change log does not go on from the watermark; it was trimmed or made anew, or is another server’s';

async function newestNumber(directory: Ds389): Promise<number> {
  return Number((await directory.read(''))['lastchangenumber']?.[0]);
}

describe('the retro changelog', () => {
  let directory: Ds389;
  beforeAll(async () => {
    directory = await startDs389({ retroChangelog: true });
  });
  afterAll(() => directory.stop());

  test('is not taken while it is empty, or names no person', async () => {
    const follower = follow(directory, 'auto');
    const refusedWith = (notice: string) => ({
      tracking: 'time-stamps',
      complete: true,
      notices: [`not read by retro-changelog: ${notice}`],
    });
    expect((await follower.hear()).end).toMatchObject(refusedWith('its change log is still empty'));
    await directory.modify(directory.reader.dn, { replace: { sn: 'Reader' } });
    expect((await follower.hear(true)).end).toMatchObject(
      refusedWith(
        `its newest records name nobody below ${PEOPLE}; unless nobody has changed for long, nsslapd-include-suffix` +
          ' or nsslapd-exclude-suffix of the server’s Retro Changelog Plugin leave them out',
      ),
    );
    await addPerson(directory, 'ada');
    expect((await follower.hear(true)).end).toMatchObject({
      tracking: 'retro-changelog',
      names: 'everyone',
      notices: [],
    });
    expect((await follower.hear()).end).toMatchObject({
      tracking: 'retro-changelog',
      names: 'changes',
      notices: [],
    });
  });

  test('goes on where nothing was changed for long, and where everybody was read meanwhile', async () => {
    const follower = follow(directory, 'retro-changelog');
    await follower.hear();
    const sweep = await follower.hear(true);
    expect(sweep).toMatchObject({ people: ['ada'], end: { names: 'everyone' } });
    await addPerson(directory, 'bea');
    expect(await follower.hear()).toMatchObject({ people: ['bea'], absent: [], end: { names: 'changes' } });
  });

  test('somebody who comes and goes between two reads is told as absent, and nothing else', async () => {
    const follower = follow(directory, 'retro-changelog');
    await follower.hear();
    await addPerson(directory, 'cleo');
    const id = await idOf(directory, dnOf('cleo'));
    await directory.rename(dnOf('cleo'), dnOf('cleo.x'));
    await directory.remove(dnOf('cleo.x'));
    expect(await follower.hear()).toMatchObject({ people: [], absent: [id], end: { complete: true } });
  });

  test('a branch that is renamed, moved out and moved in moves everybody below it', async () => {
    const engines = `ou=engines,${PEOPLE}`;
    await directory.add(engines, { objectClass: 'organizationalUnit', ou: 'engines' });
    await directory.rename(dnOf('bea'), `uid=bea,${engines}`);
    const follower = follow(directory, 'retro-changelog');
    expect((await follower.hear()).people).toEqual(['ada', 'bea @ engines']);
    const moved = {
      names: 'everyone',
      complete: true,
      notices: ['everybody was read: a branch was renamed or moved, with everybody below it'],
    };
    await directory.rename(engines, `ou=mills,${PEOPLE}`);
    expect(await follower.hear()).toMatchObject({ people: ['ada', 'bea @ mills'], end: moved });
    await directory.rename(`ou=mills,${PEOPLE}`, `ou=mills,${FORMER}`);
    expect(await follower.hear()).toMatchObject({ people: ['ada'], end: moved });
    await directory.rename(`ou=mills,${FORMER}`, `ou=mills,${PEOPLE}`);
    expect(await follower.hear()).toMatchObject({ people: ['ada', 'bea @ mills'], end: moved });
    expect((await follower.hear()).end).toMatchObject({ names: 'changes', notices: [] });
  });

  test('an empty branch and a single person move without everybody being read', async () => {
    const follower = follow(directory, 'retro-changelog');
    await follower.hear();
    await directory.add(`ou=empty,${PEOPLE}`, { objectClass: 'organizationalUnit', ou: 'empty' });
    await directory.rename(`ou=empty,${PEOPLE}`, `ou=void,${PEOPLE}`);
    await directory.rename(`uid=bea,ou=mills,${PEOPLE}`, dnOf('bea'));
    expect(await follower.hear()).toMatchObject({ people: ['bea'], end: { names: 'changes', notices: [] } });
  });

  test('somebody who no longer fits the filter is absent', async () => {
    const follower = follow(directory, 'retro-changelog', { people: { base: PEOPLE, filter: '(sn=bea)' } });
    expect((await follower.hear()).people).toEqual(['bea']);
    const id = await idOf(directory, dnOf('bea'));
    await directory.modify(dnOf('bea'), { replace: { sn: 'Blake' } });
    expect(await follower.hear()).toMatchObject({ people: [], absent: [id], end: { names: 'changes' } });
  });

  test('trimmed beyond the watermark: everybody is read, and the log is followed again', async () => {
    const follower = follow(directory, 'retro-changelog');
    await follower.hear();
    const seen = await newestNumber(directory);
    await addPerson(directory, 'dora');
    await directory.remove(`changenumber=${seen},cn=changelog`);
    const after = await follower.hear();
    expect(after).toMatchObject({ people: ['ada', 'bea', 'dora'] });
    expect(after.end).toMatchObject({ names: 'everyone', complete: true, notices: [NOT_THE_SAME_LOG] });
    expect((await follower.hear()).end).toMatchObject({ names: 'changes', notices: [] });
  });

  test('made anew, so that the same number means another change: everybody is read', async () => {
    const follower = follow(directory, 'retro-changelog');
    await follower.hear();
    const seen = await newestNumber(directory);
    const numbers = Array.from({ length: seen }, (_, index) => `changenumber=${index + 1},cn=changelog`);
    for (const dn of numbers) await directory.remove(dn).catch(() => {});
    await directory.restart();
    for (let number = await newestNumber(directory); number <= seen; number = await newestNumber(directory)) {
      await directory.modify(dnOf('ada'), { replace: { sn: `Lovelace ${number}` } });
    }
    const after = await follower.hear();
    expect(after.people).toEqual(['ada', 'bea', 'dora']);
    expect(after.end).toMatchObject({ names: 'everyone', notices: [NOT_THE_SAME_LOG] });
  });

  test('a watermark of another shape is none', async () => {
    const { source } = follow(directory, 'retro-changelog');
    for (const mark of ['{"number":-1,"record":"x"}', '{"number":"7"}', 'null', '[]']) {
      const since = `{"v":2,"tracking":"retro-changelog","mark":${mark}}` as never;
      const items = [];
      for await (const item of source.read({ since, everyone: false }, new AbortController().signal))
        items.push(item);
      expect(items.at(-1)).toMatchObject({ kind: 'end', names: 'everyone', complete: true });
    }
  });

  test('what was imported while the server was down is in no record: the next read of everybody tells it', async () => {
    const follower = follow(directory, 'retro-changelog');
    await follower.hear();
    const classes = ['top', 'person', 'organizationalPerson', 'inetOrgPerson'];
    await directory.reload(ldifEntry(dnOf('eva'), { ...personAttributes('eva'), objectClass: classes }));
    expect(await follower.hear()).toMatchObject({ people: [], absent: [], end: { names: 'changes' } });
    expect((await follower.hear(true)).people).toEqual(['eva']);
  });

  test('without the ids of what was changed it is refused, and the notice says how to mend it', async () => {
    await directory.modify(PLUGIN, { remove: { 'nsslapd-attribute': 'nsuniqueid:targetUniqueId' } });
    await directory.restart();
    await directory.modify(dnOf('eva'), { replace: { sn: 'Byron' } });
    expect((await follow(directory, 'auto').hear()).end).toMatchObject({
      tracking: 'time-stamps',
      notices: [
        'not read by retro-changelog: its records do not name the changed entry; add nsslapd-attribute:' +
          ' nsuniqueid:targetUniqueId to the server’s Retro Changelog Plugin, and let the account read targetUniqueId',
      ],
    });
  });
});

test('where the account may not read the log, which looks as if it were empty, it is not believed', async () => {
  const directory = await startDs389({ retroChangelog: true, changelogReadable: false });
  try {
    await addPerson(directory, 'ada');
    expect((await follow(directory, 'auto').hear()).end).toMatchObject({
      tracking: 'time-stamps',
      notices: [`not read by retro-changelog: ${directory.reader.dn} may not read cn=changelog`],
    });
  } finally {
    await directory.stop();
  }
});

test('without the plug-ins, stamps are followed, and the notices say what is lacking', async () => {
  const directory = await startDs389();
  try {
    await addPerson(directory, 'ada');
    const follower = follow(directory, 'auto');
    expect(await follower.hear()).toMatchObject({
      people: ['ada'],
      end: {
        tracking: 'time-stamps',
        notices: ['not read by retro-changelog: the server’s Retro Changelog Plugin is off'],
      },
    });
  } finally {
    await directory.stop();
  }
});
