import { expect, test } from 'vitest';
import { isSecretName } from '../../app/person/secret-names.ts';

test.each([
  ...[
    'password',
    'PASSWORD',
    'userPassword',
    'user_password',
    'User-Password',
    'userPassword;x-old',
    ' pwd ',
  ],
  ...[
    'unicodePwd',
    'sambaNTPassword',
    'krbPrincipalKey',
    'passwordHash',
    'newPassword',
    'apiKey',
    'ｐａｓｓｗｏｒｄ',
  ],
])('O-27: %j names a credential', (name) => expect(isSecretName(name)).toBe(true));

test.each(['mail', 'pwdLastSet', 'passwordChangedAt', 'mustChangePassword', 'constructor', '', ';password'])(
  '%j names none',
  (name) => expect(isSecretName(name)).toBe(false),
);
