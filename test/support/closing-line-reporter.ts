/**
 * Ends a test run with one line that people and CI can rely on: `12 passed, 0 failed`, with `, 1 skipped` where any
 * were. A file that could not even be loaded counts as one failure, since its tests never ran.
 */
import type { Reporter, TestCase, TestModule } from 'vitest/node';

type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };

function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

// Vitest takes reporters from the default export.
// biome-ignore lint/style/noDefaultExport: see above
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const brokenFiles = modules.filter(
      (module) =>
        module.state() === 'failed' && !tests.some((test) => test.module === module && isFailed(test)),
    );
    const counts = {
      passed: tests.filter((test) => test.result().state === 'passed').length,
      failed: tests.filter(isFailed).length + brokenFiles.length + unhandledErrors.length,
      skipped: tests.filter((test) => test.result().state === 'skipped').length,
    };
    // After the other reporters, which write their summaries in this same round of callbacks.
    process.once('exit', () => process.stdout.write(`${closingLine(counts)}\n`));
  }
}

function isFailed(test: TestCase): boolean {
  return test.result().state === 'failed';
}
