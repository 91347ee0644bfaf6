/**
 * What a first mapping can be made of, as data: the attributes of people that sources usually have, what the columns of
 * files are called, and what an invented person has under each.
 */

/** As mappings write them. A source is asked for these and no more. */
const SAMPLE_VALUES = {
  mail: 'ada.lovelace@example.com',
  proxyAddresses: ['SMTP:Ada.Lovelace@example.com', 'smtp:ada@example.com'],
  uid: 'ada.lovelace',
  sAMAccountName: 'alovelace',
  givenName: 'Ada',
  sn: 'Lovelace',
  displayName: 'Ada Lovelace',
  title: 'Analyst',
  preferredLanguage: 'en-GB',
  telephoneNumber: '+44 20 7946 0018',
  mobile: '+44 7400 900018',
  employeeNumber: '17',
  employeeID: '17',
  department: 'Engines',
  departmentNumber: 'Engines',
  manager: 'uid=grace,ou=people,dc=example,dc=com',
  userAccountControl: '512',
  accountExpires: '9223372036854775807',
  nsAccountLock: 'false',
} as const satisfies Readonly<Record<string, string | readonly string[]>>;

export const OFFERED: readonly string[] = Object.keys(SAMPLE_VALUES);

/** Of an invented person, by the attribute's name in small letters. */
export const SAMPLES: ReadonlyMap<
  string,
  { readonly name: string; readonly values: string | readonly string[] }
> = new Map(Object.entries(SAMPLE_VALUES).map(([name, values]) => [name.toLowerCase(), { name, values }]));

const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  mail: ['mail', 'email', 'e-mail', 'email_address', 'e-mail_address', 'work_email', 'work_e-mail'],
  uid: ['uid', 'login', 'username', 'user_name', 'login_name', 'account'],
  givenName: ['givenname', 'given_name', 'first_name', 'firstname', 'forename', 'vorname'],
  sn: ['sn', 'surname', 'last_name', 'lastname', 'family_name', 'nachname'],
  displayName: ['displayname', 'display_name', 'full_name', 'fullname', 'name'],
  title: ['title', 'job_title', 'jobtitle', 'position'],
  preferredLanguage: ['preferredlanguage', 'preferred_language', 'language', 'locale'],
  telephoneNumber: [
    'telephonenumber',
    'telephone',
    'telephone_number',
    'phone',
    'work_phone',
    'phone_number',
  ],
  mobile: ['mobile', 'mobile_phone', 'cell', 'cell_phone'],
  employeeNumber: ['employeenumber', 'employee_number', 'employee_no', 'personnel_no', 'personnel_number'],
  department: ['department', 'department_name', 'dept'],
  manager: ['manager', 'manager_id', 'supervisor', 'supervisor_id', 'reports_to'],
};

/** What a heading, folded to the name of an attribute, probably is. */
export const COLUMN_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(COLUMNS).flatMap(([attribute, names]) => names.map((name) => [name, attribute] as const)),
);

/** Headings, folded, of columns with an id that never changes. */
export const ID_NAMES: ReadonlySet<string> = new Set([
  ...['id', 'person_id', 'employee_id', 'employeeid', 'worker_id', 'uuid', 'guid'],
  ...[
    'personnel_no',
    'personnel_no.',
    'personnel_number',
    'employee_no',
    'employee_number',
    'employeenumber',
  ],
]);
