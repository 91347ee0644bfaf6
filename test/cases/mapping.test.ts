/**
 * Incidents in what is made of a person's values, through the example mappings as they are shipped: which mail address is
 * the primary one (O-08), and values that are as good as empty, padded, or telephone numbers (O-09).
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NOW, person } from '../mapping/people.ts';
import { type Case, startCase, type Values } from '../support/example-case.ts';
import { exampleMapping } from '../support/example-mapping.ts';

const CORE = 'urn:scim:schemas:core:1.0';
const ENTERPRISE = 'urn:scim:schemas:extension:enterprise:1.0';

describe('by mappings/generic.yaml', () => {
  const ADA = { uid: 'ada', employeeType: 'staff' };
  const LEAST = { schemas: [CORE], externalId: '1', userName: 'ada', userType: 'staff', active: true };

  let rig: Case;
  beforeAll(async () => {
    rig = await startCase('generic', 'generic');
  });
  beforeEach(() => rig.clear());
  afterAll(() => rig.stop());

  /** @returns the body of the one write */
  async function body(values: Values): Promise<unknown> {
    await rig.tell('1', { ...ADA, ...values });
    const [[method, made] = [], ...more] = await rig.sent();
    expect([method, more]).toEqual(['POST', []]);
    return made;
  }

  test.each<[string, Values, readonly object[]]>([
    [
      'O-08 a',
      {
        proxyAddresses: [
          'smtp:ada.old@example.com',
          'SMTP:ada.lovelace@example.com',
          'X500:/o=x',
          'SIP:ada@example.com',
        ],
        mail: 'ada.old@example.com',
      },
      [
        { value: 'ada.lovelace@example.com', type: 'work', primary: true },
        { value: 'ada.old@example.com', type: 'other' },
      ],
    ],
    [
      'O-08 b',
      { proxyAddresses: ['smtp:b@example.com', 'smtp:a@example.com'], mail: 'b@example.com' },
      [
        { value: 'b@example.com', type: 'work', primary: true },
        { value: 'a@example.com', type: 'other' },
      ],
    ],
    ['O-08 c', { mail: 'ada@example.com' }, [{ value: 'ada@example.com', type: 'work', primary: true }]],
    [
      'O-08 d',
      { proxyAddresses: ['SMTP:x@example.com', 'SMTP:y@example.com'], mail: 'y@example.com' },
      [
        { value: 'y@example.com', type: 'work', primary: true },
        { value: 'x@example.com', type: 'other' },
      ],
    ],
    [
      'O-08 e',
      { proxyAddresses: ['SMTP:Ada@Example.com', 'smtp:ada@example.com'] },
      [{ value: 'Ada@Example.com', type: 'work', primary: true }],
    ],
    ['O-08 f', { proxyAddresses: ['smtp:'] }, []],
  ])(
    '%s: its mail addresses, in one order whatever the order at the source',
    async (_row, values, emails) => {
      const made = await body(values);
      expect(made).toEqual({ ...LEAST, ...(emails.length === 0 ? {} : { emails }) });
      await rig.clear();
      const proxyAddresses = [...(values['proxyAddresses'] ?? [])].reverse();
      expect(JSON.stringify(await body({ ...values, proxyAddresses }))).toBe(JSON.stringify(made));
    },
  );

  test('O-08 d: two primary addresses are told with a warning', async () => {
    const values = { ...ADA, proxyAddresses: ['SMTP:x@example.com', 'SMTP:y@example.com'] };
    expect((await rig.tell('1', values)).warnings).toEqual(['emails.value: several-primaries']);
  });

  test.each<[string, Values, object]>([
    ['O-09 a', { givenName: [], title: '', departmentNumber: '   ', sn: '\u00a0' }, {}],
    [
      'O-09 b',
      { sn: ' Lovelace\u00a0', displayName: '\u200bAda Lovelace' },
      { name: { familyName: 'Lovelace' }, displayName: 'Ada Lovelace' },
    ],
    ['O-09 c', { title: ['  ', 'Analyst'] }, { title: 'Analyst' }],
    ['O-09 e', { departmentNumber: '0' }, { schemas: [CORE, ENTERPRISE], [ENTERPRISE]: { department: '0' } }],
  ])(
    '%s: what is as good as empty is not sent, and blanks around values neither',
    async (_row, values, more) => {
      expect(await body(values)).toEqual({ ...LEAST, ...more });
    },
  );

  test('O-09 d: a user name of blanks is for an operator, and the next person is served', async () => {
    const { outcome } = await rig.tell('1', { ...ADA, uid: ' ' });
    expect(outcome).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/ userName: no-userName$/),
    });
    await rig.tell('2', ADA);
    expect(await rig.sent()).toEqual([['POST', { ...LEAST, externalId: '2' }]]);
  });
});

describe('O-09: telephone numbers in the three forms that the examples use', () => {
  type Row = readonly [
    string,
    raw: string,
    e164: string | null,
    rfc3966: string | null,
    warning: string | null,
  ];
  const NUMBERS: readonly Row[] = [
    ['O-09 f', '+44 20 7946 0018', '+442079460018', 'tel:+442079460018', null],
    ['O-09 g', '+44 20 7946 0018 x42', '+442079460018', 'tel:+442079460018;ext=42', 'extension-dropped'],
    ['O-09 h', '(020) 7946 0018', null, null, 'no-country'],
    ['O-09 i', 'n/a', null, null, null],
  ];
  const numberBy = (example: string, telephoneNumber: string) => {
    const values = { uid: 'ada', mail: 'ada@example.com', employeeType: 'staff', telephoneNumber };
    const mapped = exampleMapping(example).mapping.map(person(values), NOW);
    if (mapped.kind !== 'in-scope') throw new Error(JSON.stringify(mapped));
    return { numbers: mapped.user['phoneNumbers'], warnings: mapped.warnings.map(({ message }) => message) };
  };
  const work = (value: string | null) => (value === null ? undefined : [{ value, type: 'work' }]);

  test.each(NUMBERS)('%s: %s', (_row, raw, e164, rfc3966, warning) => {
    expect(numberBy('wso2', raw)).toEqual({ numbers: work(raw), warnings: [] });
    const told = warning === null ? [] : [expect.stringContaining(warning)];
    expect(numberBy('slack', raw)).toEqual({ numbers: work(e164), warnings: told });
    const kept = rfc3966?.includes(';ext=') === true ? [] : told;
    expect(numberBy('generic', raw)).toEqual({ numbers: work(rfc3966), warnings: kept });
  });
});
