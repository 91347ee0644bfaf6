/** The reference of docs/configuration.md, made from the JSON Schema so that it cannot fall behind the code. */
import type { JsonSchema } from '../config/index.ts';

type Row = readonly [field: string, fallback: string, meaning: string];

const HEAD: Row = ['Field', 'Default', 'Meaning'];

/** One row for each field, in the order of the schema, in columns as the formatter of this repository wants them. */
export function referenceTable(schema: JsonSchema): string {
  const rows = [HEAD, ...childRows(schema, '')];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const [head = '', ...body] = rows.map((row) =>
    line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))),
  );
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function childRows(schema: JsonSchema, prefix: string): readonly Row[] {
  const required = new Set(schema.required ?? []);
  return [
    ...(schema.oneOf ?? []).flatMap((variant) => childRows(variant, `${prefix}(${kindOf(variant)}) `)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
      fieldRows(field, `${prefix}${name}`, required.has(name)),
    ),
  ];
}

function kindOf(variant: JsonSchema): string {
  return String(variant.properties?.['kind']?.const);
}

function fieldRows(schema: JsonSchema, path: string, required: boolean): readonly Row[] {
  const open = schema.additionalProperties;
  return [
    [`\`${path}\``, defaultOf(schema, required), (schema.description ?? '').replaceAll('|', '\\|')],
    ...childRows(schema, `${path}.`),
    ...(typeof open === 'object' ? childRows(open, `${path}.NAME.`) : []),
    ...(schema.items === undefined ? [] : childRows(schema.items, `${path}[].`)),
  ];
}

function defaultOf(schema: JsonSchema, required: boolean): string {
  if (required) return 'required';
  const isPlain = schema.default !== undefined && typeof schema.default !== 'object';
  return isPlain ? `\`${String(schema.default)}\`` : '';
}
