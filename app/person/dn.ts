/**
 * Takes distinguished names apart and gives each one spelling, so that a group's `member` and a person's DN can be
 * compared as text.
 *
 * Never asks the server and never throws: a directory may hold anything in an attribute that looks like a DN.
 * Rules: RFC 4514 (text form), RFC 4518 (which spellings of a value are equal). Some servers answer with `\2C`
 * although `\,` was written, and people write members with blanks, other case and other escapes (case O-02).
 */

/** One `type=value`. `value` is decoded text; `encoded` marks a `#hex` value that is not text, kept as hex digits. */
export type NamePart = { readonly type: string; readonly value: string; readonly encoded: boolean };

/** One RDN holds one part, or several joined by `+`. */
export type Rdn = readonly NamePart[];

/** Names of one attribute type: RFC 4514 section 3 wants the short one, older tools write the others. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'cn',
  commonname: 'cn',
  '2.5.4.6': 'c',
  countryname: 'c',
  '2.5.4.7': 'l',
  localityname: 'l',
  '2.5.4.8': 'st',
  stateorprovincename: 'st',
  '2.5.4.9': 'street',
  streetaddress: 'street',
  '2.5.4.10': 'o',
  organizationname: 'o',
  '2.5.4.11': 'ou',
  organizationalunitname: 'ou',
  '0.9.2342.19200300.100.1.1': 'uid',
  userid: 'uid',
  '0.9.2342.19200300.100.1.25': 'dc',
  domaincomponent: 'dc',
};

/** BER tags of the string types that a `#hex` value may hold as text: octet, UTF-8, printable, IA5. */
const TEXT_TAGS = new Set([0x04, 0x0c, 0x13, 0x16]);

/** @returns the RDNs, leftmost first; an empty list for the empty DN; null where the text is not a DN */
export function parseDn(text: string): readonly Rdn[] | null {
  if (text.trim() === '') return [];
  const rdns: Rdn[] = [];
  for (const rdnText of splitUnescaped(text, ',')) {
    const rdn: NamePart[] = [];
    for (const partText of splitUnescaped(rdnText, '+')) {
      const part = parsePart(partText);
      if (part === null) return null;
      rdn.push(part);
    }
    rdns.push(rdn);
  }
  return rdns;
}

/**
 * One spelling for all equal DNs: short lower-case types, folded values, sorted multi-valued RDNs, one way to escape.
 * Text that is not a DN comes back trimmed and folded, so that it still equals itself.
 */
export function normaliseDn(text: string): string {
  const plain = PLAIN_RDN.exec(text);
  if (plain === null) return normaliseAny(text);
  const [rdn, type = '', value = ''] = plain;
  const parent = normalisedParent(text.slice(rdn.length));
  const name = type.toLowerCase();
  return parent === null
    ? normaliseAny(text)
    : `${SHORT_NAMES[name] ?? name}=${value.toLowerCase()},${parent}`;
}

/** `type=value,` without anything that has to be escaped, folded beyond its case, or weighed: most people's. */
const PLAIN_RDN = /^([a-z][a-z0-9-]*)=([\w@.'()/:&!$%*-]+(?: [\w@.'()/:&!$%*-]+)*),/i;

/** The few entries under which people stand, by the server's spelling; null where it is no DN. */
const parents = new Map<string, string | null>();
const MOST_PARENTS = 1_000;

function normalisedParent(text: string): string | null {
  const known = parents.get(text);
  if (known !== undefined) return known;
  const normalised = text.trim() === '' || parseDn(text) === null ? null : normaliseAny(text);
  if (parents.size >= MOST_PARENTS) parents.clear();
  parents.set(text, normalised);
  return normalised;
}

function normaliseAny(text: string): string {
  const rdns = parseDn(text);
  if (rdns === null) return foldValue(text);
  return rdns.map(formatRdn).join(',');
}

/** Whether `dn` is `base` or stands below it. False where either is not a DN. */
export function isWithin(dn: string, base: string): boolean {
  const rdns = parseDn(dn);
  const baseRdns = parseDn(base);
  if (rdns === null || baseRdns === null || baseRdns.length > rdns.length) return false;
  const tail = rdns.slice(rdns.length - baseRdns.length);
  return tail.every((rdn, index) => formatRdn(rdn) === formatRdn(baseRdns[index] ?? []));
}

