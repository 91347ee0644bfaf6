/**
 * What the values of an attribute are, by the attribute's name: data for everything that reads values. Names that are
 * not listed hold text. Sources: RFC 4517 (syntaxes), RFC 4519, 4523, 4524 and 2798 (attributes), and the attribute
 * pages of Active Directory and 389 Directory Server.
 */

/**
 * `filetime`: 100 ns since 1601 as digits. `guid`: 16 bytes, the first three fields little-endian. `sid`: a security
 * identifier. `uuid-bytes`: 16 bytes in the order in which they are written.
 */
export type Syntax =
  | 'text'
  | 'binary'
  | 'guid'
  | 'uuid-bytes'
  | 'sid'
  | 'dn'
  | 'boolean'
  | 'generalised-time'
  | 'filetime'
  | 'telephone';

const NAMES: Readonly<Record<Exclude<Syntax, 'text'>, readonly string[]>> = {
  binary: [
    ...['audio', 'cACertificate', 'jpegPhoto', 'photo', 'thumbnailPhoto', 'thumbnailLogo', 'userCertificate'],
    ...['userPKCS12', 'userSMIMECertificate', 'x500UniqueIdentifier', 'logonHours', 'msExchMailboxGuid'],
    ...['msExchBlockedSendersHash', 'msExchSafeSendersHash', 'terminalServer', 'replicationSignature'],
  ],
  guid: ['objectGUID', 'parentGUID', 'invocationId', 'msExchArchiveGUID', 'mS-DS-ConsistencyGuid'],
  'uuid-bytes': ['GUID'],
  sid: ['objectSid', 'sIDHistory', 'securityIdentifier', 'tokenGroups'],
  dn: [
    ...['manager', 'secretary', 'assistant', 'seeAlso', 'owner', 'roleOccupant', 'member', 'uniqueMember'],
    ...['memberOf', 'directReports', 'managedBy', 'managedObjects', 'distinguishedName', 'entryDN'],
    ...['creatorsName', 'modifiersName', 'objectCategory', 'lastKnownParent', 'altRecipient'],
  ],
  boolean: ['nsAccountLock', 'isDeleted', 'isRecycled', 'pwdReset', 'hasSubordinates'],
  'generalised-time': [
    ...['createTimestamp', 'modifyTimestamp', 'whenCreated', 'whenChanged', 'pwdChangedTime'],
    ...['pwdAccountLockedTime', 'passwordExpirationTime', 'accountUnlockTime', 'krbPasswordExpiration'],
  ],
  filetime: [
    ...['accountExpires', 'lastLogon', 'lastLogonTimestamp', 'lockoutTime', 'pwdLastSet', 'badPasswordTime'],
  ],
  telephone: [
    ...['telephoneNumber', 'mobile', 'homePhone', 'pager', 'facsimileTelephoneNumber', 'ipPhone'],
    ...['otherTelephone', 'otherMobile', 'otherHomePhone', 'otherPager', 'otherFacsimileTelephoneNumber'],
  ],
};

const BY_NAME: ReadonlyMap<string, Syntax> = new Map(
  Object.entries(NAMES).flatMap(([syntax, names]) =>
    names.map((name) => [name.toLowerCase(), syntax as Syntax] as const),
  ),
);

/** @param type the attribute's name, folded, without options */
export function syntaxOf(type: string): Syntax {
  return BY_NAME.get(type) ?? 'text';
}
