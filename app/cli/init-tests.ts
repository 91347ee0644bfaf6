/**
 * The tests of a first mapping, made from an invented person: what the mapping gives for them now is what it has to give
 * from then on. Pure.
 */
import { stringify } from 'yaml';
import { loadMapping, type SampleOutcome, sampleOutcome } from '../mapping/index.ts';
import type { Json } from '../scim/resource.ts';
import { SAMPLES } from './init-attributes.ts';
import type { Offer } from './init-source.ts';

/** As mapping files are written; our reader takes no aliases. */
const YAML_STYLE = { lineWidth: 116, singleQuote: true, aliasDuplicateObjects: false } as const;

/**
 * @param text the mapping without its tests
 * @param hasAddress whether the mapping asks for one
 */
export function testsText(text: string, kind: Offer['kind'], hasAddress: boolean, now: Date): string {
  const loaded = loadMapping('the first mapping', text);
  if (!loaded.ok) throw new Error(`init made a mapping with mistakes: ${JSON.stringify(loaded.problems)}`);
  const { mapping } = loaded;
  const known = mapping.reads.flatMap((read) => {
    const sample = SAMPLES.get(read);
    return sample === undefined ? [] : [sample];
  });
  const values = Object.fromEntries(known.map(({ name, values: said }) => [name, said]));
  const whole = kind === 'csv' && 'manager' in values ? { ...values, manager: '1002' } : values;
  const test = (name: string, attributes: Readonly<Record<string, string | readonly string[]>>) => {
    const person = { id: 4711, attributes };
    return { name, person, ...expected(sampleOutcome(mapping, person, now)) };
  };
  const { mail: _mail, proxyAddresses: _addresses, ...unreachable } = whole;
  const all = [
    test('a colleague', whole),
    ...(kind === 'active-directory'
      ? [test('a disabled account', { ...whole, userAccountControl: '514' })]
      : []),
    ...(kind === '389ds' ? [test('a locked account', { ...whole, nsAccountLock: 'true' })] : []),
    ...(hasAddress ? [test('somebody without an address', unreachable)] : []),
  ];
  return [
    '# An invented person in, exactly this account out. They run before each start.',
    stringify({ tests: all }, YAML_STYLE),
  ].join('\n');
}

function expected(outcome: SampleOutcome): Readonly<Record<string, Json>> {
  switch (outcome.kind) {
    case 'account':
      return { account: outcome.account };
    case 'out-of-scope':
      return { outOfScope: true };
    case 'failed':
      return { fails: outcome.words };
  }
}
