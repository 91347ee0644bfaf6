/** `npm run schemas`: writes the generated files into the repository it is run in. */
import { readFileSync } from 'node:fs';
import { generatedFiles } from './generated-files.ts';
import { writeFiles } from './write-files.ts';

const files = generatedFiles((path) => readFileSync(path, 'utf8'));
writeFiles('.', files, (line) => process.stdout.write(`${line}\n`));
