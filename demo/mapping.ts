/**
 * The AgilePlace example as the demo uses it: as it is shipped, with one thing more in an environment of its own. The
 * demo's directory keeps the moment at which a contract ends in `description`, for want of a better attribute.
 */

export const ENVIRONMENT = 'demo';

/** @param shipped what `mappings/agileplace.yaml` says */
export function demoMapping(shipped: string): string {
  return `${shipped}
environments:
  ${ENVIRONMENT}:
    attributes:
      active:
        value: '= !(v.kind in ["former", "leave"]) && !reached(e.description)'
        optional: [description]
`;
}
