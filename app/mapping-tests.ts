/**
 * The tests that stand in an installation's mapping files: which of them fail, as lines for an operator and for a log,
 * without a value. Whether that keeps anything from starting is the configuration's to say (`policy.mappingTests`).
 */
import { formatMappingProblem, type SampleTest } from './mapping/index.ts';

type Tested = { readonly file: string; readonly tests: readonly SampleTest[] };

export type FailingTest = { readonly file: string; readonly line: string };

/** @param now for tests that do not say which time it is */
export function failingTests(mappings: readonly Tested[], now: Date): readonly FailingTest[] {
  return mappings.flatMap(({ file, tests }) => {
    const failing = tests.map((test) => test.faults(now)).filter((faults) => faults.length > 0);
    if (failing.length === 0) return [];
    const lines = failing.flat().map(formatMappingProblem);
    const last = `${lines.at(-1)} ${summary(failing.length, tests.length)}`;
    return [...lines.slice(0, -1), last].map((line) => ({ file, line }));
  });
}

function summary(failing: number, all: number): string {
  const counted = `${failing} of ${all} ${all === 1 ? 'test' : 'tests'} ${failing === 1 ? 'fails' : 'fail'}`;
  return `(${counted}. "landbridge mappings test" shows the values; with policy.mappingTests: warn it starts all the same.)`;
}
