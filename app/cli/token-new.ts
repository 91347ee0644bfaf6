/** `landbridge token new`: makes an inbound token. It is shown this once; the configuration keeps only its hash. */
import { hashToken, newToken, type Scope } from '../config/index.ts';

export function describeNewToken(
  name: string,
  scopes: readonly Scope[],
  random: (bytes: number) => Buffer,
): string {
  const token = newToken(random);
  return [
    'The token. It is shown only now; give it to the caller and to nobody else:',
    `  ${token}`,
    'The line for inbound.tokens in landbridge.yaml:',
    `  - { name: ${name}, scopes: [${scopes.join(', ')}], sha256: ${hashToken(token)} }`,
  ].join('\n');
}
