/** The dialects there are. A new one is a file beside this one and a line in the list. */
import { agileplace } from './agileplace.ts';
import type { Dialect } from './dialect.ts';
import { gatewayStyle } from './gateway-style.ts';
import { generic } from './generic.ts';
import { oktaStyle } from './okta-style.ts';
import { pingdirectory } from './pingdirectory.ts';
import { slack } from './slack.ts';
import { uaa } from './uaa.ts';
import { wso2 } from './wso2.ts';

const DIALECTS: readonly Dialect[] = [
  ...[agileplace, gatewayStyle, generic, oktaStyle, pingdirectory, slack, uaa, wso2],
];

export const DIALECT_NAMES: readonly string[] = DIALECTS.map((dialect) => dialect.name);

/** @returns undefined where there is no such dialect */
export function dialectNamed(name: string): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect.name === name);
}

export type { Dialect } from './dialect.ts';
