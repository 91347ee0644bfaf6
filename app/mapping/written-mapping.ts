/** Mappings as files have them: besides what they give, the tests that stand in them, and how they come to it. */
import type { Identity } from '../person/identity.ts';
import type { AttributePath } from '../scim/resource.ts';
import type { Explanation } from './explain/explanation.ts';
import type { GroupMapping } from './group/group-mapping.ts';
import type { Mapping } from './mapping.ts';
import type { SampleTest } from './samples/sample-test.ts';

type Tested = {
  /** Those that are about the environment that counts. */
  readonly tests: readonly SampleTest[];
};

/** Tells what it says of accounts, and how it comes to what it gives. Pure. */
export type Explains = {
  /** The attributes that it gives accounts, a list as one. */
  readonly writes: readonly AttributePath[];
  explain(identity: Identity, now: Date): Explanation;
};

export type WrittenMapping = Mapping & Explains & Tested;

export type WrittenGroupMapping = GroupMapping & Tested;
