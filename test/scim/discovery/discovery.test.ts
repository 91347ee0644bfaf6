import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSchemas } from '../../../app/scim/discovery/schema.ts';
import { readServiceProviderConfig } from '../../../app/scim/discovery/service-provider-config.ts';
import type { Discovery } from '../../../app/scim/index.ts';
import type { JsonObject } from '../../../app/scim/resource.ts';
import { aCall } from '../memory-ports.ts';
import { answering } from '../odd-server.ts';
import { failureOf, oddServerForEachTest, setUp } from '../set-up.ts';

const server = oddServerForEachTest();

function discovery(): Discovery {
  return setUp(`${server.origin}/v1`).target.discovery;
}

const NOTHING_TOLD = {
  documentationUrl: null,
  patch: null,
  bulk: { supported: null, maxOperations: null, maxPayloadSize: null },
  filter: { supported: null, maxResults: null },
  changePassword: null,
  sort: null,
  etag: null,
  xmlDataFormat: null,
  authenticationSchemes: [],
  userManagementCapabilities: null,
};

describe('what a service says it can do', () => {
  test('as the draft has it', async () => {
    const oauth = {
      name: 'OAuth Bearer Token',
      description: 'Authentication by a bearer token',
      specUrl: 'http://tools.ietf.org/html/draft-ietf-oauth-v2-bearer-01',
      documentationUrl: 'http://example.test/help/oauth.html',
      type: 'oauthbearertoken',
      primary: true,
    };
    server.answer = answering(200, {
      schemas: ['urn:scim:schemas:core:1.0'],
      documentationUrl: 'http://example.test/help/scim.html',
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 1000, maxPayloadSize: 1048576 },
      filter: { supported: true, maxResults: 200 },
      changePassword: { supported: true },
      sort: { supported: true },
      etag: { supported: false },
      xmlDataFormat: { supported: true },
      authenticationSchemes: [oauth, { name: 'HTTP Basic', type: 'httpbasic' }],
    });
    expect(await discovery().serviceProviderConfig(aCall())).toEqual({
      documentationUrl: 'http://example.test/help/scim.html',
      patch: true,
      bulk: { supported: true, maxOperations: 1000, maxPayloadSize: 1048576 },
      filter: { supported: true, maxResults: 200 },
      changePassword: true,
      sort: true,
      etag: false,
      xmlDataFormat: true,
      authenticationSchemes: [
        oauth,
        {
          name: 'HTTP Basic',
          type: 'httpbasic',
          description: null,
          specUrl: null,
          documentationUrl: null,
          primary: null,
        },
      ],
      userManagementCapabilities: null,
    });
    expect(server.asked[0]?.url).toBe('/v1/ServiceProviderConfigs');
  });

  test('leniently: other cases, texts for booleans and numbers, a lone scheme, Okta’s extension', () => {
    const told = readServiceProviderConfig({
      Patch: { Supported: 'True' },
      bulk: false,
      FILTER: { supported: 'yes', maxresults: '200' },
      authenticationSchemes: { Name: 'x', primary: 'false' },
      'urn:okta:schemas:scim:providerconfig:1.0': {
        userManagementCapabilities: ['GROUP_PUSH', 7, 'PUSH_NEW_USERS'],
      },
    });
    expect(told).toEqual({
      ...NOTHING_TOLD,
      patch: true,
      bulk: { supported: false, maxOperations: null, maxPayloadSize: null },
      filter: { supported: null, maxResults: 200 },
      authenticationSchemes: [
        { name: 'x', type: null, description: null, specUrl: null, documentationUrl: null, primary: false },
      ],
      userManagementCapabilities: ['GROUP_PUSH', 'PUSH_NEW_USERS'],
    });
  });

  test('what is left out is neither yes nor no', () => {
    expect(readServiceProviderConfig({})).toEqual(NOTHING_TOLD);
  });
});

describe('the schemas that a service shows', () => {
  const emails = {
    name: 'emails',
    type: 'Complex',
    multiValued: true,
    multiValuedAttributeChildName: 'email',
    description: 'E-mail addresses',
    schema: 'urn:scim:schemas:core:1.0',
    readOnly: false,
    required: 'false',
    caseExact: false,
    subAttributes: [
      {
        name: 'type',
        type: 'string',
        canonicalValues: ['work', { value: 'home' }, 3],
        subAttributes: [{ name: 'x' }],
      },
    ],
  };
  const User = {
    ID: 'User',
    name: 'User',
    Schema: 'urn:scim:schemas:core:1.0',
    endpoint: '/Users',
    attributes: [emails],
  };
  const unsaid = {
    multiValued: null,
    multiValuedAttributeChildName: null,
    description: null,
    schema: null,
    readOnly: null,
    required: null,
    caseExact: null,
    canonicalValues: [],
    subAttributes: [],
  };
  const read = {
    id: 'User',
    name: 'User',
    description: null,
    schema: 'urn:scim:schemas:core:1.0',
    endpoint: '/Users',
    attributes: [
      {
        ...emails,
        type: 'complex',
        required: false,
        canonicalValues: [],
        subAttributes: [
          {
            ...unsaid,
            name: 'type',
            type: 'string',
            canonicalValues: ['work', 'home'],
            subAttributes: [],
          },
        ],
      },
    ],
  };

  test('in a list', async () => {
    server.answer = answering(200, {
      totalResults: 2,
      resources: [User, { attributes: [{ type: 'nameless' }, 'x'] }, 1],
    });
    const schemas = await discovery().schemas(aCall());
    // Attributes of sub-attributes are none.
    expect(schemas?.[0]).toEqual(read);
    expect(schemas?.[1]).toEqual({
      id: null,
      name: null,
      description: null,
      schema: null,
      endpoint: null,
      attributes: [],
    });
    expect(schemas).toHaveLength(2);
    expect(server.asked[0]?.url).toBe('/v1/Schemas');
  });

  test('a lone one', () => {
    expect(readSchemas(User as JsonObject).map(({ endpoint }) => endpoint)).toEqual(['/Users']);
    expect(readSchemas({ hello: 1 })).toEqual([]);
  });
});

describe('a service that does not tell', () => {
  test.each([404, 501, 403, 400])('answers %d: null', async (status) => {
    server.answer = answering(status, { Errors: [{ description: 'no', code: String(status) }] });
    expect(await discovery().serviceProviderConfig(aCall())).toBeNull();
    expect(await discovery().schemas(aCall())).toBeNull();
  });

  test('but a failure that concerns every request is told', async () => {
    server.answer = answering(401, '');
    expect(await failureOf(discovery().schemas(aCall()))).toMatchObject({ name: 'TargetUnusable' });
    server.answer = answering(200, '<html><title>Sign in</title></html>');
    expect(await failureOf(discovery().serviceProviderConfig(aCall()))).toMatchObject({
      name: 'TargetUnusable',
    });
  });
});

test('O-13: whatever JSON it is, it is read without a failure', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom('bulk', 'filter', 'patch', 'Resources', 'attributes', 'authenticationSchemes'),
        fc.jsonValue(),
      ),
      (json) => {
        readServiceProviderConfig(json as JsonObject);
        readSchemas(json as JsonObject);
      },
    ),
  );
});
