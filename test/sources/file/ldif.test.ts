import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileSourceOptions } from '../../../app/sources/file/index.ts';
import { ldifEntry } from '../../../sandbox/directory/ldif.ts';
import { type Directory, startDirectory } from '../../../sandbox/directory/slapd.ts';
import {
  GROUPS,
  group,
  PEOPLE,
  person,
  sourceFor as sourceOf,
  tell as tellDirectory,
  uuid,
} from '../ldap/invented.ts';
import { inbox, LDIF, sourceFor, tell } from './delivered.ts';

const run = promisify(execFile);
const box = inbox();

async function told(content: string | Buffer, change: Partial<FileSourceOptions> = {}) {
  await box.write('people.ldif', content);
  return await tell(sourceFor(box.at('people.ldif'), change));
}

const ADA = `dn: uid=ada,${PEOPLE}
objectClass: inetOrgPerson
entryUUID: ${uuid(1)}
mail: ada@example.test
sn: Byron
`;

describe('entries', () => {
  test('are people and groups, with names, members and managers as in a directory', async () => {
    const bea = `dn: uid=bea,${PEOPLE}\nobjectClass: inetOrgPerson\nentryUUID: ${uuid(2).toUpperCase()}\nmanager: UID=Ada, ${PEOPLE}\n\n`;
    const staff = `dn: cn=staff,${GROUPS}\nobjectClass: groupOfNames\nentryUUID: ${uuid(9)}\ncn: staff\nmember: uid=ada,${PEOPLE}\nmember: UID=Bea,${PEOPLE}\n\n`;
    const { entries, groups, end } = await told(`version: 1\n\n${ADA}\n${bea}${staff}`, {
      reads: ['mail', 'manager'],
    });
    expect(entries).toEqual([
      {
        stableId: uuid(1),
        dn: `uid=ada,${PEOPLE}`,
        dnKey: `uid=ada,${PEOPLE}`,
        revision: '',
        attributes: { mail: ['ada@example.test'] },
      },
      {
        stableId: uuid(2),
        dn: `uid=bea,${PEOPLE}`,
        dnKey: `uid=bea,${PEOPLE}`,
        revision: '',
        attributes: { manager: [`UID=Ada, ${PEOPLE}`] },
        references: { manager: [`uid=ada,${PEOPLE}`] },
      },
    ]);
    expect(groups).toEqual({ staff: [`uid=ada,${PEOPLE}`, `uid=bea,${PEOPLE}`] });
    expect(end).toMatchObject({ complete: true, problems: [], names: 'everyone', tracking: 'comparison' });
  });

  test('that are neither are passed over, also those without an id', async () => {
    const { people, end } = await told(
      `dn: dc=example,dc=test\nobjectClass: domain\ndc: example\n\n${ADA}\n`,
    );
    expect(Object.keys(people)).toEqual([uuid(1)]);
    expect(end.complete).toBe(true);
  });

  test('of Active Directory have an objectGUID, whose bytes are in its own order (O-01 c)', async () => {
    const guid = Buffer.from('00112233445566778899aabbccddeeff', 'hex').toString('base64');
    const entry = `dn: CN=Ada,DC=ad,DC=test\nobjectClass: user\nobjectGUID:: ${guid}\nsn: Byron\n\n`;
    const format = { ...LDIF, id: 'objectGUID', people: '(objectClass=user)' };
    expect((await told(entry, { format })).people).toEqual({
      '33221100-5544-7766-8899-aabbccddeeff': { sn: ['Byron'] },
    });
    const short = entry.replace(guid, Buffer.from('0011', 'hex').toString('base64'));
    expect((await told(short, { format })).end.problems).toEqual([
      'people.ldif line 1 has no usable objectGUID',
    ]);
  });

  test('that people are told apart in by a number need none for groups', async () => {
    const staff = `dn: cn=staff,${GROUPS}\nobjectClass: groupOfNames\ncn: staff\nmember: uid=ada,${PEOPLE}\n\n`;
    const { people, groups } = await told(`${ADA}employeeNumber: 17\n\n${staff}`, {
      format: { ...LDIF, id: 'employeeNumber' },
    });
    expect(Object.keys(people)).toEqual(['17']);
    expect(groups).toEqual({ staff: [`uid=ada,${PEOPLE}`] });
  });
});