function formatRdn(rdn: Rdn): string {
  return rdn
    .map((part) => `${part.type}=${part.encoded ? `#${part.value}` : escapeValue(foldValue(part.value))}`)
    .sort()
    .join('+');
}

/** caseIgnoreMatch in short: compatibility form, lower case, runs of blanks as one, none at the ends. */
function foldValue(value: string): string {
  return value.normalize('NFKC').toLowerCase().normalize('NFKC').replace(/\s+/g, ' ').trim();
}

function escapeValue(value: string): string {
  return (
    value
      .replace(/[\\,+"<>;=]/g, '\\$&')
      .replace(/^#/, '\\#')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not stand bare
      .replace(/[\u0000-\u001f\u007f]/g, (char) => `\\${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
  );
}

/** Splits at separators that are neither escaped nor inside the quotes of RFC 2253's older form. */
function splitUnescaped(text: string, separator: ',' | '+'): readonly string[] {
  const pieces: string[] = [];
  let start = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (char === '\\') index += 1;
    else if (char === '"') quoted = !quoted && opensValue(text, index);
    else if (char === separator && !quoted) {
      pieces.push(text.slice(start, index));
      start = index + 1;
    }
  }
  pieces.push(text.slice(start));
  return pieces;
}

/** A quote counts only as the first character of a value; elsewhere it is a stray one. */
function opensValue(text: string, at: number): boolean {
  return /=\s*$/.test(text.slice(Math.max(0, at - 8), at));
}

function parsePart(text: string): NamePart | null {
  const match = /^\s*(?:oid\.)?([a-z][a-z0-9-]*|\d+(?:\.\d+)+)\s*=(.*)$/is.exec(text);
  if (match === null) return null;
  const name = (match[1] ?? '').toLowerCase();
  const type = SHORT_NAMES[name] ?? name;
  const raw = trimUnescaped(match[2] ?? '');
  if (raw.startsWith('#')) return parseHexValue(type, raw.slice(1));
  const quotedValue = /^"((?:[^"\\]|\\.)*)"$/s.exec(raw);
  const value = unescapeValue(quotedValue?.[1] ?? raw);
  return value === null ? null : { type, value, encoded: false };
}

/** Blanks around a value do not belong to it, unless the last one is escaped. */
function trimUnescaped(text: string): string {
  const start = text.replace(/^ +/, '');
  const trimmed = start.slice(0, lengthWithout(' ', start));
  const backslashes = trimmed.length - lengthWithout('\\', trimmed);
  return backslashes % 2 === 1 && trimmed !== start ? `${trimmed} ` : trimmed;
}

/**
 * How long the text is without this character at its end. By hand: a pattern such as / +$/ begins anew at each blank,
 * which takes a value of many blanks minutes.
 */
function lengthWithout(character: string, text: string): number {
  let length = text.length;
  while (length > 0 && text[length - 1] === character) length -= 1;
  return length;
}

function parseHexValue(type: string, digits: string): NamePart | null {
  if (!/^([0-9a-f]{2})+$/i.test(digits)) return null;
  const bytes = Buffer.from(digits, 'hex');
  const [tag, length] = bytes;
  const isText = tag !== undefined && TEXT_TAGS.has(tag) && length === bytes.length - 2 && length < 0x80;
  const value = isText ? decodeUtf8(bytes.subarray(2)) : null;
  return value === null
    ? { type, value: digits.toLowerCase(), encoded: true }
    : { type, value, encoded: false };
}

/** Hex pairs are bytes of UTF-8, so that `\C4\8D` is one letter. @returns null for a lone backslash or broken UTF-8 */
function unescapeValue(text: string): string | null {
  if (!text.includes('\\')) return text;
  const pieces: Buffer[] = [];
  for (const token of text.match(/\\[0-9a-f]{2}|\\.|\\$|[^\\]+/gis) ?? []) {
    if (token === '\\') return null;
    if (/^\\[0-9a-f]{2}$/i.test(token)) pieces.push(Buffer.from(token.slice(1), 'hex'));
    else pieces.push(Buffer.from(token.startsWith('\\') ? token.slice(1) : token, 'utf8'));
  }
  return decodeUtf8(Buffer.concat(pieces));
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
