/** A person as mappings see them, for an operator to look at: values masked unless they were asked for. Pure. */
import type { Entry } from '../../person/entry.ts';
import type { Sample, SampleAttribute } from './report.ts';

/**
 * @param reads the attributes that are asked for; those that the person lacks are shown without values
 * @param syntaxOf how an attribute's values are read, by its folded name without options
 */
export function sampleOf(
  { attributes }: Entry,
  groups: number,
  reads: readonly string[],
  syntaxOf: (type: string) => string,
  showValues: boolean,
): Sample {
  const spelt = new Map(reads.map((name) => [name.toLowerCase(), name]));
  const shown = Object.keys(attributes);
  const types = new Set(shown.map(typeOf));
  const lacking = [...spelt.keys()].filter((name) => !types.has(typeOf(name)));
  const rows = [...shown, ...lacking].sort().map((name): SampleAttribute => {
    const syntax = syntaxOf(typeOf(name));
    const values = attributes[name] ?? [];
    return {
      name: spelt.get(name) ?? name,
      syntax,
      values: showValues ? values : values.map((value) => masked(value, syntax)),
    };
  });
  return { attributes: rows, groups };
}

function typeOf(name: string): string {
  return name.split(';')[0] ?? name;
}

/** What kind of value it is and how long, in characters. */
function masked(value: string, syntax: string): string {
  const length = [...value].length;
  return `${kindOf(value, syntax)} of ${length} ${length === 1 ? 'character' : 'characters'}`;
}

function kindOf(value: string, syntax: string): string {
  if (syntax === 'binary') return 'base64';
  if (syntax !== 'text') return syntax;
  if (/^\d+$/.test(value)) return 'digits';
  return /^\S+@\S+$/.test(value) ? 'mail address' : 'text';
}
