/** Where the configuration file is, and reading it from disk. The only place here that touches the real world. */
import { readFileSync } from 'node:fs';
import { type LoadedConfig, loadConfig, type Readable } from './load.ts';
import { type Knowledge, readFailure } from './surroundings.ts';

const USUAL_FILE = 'landbridge.yaml';
const NOTHING: Readable = { mappings: [], sources: null, targets: null, environment: null };

/** The file every process of an installation reads: `LANDBRIDGE_CONFIG`, else `landbridge.yaml` where it is started. */
export function configFile(env: NodeJS.ProcessEnv): string {
  return env['LANDBRIDGE_CONFIG'] || USUAL_FILE;
}

/** Reads and checks the configuration file. */
export function readConfigFile(file: string, env: NodeJS.ProcessEnv, knowledge: Knowledge): LoadedConfig {
  const readFile = (path: string): string => readFileSync(path, 'utf8');
  let text: string;
  try {
    text = readFile(file);
  } catch (error) {
    const message = `the configuration file ${readFailure(error)}. Copy landbridge.example.yaml, or name another with LANDBRIDGE_CONFIG.`;
    const problems = [{ file, line: 1, column: 1, field: '', message }];
    return { ok: false, problems, readable: NOTHING };
  }
  return loadConfig({ file, text, env, readFile, knowledge });
}
