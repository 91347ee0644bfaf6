/**
 * Attributes by whose values people are known besides their stable id: an operator asks for somebody by them, and a
 * mapping joins the records of two sources by them. Each person is kept in an index under them.
 */

/** In small letters, as an entry has them. */
export const HANDLE_ATTRIBUTES: readonly string[] = [
  'uid',
  'mail',
  'userprincipalname',
  'samaccountname',
  'employeenumber',
  'employeeid',
];

/** The form in which ids and handles are compared: two sources seldom agree on the case of what they both write. */
export function foldHandle(handle: string): string {
  return handle.trim().toLowerCase();
}
