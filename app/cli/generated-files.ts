/**
 * The files of the repository that are made from code: JSON Schemas for completion in editors, and the reference in
 * docs/configuration.md. A test fails where a committed file is not what this gives.
 */
import { configJsonSchema } from '../config/index.ts';
import { mappingFileJsonSchema } from '../mapping/index.ts';
import { referenceTable } from './reference-table.ts';

export type GeneratedFile = { readonly path: string; readonly text: string };

const BEGIN = '<!-- reference: made by npm run schemas, do not edit -->';
const END = '<!-- end of reference -->';
const DOCS = 'docs/configuration.md';

/** The JSON Schemas of the files that an operator writes. */
export function schemaFiles(): readonly GeneratedFile[] {
  return [
    { path: 'landbridge.schema.json', text: asJson(configJsonSchema()) },
    { path: 'mapping.schema.json', text: asJson(mappingFileJsonSchema()) },
  ];
}

/** @param read gives the present text of a file of the repository */
export function generatedFiles(read: (path: string) => string): readonly GeneratedFile[] {
  return [
    ...schemaFiles().map(({ path, text }) => ({ path: `schemas/${path}`, text })),
    { path: DOCS, text: withReference(read(DOCS), referenceTable(configJsonSchema())) },
  ];
}

function asJson(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function withReference(page: string, table: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${DOCS} has lost its reference markers`);
  return `${before}${BEGIN}\n\n${table}\n\n${END}${after}`;
}
