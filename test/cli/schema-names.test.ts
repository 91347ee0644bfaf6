import { expect, test } from 'vitest';
import { namedInSchemas } from '../../app/cli/schema-names.ts';
import { readSchemas } from '../../app/scim/discovery/schema.ts';
import type { AttributePath } from '../../app/scim/index.ts';

const ENTERPRISE = 'urn:scim:schemas:extension:enterprise:1.0';
const SCHEMAS = readSchemas({
  Resources: [
    {
      name: 'User',
      schema: 'urn:scim:schemas:core:1.0',
      attributes: [
        { name: 'userName', type: 'string' },
        { name: 'name', type: 'complex', subAttributes: [{ name: 'familyName', type: 'string' }] },
        { name: 'emails', type: 'complex' },
        { name: 'department', type: 'string', schema: ENTERPRISE },
      ],
    },
    { name: 'Group', schema: 'urn:scim:schemas:core:1.0', attributes: [{ name: 'members' }] },
    { name: 'Extension', schema: 'urn:x:y:1.0', attributes: [{ name: 'badge' }] },
  ],
});

test.each<[AttributePath, boolean]>([
  [['userName'], true],
  [['USERNAME'], true],
  [['name', 'familyName'], true],
  [['name', 'middleName'], false],
  [['emails'], true],
  [['title'], false],
  [['members'], false],
  [[ENTERPRISE, 'department'], true],
  [['department'], false],
  [[ENTERPRISE, 'division'], false],
  [['urn:x:y:1.0', 'badge'], true],
  [['urn:x:z:1.0', 'badge'], false],
])('whether the schemas of a service name %j: %s', (path, isNamed) => {
  expect(namedInSchemas(path, SCHEMAS)).toBe(isNamed);
});
