/**
 * Search filters, built so that no value can change their meaning: the literal is a JSON string and the whole
 * expression is URL-encoded (draft-scim-api-01, 3.2.2.1; O-14).
 */

/** `userName eq "…"` */
export function equalsFilter(attribute: 'userName' | 'externalId', value: string): string {
  // JSON.stringify also writes lone surrogates as escapes, which would make encodeURIComponent throw.
  return `${attribute} eq ${JSON.stringify(value)}`;
}

/** `filter=…`, ready to stand behind the `?` of a URL. */
export function filterQuery(filter: string): string {
  return `filter=${encodeURIComponent(filter)}`;
}