describe('lines (RFC 2849)', () => {
  const values = async (lines: string, reads = ['title', 'title;lang-fr', 'userCertificate']) => {
    const { people, end } = await told(`${ADA}${lines}\n\n`, { reads });
    expect(end.problems).toEqual([]);
    return people[uuid(1)];
  };

  test('folded, base64, with options, with blanks, with comments in between, with line breaks of both kinds', async () => {
    expect(await values('title:  one  two ')).toEqual({ title: ['one  two '] });
    expect(await values('title: one\n # still the value\n#a comment\n  of two lines\ntitle:three')).toEqual({
      title: ['one# still the value', 'three'],
    });
    expect(await values('title:: w4k=\r\ntitle;lang-fr: un\r')).toEqual({
      title: ['É'],
      'title;lang-fr': ['un'],
    });
    expect(await values('userCertificate;binary:: AAEC\ntitle:')).toEqual({
      usercertificate: ['AAEC'],
      title: [''],
    });
    expect(await values('title:: ZXJz\n IGZvbGRlZA==\n')).toEqual({ title: ['ers folded'] });
  });

  test('whatever values an entry has, they are read as they were written, however the lines are folded (property)', async () => {
    const value = fc.string({
      unit: fc.constantFrom('a', ' ', ':', '<', 'é', '\n', '#', '\0', '😀'),
      maxLength: 90,
    });
    const folding = fc.integer({ min: 1, max: 30 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 8 }),
        folding,
        async (people, width) => {
          const entries = people.map(([sn, title], index) =>
            ldifEntry(`uid=${index},${PEOPLE}`, {
              objectClass: 'inetOrgPerson',
              entryUUID: uuid(index),
              sn,
              title,
            }),
          );
          const read = await told(folded(entries.join(''), width));
          expect(read.end.problems).toEqual([]);
          const expected = people.map(([sn, title], index) => [uuid(index), { sn: [sn], title: [title] }]);
          expect(read.people).toEqual(Object.fromEntries(expected));
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** Breaks each line after so many characters. */
function folded(ldif: string, width: number): string {
  const fold = (line: string) => (line.match(new RegExp(`.{1,${width}}`, 'gsu')) ?? ['']).join('\n ');
  return ldif.split('\n').map(fold).join('\n');
}

describe('what is not right is named by its line, and then nobody counts as gone', () => {
  test.each([
    ['an empty file', '', 'is empty'],
    ['another version', `version: 2\n${ADA}\n`, 'is LDIF of a version that is not 1 (line 1)'],
    [
      'a list of changes',
      `${ADA}\ndn: uid=bea,${PEOPLE}\nchangetype: delete\n\n`,
      'line 7 says what to change, where whole entries are expected',
    ],
    [
      'a value at a URL',
      `${ADA}title:< file:///etc/passwd\n\n`,
      'line 1 has a value at line 6 that cannot be read: it stands at a URL, and URLs are not followed',
    ],
    [
      'damaged base64',
      `${ADA}title:: !!!\n\n`,
      'line 1 has a value at line 6 that cannot be read: it is not base64',
    ],
    ['a line that is none', `${ADA}result 0 Success\n\n`, 'line 1 has no attribute at line 6'],
    [
      'a name that is damaged',
      `dn:: !\nsn: x\n\n`,
      'line 1 has a name that cannot be read: it is not base64',
    ],
    ['an entry without a name', `mail: ada@example.test\n\n`, 'line 1 does not begin with dn:'],
    ['a person without an id', `${ADA.replace('entryUUID', 'cn')}\n`, 'line 1 has no usable entryUUID'],
    ['an id that is no UUID', `${ADA.replace(uuid(1), '17')}\n`, 'line 1 has no usable entryUUID'],
    ['an id twice', `${ADA}\n${ADA.replace('ada,', 'bea,')}\n`, 'has ids more than once (1), at lines 7'],
    [
      'a part of the members',
      `dn: cn=a,${GROUPS}\nobjectClass: groupOfNames\nmember;range=0-1499: uid=ada,${PEOPLE}\n\n`,
      'line 1 has only a part of its members',
    ],
    [
      'an end without an empty line',
      ADA,
      'ends in the middle of the entry at line 1, without an empty line behind it',
    ],
    [
      'fewer entries than ldapsearch counted',
      `${ADA}\n# numResponses: 3\n# numEntries: 2\n`,
      'has another number of entries (1) than its comments say (2)',
    ],
  ])('%s', async (_name, content, problem) => {
    const { end } = await told(content);
    expect(end.problems).toEqual([`people.ldif ${problem}`]);
    expect(end.complete).toBe(false);
  });

  test('bytes of another encoding cost their entry', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${ADA}title: M`),
      Buffer.from([0xfc]),
      Buffer.from('ller\n\n'),
    ]);
    const { people, end } = await told(bytes);
    expect(people).toEqual({});
    expect(end.problems).toEqual([
      'people.ldif line 1 has a value at line 6 that cannot be read: bytes of another encoding',
    ]);
    expect((await told(bytes, { encoding: 'windows-1252' })).people[uuid(1)]?.['title']).toEqual(['Müller']);
  });

  test('wherever the file is cut within an entry, it shows, and nobody is told of by half an entry', async () => {
    const whole = `version: 1\n\n${ADA}\n${ADA.replace('uid=ada', 'uid=bea').replace(uuid(1), uuid(2))}\n`;
    const { people } = await told(whole);
    const between = ['version: 1\n\n'.length, whole.indexOf('dn: uid=bea')];
    for (let length = 0; length < whole.length; length += 1) {
      const cut = await told(whole.slice(0, length));
      expect([length, cut.end.complete]).toEqual([length, between.includes(length)]);
      for (const [id, attributes] of Object.entries(cut.people)) expect(attributes).toEqual(people[id]);
    }
  });
});

describe('exports of a real directory', () => {
  let directory: Directory;
  const names = Array.from({ length: 40 }, (_, index) => `p${index}`);
  beforeAll(async () => {
    const people = names.map((uid, index) =>
      person(uid, {
        sn: `Ž${'ä long name '.repeat(index)}`,
        description: 'x'.repeat(index * 7),
        title: ' leads',
      }),
    );
    const members = names.map((uid) => `uid=${uid},${PEOPLE}`);
    directory = await startDirectory({ ldif: [...people, group('all', members)].join('') });
  });
  afterAll(() => directory.stop());

  const search = async (level: string) => {
    const { dn, password } = directory.reader;
    const access = ['-x', '-H', directory.ldapUrl, '-D', dn, '-w', password];
    const wish = [level, '-b', directory.suffix, '(objectClass=*)', '*', '+'];
    return (await run('ldapsearch', [...access, ...wish])).stdout;
  };
  const expected = async () => {
    const source = sourceOf(directory, { reads: ['mail', 'sn', 'title', 'description'] });
    const { people, groups } = await tellDirectory(source);
    return {
      people: Object.fromEntries(people.map(({ stableId, attributes }) => [stableId, { ...attributes }])),
      groups,
    };
  };

  test.each(['-LLL', '-LL', '-L'])('ldapsearch %s says what the directory itself says', async (level) => {
    const { people, groups, end } = await told(await search(level), {
      reads: ['mail', 'sn', 'title', 'description'],
    });
    expect(end.problems).toEqual([]);
    expect({ people, groups }).toEqual(await expected());
  });

  test('slapcat says what the directory itself says, and its passwords are never told', async () => {
    const conf = join(directory.caFile, '..', 'slapd.conf');
    const { stdout } = await run('/usr/sbin/slapcat', ['-f', conf, '-b', directory.suffix]);
    expect(stdout).toContain('userPassword');
    const read = await told(stdout, { reads: ['mail', 'sn', 'title', 'description'] });
    expect(read.end.problems).toEqual([]);
    expect({ people: read.people, groups: read.groups }).toEqual(await expected());
    expect(JSON.stringify(read)).not.toContain('userpassword');
  });
});
