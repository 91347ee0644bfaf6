/**
 * Attributes of people as directories usually have them, to tell slips from names. Data only. Sources: RFC 4519,
 * RFC 4524 and RFC 2798 (inetOrgPerson), RFC 4512 and RFC 4530 (operational attributes), RFC 2307 (POSIX accounts),
 * eduPerson, and the schemas of Active Directory and of 389 Directory Server as their vendors document them.
 */

const USER_ATTRIBUTES = [
  ...['businessCategory', 'c', 'cn', 'dc', 'description', 'destinationIndicator', 'distinguishedName'],
  ...['dnQualifier', 'facsimileTelephoneNumber', 'generationQualifier', 'givenName', 'houseIdentifier'],
  ...['initials', 'internationalISDNNumber', 'l', 'member', 'name', 'o', 'objectClass', 'ou', 'owner'],
  ...[
    'physicalDeliveryOfficeName',
    'postalAddress',
    'postalCode',
    'postOfficeBox',
    'preferredDeliveryMethod',
  ],
  ...['registeredAddress', 'roleOccupant', 'searchGuide', 'seeAlso', 'serialNumber', 'sn', 'st', 'street'],
  ...['telephoneNumber', 'teletexTerminalIdentifier', 'telexNumber', 'title', 'uid', 'uniqueMember'],
  ...['x121Address', 'x500UniqueIdentifier', 'commonName', 'surname', 'countryName', 'localityName'],
  ...['stateOrProvinceName', 'streetAddress', 'organizationName', 'organizationalUnitName', 'gn', 'userid'],
];

const COSINE_AND_INET_ORG_PERSON = [
  ...['associatedDomain', 'associatedName', 'buildingName', 'co', 'documentAuthor', 'drink', 'homePhone'],
  ...['homePostalAddress', 'host', 'info', 'mail', 'manager', 'mobile', 'organizationalStatus', 'pager'],
  ...['personalTitle', 'roomNumber', 'secretary', 'uniqueIdentifier', 'userClass', 'audio', 'carLicense'],
  ...[
    'departmentNumber',
    'displayName',
    'employeeNumber',
    'employeeType',
    'jpegPhoto',
    'labeledURI',
    'photo',
  ],
  ...['preferredLanguage', 'userCertificate', 'userPKCS12', 'userSMIMECertificate', 'rfc822Mailbox'],
];

const OPERATIONAL = [
  ...['createTimestamp', 'creatorsName', 'entryCSN', 'entryDN', 'entryUUID', 'hasSubordinates', 'memberOf'],
  ...['modifiersName', 'modifyTimestamp', 'structuralObjectClass', 'subschemaSubentry', 'isMemberOf'],
  ...['pwdAccountLockedTime', 'pwdChangedTime', 'pwdEndTime', 'pwdReset', 'pwdStartTime', 'authTimestamp'],
];

const POSIX = [
  ...['gecos', 'gidNumber', 'homeDirectory', 'loginShell', 'memberUid', 'shadowExpire', 'shadowFlag'],
  ...['shadowInactive', 'shadowLastChange', 'shadowMax', 'shadowMin', 'shadowWarning', 'uidNumber'],
];

const EDU_PERSON = [
  ...['eduPersonAffiliation', 'eduPersonEntitlement', 'eduPersonNickname', 'eduPersonOrcid'],
  ...['eduPersonOrgDN', 'eduPersonOrgUnitDN', 'eduPersonPrimaryAffiliation', 'eduPersonPrincipalName'],
  ...['eduPersonScopedAffiliation', 'eduPersonUniqueId'],
];

const ACTIVE_DIRECTORY = [
  ...[
    'accountExpires',
    'adminCount',
    'badPasswordTime',
    'badPwdCount',
    'canonicalName',
    'codePage',
    'comment',
  ],
  ...[
    'company',
    'countryCode',
    'department',
    'directReports',
    'division',
    'employeeID',
    'homeDrive',
    'homeMDB',
  ],
  ...['ipPhone', 'isDeleted', 'lastLogoff', 'lastLogon', 'lastLogonTimestamp', 'legacyExchangeDN'],
  ...['lockoutTime', 'logonCount', 'logonHours', 'mailNickname', 'middleName', 'mS-DS-ConsistencyGuid'],
  ...[
    'msDS-UserAccountDisabled',
    'msDS-User-Account-Control-Computed',
    'msDS-UserPasswordExpiryTimeComputed',
  ],
  ...['msExchHideFromAddressLists', 'msExchRecipientTypeDetails', 'msRTCSIP-PrimaryUserAddress'],
  ...['msDS-cloudExtensionAttribute1', 'nTSecurityDescriptor', 'objectCategory', 'objectGUID', 'objectSid'],
  ...['otherFacsimileTelephoneNumber', 'otherHomePhone', 'otherIpPhone', 'otherMailbox', 'otherMobile'],
  ...['otherPager', 'otherTelephone', 'primaryGroupID', 'profilePath', 'proxyAddresses', 'pwdLastSet'],
  ...['sAMAccountName', 'sAMAccountType', 'scriptPath', 'servicePrincipalName', 'targetAddress'],
  ...['textEncodedORAddress', 'thumbnailPhoto', 'url', 'userAccountControl', 'userParameters'],
  ...['userPrincipalName', 'userWorkstations', 'uSNChanged', 'uSNCreated', 'whenChanged', 'whenCreated'],
  ...['wWWHomePage', 'assistant', 'telephoneAssistant', 'desktopProfile', 'facsimileTelephoneNumber'],
  ...Array.from({ length: 15 }, (_, index) => `extensionAttribute${index + 1}`),
];

const DIRECTORY_SERVER_389 = [
  ...['nsAccountLock', 'nsRole', 'nsRoleDN', 'nsUniqueId', 'nsIdleTimeout', 'mailAlternateAddress'],
  ...['mailForwardingAddress', 'mailHost', 'inetUserStatus', 'inetUserHttpURL', 'passwordExpirationTime'],
  ...['accountUnlockTime', 'lastLoginTime', 'acctPolicySubentry', 'ntUserDomainId', 'entryId', 'parentId'],
];

/** As they are usually written; directories compare them without case. */
export const WELL_KNOWN_ATTRIBUTES: readonly string[] = [
  ...USER_ATTRIBUTES,
  ...COSINE_AND_INET_ORG_PERSON,
  ...OPERATIONAL,
  ...POSIX,
  ...EDU_PERSON,
  ...ACTIVE_DIRECTORY,
  ...DIRECTORY_SERVER_389,
];
