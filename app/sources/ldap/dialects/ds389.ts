/**
 * 389 Directory Server, and what was made of it: Red Hat Directory Server, FreeIPA. Its own id for an entry is
 * nsUniqueId, on every entry and the same on all replicas; entryUUID, another number, only newer versions have.
 *
 * Content Sync is left to whoever configures it. It goes by the retro changelog as well, and less well (seen at 2.3.1; its
 * source says so, too): an answer to a cookie never says refreshDeletes, gives entries without operational attributes
 * whatever was asked for, loses each 51st deletion, and does not tell of entries that no longer fit the filter. It names
 * entries by nsUniqueId, as 16 bytes.
 */
import { type StableId, toStableId } from '../../../person/anchor.ts';
import { equals } from '../filters/filter.ts';
import type { Dialect } from './dialect.ts';

const ID = 'nsUniqueId';

export const DS389: Dialect = {
  name: '389ds',
  title: '389 Directory Server',
  recognises: (server) =>
    server.values('vendorVersion').some((value) => /^(389|Red Hat)-Directory\//i.test(value)),
  id: {
    attribute: ID,
    read: toNsUniqueId,
    filter: (id) => (toNsUniqueId(id) === null ? null : equals(ID, id)),
  },
  bookkeeping: ['modifyTimestamp'],
  // nsPerson is what its own tools (dsidm) make of people.
  peopleFilter: '(|(objectClass=inetOrgPerson)(objectClass=nsPerson))',
  groups: {
    filter: '(objectClass=groupOfNames)',
    memberAttribute: 'member',
    nameAttribute: 'cn',
    primary: false,
  },
  trackings: ['retro-changelog', 'time-stamps'],
  watches: ['persistent-search', 'content-sync'],
  contentSync: { idOf: ofUuid, presentPhase: 'meaningless', entries: 'named', lossyFrom: 50 },
  isHarmlessReferral: () => false,
};

/** Four groups of eight digits, unlike a UUID. Anything else would find nobody, without a complaint. */
function toNsUniqueId(text: string): StableId | null {
  const id = toStableId(text.toLowerCase());
  return id !== null && /^[0-9a-f]{8}(-[0-9a-f]{8}){3}$/.test(id) ? id : null;
}

function ofUuid(uuid: string): StableId | null {
  return toNsUniqueId((uuid.replaceAll('-', '').match(/.{8}/g) ?? []).join('-'));
}
