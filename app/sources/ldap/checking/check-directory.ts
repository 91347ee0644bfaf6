/**
 * Checks an LDAP directory as its source would read it: asks one question after the other, each in its own file beside
 * this one, and says what was found, what it means and how to mend it. It only reads, keeps nothing, and needs no Redis.
 */
import { SourceUnavailable } from '../../../errors.ts';
import type { Entry } from '../../../person/entry.ts';
import { ask } from '../../checking/ask.ts';
import type { Census } from '../../checking/census.ts';
import { membershipIn } from '../../checking/membership.ts';
import { peopleFindings } from '../../checking/people.ts';
import {
  type Finding,
  type Sample,
  type SourceCheck,
  type SourceReport,
  told,
} from '../../checking/report.ts';
import { sampleOf } from '../../checking/sample.ts';
import { checkOptions, type LdapSettings, type LdapSourceOptions } from '../options.ts';
import { openSession } from '../session.ts';
import { syntaxOf } from '../values/syntaxes.ts';
import { attributeFindings } from './attributes.ts';
import { deletedFindings } from './deleted-objects.ts';
import { groupsFindings } from './groups.ts';
import { limitFindings } from './limits.ts';
import { pushFindings } from './push.ts';
import type { Scene } from './scene.ts';
import { readAgain } from './second-read.ts';
import { kindFindings } from './server-kind.ts';
import { meetServers } from './servers.ts';
import { findSomebody } from './who.ts';
import { pollOnce, readEverybody } from './whole-read.ts';

/**
 * @param options ones that `checkOptions` has nothing against
 * @throws what is no expected failure of a directory
 */
export async function checkDirectory(options: LdapSourceOptions, check: SourceCheck): Promise<SourceReport> {
  const settings = checkOptions(options);
  return await ask((findings) => askDirectory(settings, check, findings));
}

/** @throws SourceUnavailable where the directory answers no more */
async function askDirectory(
  settings: LdapSettings,
  check: SourceCheck,
  findings: Finding[],
): Promise<Sample | null> {
  const servers = await meetServers(settings, check);
  findings.push(...servers.findings);
  if (!servers.someLetUsIn) throw new SourceUnavailable('no server lets us in');
  const session = await openSession(settings, check.signal);
  try {
    return await askSession({ session, check }, findings);
  } finally {
    await session.close();
  }
}

async function askSession(scene: Scene, findings: Finding[]): Promise<Sample | null> {
  const { session, check } = scene;
  findings.push(...(await kindFindings(scene)));
  const whole = await readEverybody(scene);
  const census = whole.counting.census();
  const membership = membershipIn(census, session.groups?.nested ?? true);
  findings.push(...whole.findings);
  if (whole.progressed !== null) findings.push(await pollOnce(scene, whole.progressed));
  findings.push(await readAgain(scene, membership, census.people));
  findings.push(...(await limitFindings(scene, census.people)));
  findings.push(...(await deletedFindings(scene)));
  findings.push(...(await pushFindings(scene, whole.progressed)));
  findings.push(...peopleFindings(census, whereToLook(scene)));
  findings.push(...(await attributeFindings(scene, census)));
  findings.push(...groupsFindings(scene, census, membership));
  findings.push(...furtherNotices(whole.best.end.notices, findings));
  const entry = await somebody(scene, census, findings);
  if (entry === null) return null;
  const groups = membership.groupsOf(entry).length;
  return sampleOf(entry, groups, session.settings.reads, syntaxOf, check.showValues);
}

function whereToLook({ session: { people, settings } }: Scene): string {
  return `${people.base} is the right people.base, people.filter fits (${people.filter.toString()}), and ${settings.account} may see people there`;
}

/** What the read said and no finding does yet. */
function furtherNotices(notices: readonly string[], findings: readonly Finding[]): readonly Finding[] {
  const said = new Set(findings.map(({ advice }) => advice));
  return notices.filter((notice) => !said.has(notice)).map((notice) => told('noticed', notice));
}

async function somebody(
  scene: Scene,
  { somebody: first }: Census,
  findings: Finding[],
): Promise<Entry | null> {
  const { person } = scene.check;
  if (person === null) return first;
  const { finding, entry } = await findSomebody(scene, person);
  findings.push(finding);
  return entry;
}
