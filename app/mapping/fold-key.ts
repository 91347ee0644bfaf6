/** Directories compare such values without case (RFC 4517, caseIgnoreMatch), so tables and group names do. */
export function foldKey(key: string): string {
  return key.normalize('NFC').toLowerCase();
}
