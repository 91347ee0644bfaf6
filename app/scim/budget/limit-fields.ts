/**
 * The header fields by which servers tell of a request limit, taken apart and nothing more: a text becomes numbers or
 * nothing. Total and in linear time, whatever the text is; what makes no sense counts as absent.
 *
 *   X-RateLimit-Limit, -Remaining, -Reset     and X-Rate-Limit-*: no standard
 *   RateLimit-Limit, -Remaining, -Reset       draft-ietf-httpapi-ratelimit-headers-06 and before; the reset in seconds
 *   RateLimit: limit=, remaining=, reset=     -07
 *   RateLimit: "name";r=;t=                   -08 and later, with RateLimit-Policy: "name";q=;w=;qu=
 */

export type Fields = Readonly<Record<string, string>>;

/** What one limit says. `reset` as it stands there: seconds from now, or a time. */
export type ToldLimit = {
  readonly limit: number | null;
  readonly remaining: number | null;
  readonly reset: number | null;
};

/** A server that says more than this about itself says nothing. */
const LONGEST_FIELD = 2_000;

/** Every limit that the headers tell of. @param headers with names in lower case */
export function toldLimits(headers: Fields): readonly ToldLimit[] {
  return [
    ...['x-ratelimit', 'x-rate-limit', 'ratelimit'].map((family) => threeFields(headers, family)),
    ...combinedField(headers.ratelimit ?? '', headers['ratelimit-policy'] ?? ''),
  ];
}

function threeFields(headers: Fields, family: string): ToldLimit {
  const first = (name: string) => count(pieces(headers[`${family}-${name}`] ?? '', ',')[0]?.split(';')[0]);
  return { limit: first('limit'), remaining: first('remaining'), reset: first('reset') };
}

function combinedField(limits: string, policies: string): readonly ToldLimit[] {
  const items = pieces(limits, ',');
  const older = new Map(items.map(keyAndValue));
  if (older.has('remaining')) {
    const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((key) => count(older.get(key)));
    return [{ limit: limit ?? null, remaining: remaining ?? null, reset: reset ?? null }];
  }
  const known = new Map(pieces(policies, ',').map(named));
  return items.map(named).flatMap(([name, own]) => {
    const policy = known.get(name);
    // Bytes, and requests at once, are no requests.
    if (policy !== undefined && (policy.get('qu') ?? '"requests"') !== '"requests"') return [];
    const remaining = count(own.get('r'));
    return [
      {
        limit: count(policy?.get('q')) ?? remaining,
        remaining,
        reset: count(own.get('t') ?? policy?.get('w')),
      },
    ];
  });
}

/** `"default";r=50;t=30` as its name and its parameters. */
function named(item: string): readonly [string, ReadonlyMap<string, string>] {
  const [name = '', ...parameters] = pieces(item, ';');
  return [name, new Map(parameters.map(keyAndValue))];
}

function keyAndValue(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 0) return [text.toLowerCase(), ''];
  return [text.slice(0, at).trim().toLowerCase(), text.slice(at + 1).trim()];
}

/** What stands between the separators; those between quotes do not separate. */
function pieces(text: string, separator: ',' | ';'): readonly string[] {
  if (text.length > LONGEST_FIELD) return [];
  const found: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') quoted = !quoted;
    else if (quoted && text[at] === '\\') at += 1;
    else if (!quoted && text[at] === separator) {
      found.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return [...found, text.slice(from).trim()];
}

function count(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d{1,16}(\.\d{1,9})?\s*$/.test(text) ? Math.ceil(Number(text)) : null;
}
