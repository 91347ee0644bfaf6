/**
 * A test of a mapping file, ready to run, and what it finds. What is said of a fault twice differs by who reads it: the
 * message goes into logs and names no value; `shown` is for whoever runs the tests by hand.
 */
import type { MappingFileProblem, Position } from '../file-problem.ts';

export type SampleFault = MappingFileProblem & {
  /** The same with the values, of which sensitive ones are masked. */
  readonly shown: string;
};

export type SampleTest = {
  readonly name: string;
  readonly at: Position;
  /** Empty where it passes. @param now for a test that does not say which time it is */
  faults(now: Date): readonly SampleFault[];
};
