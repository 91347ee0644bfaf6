#!/usr/bin/env node
// Starts the built command line. Plain JavaScript, so that a checkout that was never built can say so.
import { existsSync } from 'node:fs';

const main = new URL('../dist/app/cli/main.js', import.meta.url);

if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write('Landbridge is not built yet. Run: npm run setup\n');
  process.exitCode = 1;
}
