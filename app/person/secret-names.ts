/**
 * Which attributes hold a credential, whatever a source or a target calls them. They are never read, taken in, kept,
 * set or shown (O-27). A closed list, compared by the whole name: `passwordChangedAt` or `mustChangePassword` hold none.
 */

const SECRET_NAMES = new Set([
  ...['password', 'passwd', 'pwd', 'passphrase', 'userpassword', 'userpasswd', 'authpassword', 'rootpw'],
  ...[
    'newpassword',
    'oldpassword',
    'currentpassword',
    'initialpassword',
    'temporarypassword',
    'temppassword',
  ],
  ...['clearpassword', 'cleartextpassword', 'plaintextpassword', 'passwordhash', 'hashedpassword'],
  // Active Directory, Samba, Kerberos, the password policy of OpenLDAP, keys in PKCS #12 (RFC 2798).
  ...['unicodepwd', 'dbcspwd', 'ntpwdhistory', 'lmpwdhistory', 'supplementalcredentials'],
  ...['sambantpassword', 'sambalmpassword', 'ntpassword', 'lmpassword', 'krbprincipalkey', 'pwdhistory'],
  ...['userpkcs12', 'apikey', 'clientsecret', 'accesstoken', 'refreshtoken', 'privatekey'],
]);

/** Ignores case, signs between words, and LDAP's options: `User-Password;x-old` is `userPassword`. */
export function isSecretName(name: string): boolean {
  const [type = ''] = name.normalize('NFKC').toLowerCase().split(';');
  return SECRET_NAMES.has(type.replace(/[^\p{L}\p{N}]/gu, ''));
}
