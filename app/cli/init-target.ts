/**
 * Holds the target of a first configuration against its profile, by the questions that only read. What it finds changes
 * nothing that was written: which profile is right, a person decides.
 */
import { randomBytes } from 'node:crypto';
import type { TargetReport } from '../scim/index.ts';
import { CannotStart } from './cannot-start.ts';
import { type CheckTargetCommand, checkTargetCommand } from './check-target.ts';

type Around = Pick<CheckTargetCommand, 'env' | 'log' | 'stopping' | 'note'>;

/** @returns lines for an operator; never fails, since what was written is right with or without a target that answers */
export async function lookAtTarget(file: string, target: string, around: Around): Promise<readonly string[]> {
  let answer = '';
  const { env, log, stopping, note } = around;
  try {
    await checkTargetCommand({
      ...{ env, log, stopping, note, target, file },
      userDomain: null,
      json: true,
      write: (text) => {
        answer = text;
      },
      randomText: () => randomBytes(6).toString('hex'),
    });
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error;
    return [`${target} could not be asked: ${error.message}`];
  }
  return inWords(target, JSON.parse(answer) as TargetReport);
}

function inWords(target: string, { findings, fitsBetter, brokenOff }: TargetReport): readonly string[] {
  if (brokenOff !== null) return [`${target} could not be asked: ${brokenOff}`];
  const count = (wanted: string) => findings.filter(({ verdict }) => verdict === wanted).length;
  const differing = findings.filter(({ verdict }) => verdict === 'differs').map(({ what }) => what);
  return [
    `${target}: of what its profile says, ${count('agrees')} agree, ${count('differs')} differ, ${count('unknown')} are not known`,
    ...(differing.length === 0
      ? []
      : [`  differs: ${differing.join(', ')}; landbridge check target ${target} says what to do`]),
    ...(fitsBetter === null
      ? []
      : [`  profile ${fitsBetter.profile} fits better: it differs in ${fitsBetter.differences}`]),
  ];
}
