/**
 * The proxy of the environment, for targets that name none of their own. It may carry a name and a password, so a wrong
 * one is refused before anybody else reads it, and its text is never shown (O-27).
 */

/** Small letters go before capitals where both are set, as undici has it. */
const VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];

/** @returns a line for each variable that is no address of an HTTP proxy */
export function proxyProblems(env: NodeJS.ProcessEnv): string[] {
  return VARIABLES.filter((name) => !isProxy(env[name] ?? '')).map(
    (name) =>
      `environment variable ${name}: must be the address of an HTTP proxy. Write it like ` +
      'http://proxy.example.com:3128; special characters in a name or password are percent-encoded.',
  );
}

function isProxy(text: string): boolean {
  if (text === '') return true;
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && hostname !== '';
}
