/**
 * The files of the repository that are made from code: JSON Schemas for completion in editors, the reference in
 * docs/configuration.md, and the functions in docs/mappings.md. A test fails where a committed file is not what this
 * gives.
 */
import { configJsonSchema } from '../config/index.ts';
import {
  fragmentJsonSchema,
  functionReference,
  groupFileJsonSchema,
  mappingFileJsonSchema,
} from '../mapping/index.ts';
import { referenceTable } from './reference-table.ts';

export type GeneratedFile = { readonly path: string; readonly text: string };

/** Parts of pages that are made from code, and how the markers around them call them. */
const PARTS = [
  { page: 'docs/configuration.md', name: 'reference', text: () => referenceTable(configJsonSchema()) },
  { page: 'docs/mappings.md', name: 'functions', text: functionReference },
] as const;

/** The JSON Schemas of the files that an operator writes. */
export function schemaFiles(): readonly GeneratedFile[] {
  return [
    { path: 'landbridge.schema.json', text: asJson(configJsonSchema()) },
    { path: 'mapping.schema.json', text: asJson(mappingFileJsonSchema()) },
    { path: 'group-mapping.schema.json', text: asJson(groupFileJsonSchema()) },
    { path: 'mapping-fragment.schema.json', text: asJson(fragmentJsonSchema()) },
  ];
}

/** @param read gives the present text of a file of the repository */
export function generatedFiles(read: (path: string) => string): readonly GeneratedFile[] {
  return [
    ...schemaFiles().map(({ path, text }) => ({ path: `schemas/${path}`, text })),
    ...PARTS.map((part) => ({ path: part.page, text: withPart(read(part.page), part) })),
  ];
}

function asJson(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function withPart(whole: string, { page, name, text }: (typeof PARTS)[number]): string {
  const begin = `<!-- ${name}: made by npm run schemas, do not edit -->`;
  const end = `<!-- end of ${name} -->`;
  const [before, rest] = whole.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${page} has lost its markers of ${name}`);
  return `${before}${begin}\n\n${text()}\n\n${end}${after}`;
}
