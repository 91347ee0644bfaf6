/**
 * The server's own words about why it refused, out of whatever shape it used for them (O-13): SCIM 1.1 `Errors` as a
 * list or a single object, the SCIM 2.0 shape, other JSON, plain text, an HTML page. Pure, and never throws.
 *
 * What comes back is for a person to read: one line, at most 500 characters, with our own secrets taken out in case
 * the server quotes the request back at us.
 */
import { isJsonList, isJsonObject, type Json, type JsonObject, ownValue } from '../resource.ts';

const LONGEST = 500;

/** Where servers put the explanation, the most telling first. */
const EXPLAINING_NAMES = ['description', 'detail', 'message', 'error_description', 'error', 'title'] as const;

/** Where servers wrap the error itself. */
const WRAPPING_NAMES = ['Errors', 'errors', 'error', 'response'] as const;

/** @returns '' where the server explains nothing */
export function serverWords(text: string, json: Json | undefined, secrets: readonly string[]): string {
  // A text is cut short while it is read, so secrets go first: half of one would not be recognised any more.
  const words =
    json === undefined
      ? wordsOfText(withoutSecrets(text, secrets))
      : withoutSecrets(wordsOfJson(json, 0), secrets);
  return shortened(oneLine(words));
}

/** Takes our secrets out of a text, also where the server gives them back in another encoding. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const spellings = secrets.flatMap((secret) => [
    secret,
    urlEncoded(secret),
    JSON.stringify(secret).slice(1, -1),
    ...htmlEscaped(secret),
  ]);
  // The longest first: a secret that is part of another must not leave the rest of it behind.
  const ordered = [...new Set(spellings)].filter((spelling) => spelling !== '');
  ordered.sort((a, b) => b.length - a.length);
  return ordered.reduce((so, spelling) => so.replaceAll(spelling, '[redacted]'), text);
}

/** As pages write it; frameworks differ over the apostrophe. */
function htmlEscaped(text: string): readonly string[] {
  const escaped = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  return ['&#39;', '&#x27;', "'"].map((apostrophe) => escaped.replaceAll("'", apostrophe));
}

function urlEncoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text; // a lone surrogate has no URL encoding, so it cannot come back in one
  }
}

export function isHtml(contentType: string, text: string): boolean {
  return /\bhtml\b/i.test(contentType) || /^\s*(<!doctype html|<html|<head|<body)/i.test(text.slice(0, 1000));
}

function wordsOfJson(json: Json, depth: number): string {
  if (typeof json === 'string') return json;
  if (depth > 4) return '';
  if (isJsonList(json)) {
    const each = json.map((item) => wordsOfJson(item, depth + 1)).filter((words) => words !== '');
    return each.join('; ');
  }
  return isJsonObject(json) ? wordsOfObject(json, depth) : '';
}

function wordsOfObject(object: JsonObject, depth: number): string {
  for (const name of WRAPPING_NAMES) {
    const inner = ownValue(object, name);
    if (!isJsonObject(inner) && !isJsonList(inner)) continue;
    const words = wordsOfJson(inner, depth + 1);
    if (words !== '') return words;
  }
  for (const name of EXPLAINING_NAMES) {
    const words = ownValue(object, name);
    if (typeof words === 'string' && words.trim() !== '') return words;
  }
  return '';
}

function wordsOfText(text: string): string {
  if (!isHtml('', text) && !text.includes('</')) return text.slice(0, 10_000);
  const start = text.slice(0, 10_000);
  const title =
    /<title[^>]{0,200}>([^<]{1,1000})/i.exec(start)?.[1] ?? /<h1[^>]{0,200}>([^<]{1,1000})/i.exec(start)?.[1];
  return title ?? start.replace(/<(script|style)\b.*?<\/\1>/gis, ' ').replace(/<[^<>]*>/g, ' ');
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

function shortened(text: string): string {
  if (text.length <= LONGEST) return text;
  // Not through the middle of a surrogate pair.
  return `${text.slice(0, LONGEST - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
