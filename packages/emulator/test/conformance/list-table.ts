import type { Seed } from '../../src/index.js'
import type { Row } from './rows.js'

// What lists answer, by the contract's section 3. The mirror's lists are held to the same rows.

const day = 86_400_000
const start = 1_700_000_000_000

/** Four members who differ in everything that a list can look at. */
export const seed: Seed = {
  users: [
    {
      id: 'user_ada',
      first_name: 'Ada',
      last_name: 'Lovelace',
      email_address: ['Ada@Example.com', 'countess@poets.org'],
      username: 'CoolAda',
      created_at: start,
      last_active_at: start + 10 * day,
    },
    {
      id: 'user_bob',
      first_name: 'bob',
      last_name: 'Zimmer',
      email_address: 'bob@example.com',
      phone_number: '+15550001111',
      created_at: start + day,
      last_active_at: start + 20 * day,
    },
    {
      id: 'user_cleo',
      first_name: 'Cleo',
      phone_number: '+14440001111',
      username: 'cleo',
      web3_wallet: '0xAbCd',
      created_at: start + 2 * day,
    },
    { id: 'user_dora', last_name: 'Ada', username: 'aardvark', created_at: start + 3 * day },
    { id: 'user_elsewhere', email_address: 'else@example.com' },
  ],
  organizations: [
    {
      id: 'org_1',
      memberships: [
        { user_id: 'user_cleo', role: 'org:member' },
        { user_id: 'user_ada', role: 'org:admin' },
        { user_id: 'user_dora', role: 'org:member' },
        { user_id: 'user_bob', role: 'org:member' },
      ],
    },
    { id: 'org_2', memberships: [{ user_id: 'user_ada', role: 'org:member' }] },
    { id: 'org_empty' },
  ],
}

const newestFirst = ['user_bob', 'user_dora', 'user_ada', 'user_cleo']

function list(says: string, query: string, users: string[], totalCount = users.length): Row {
  return {
    section: '3',
    says: `${says} (${query.slice(0, 80)})`,
    method: 'GET',
    path: `/organizations/org_1/memberships?${query}`,
    status: 200,
    users,
    totalCount,
  }
}

function refused(says: string, query: string, param: string, value: string): Row {
  return {
    section: '3',
    says: `${says} (${query.slice(0, 80)})`,
    method: 'GET',
    path: `/organizations/org_1/memberships?${query}`,
    status: 422,
    errors: [
      {
        code: 'form_param_value_invalid',
        message: 'is invalid',
        long: `${value} does not match one of the allowed values for parameter ${param}`,
        param,
      },
    ],
  }
}

const wrongValue = (param: string) => ({ code: 'form_param_value_invalid', param })

const tooMany = (name: string): Row => ({
  section: '3',
  says: `at most 100 values of ${name}`,
  method: 'GET',
  path: `/organizations/org_1/memberships?${Array.from({ length: 101 }, (_, index) => `${name}=v${index}`).join('&')}`,
  status: 422,
  errors: [
    {
      code: 'form_param_array_size_exceeded',
      message: 'exceeds maximum size',
      long: `${name} should not exceed 100 items.`,
      param: name,
    },
  ],
})

const hundred = (name: string) =>
  Array.from({ length: 99 }, (_, index) => `${name}=v${index}`).join('&')

export const pages: readonly Row[] = [
  list('newest membership first', '', newestFirst),
  list('limit', 'limit=2', newestFirst.slice(0, 2), 4),
  list('offset', 'offset=3', ['user_cleo'], 4),
  list('limit and offset', 'limit=1&offset=1', ['user_dora'], 4),
  list('an offset past the end', 'offset=9', [], 4),
  list('the greatest limit', 'limit=500', newestFirst),
  refused('limit 0', 'limit=0', 'limit', '0'),
  refused('a negative limit', 'limit=-1', 'limit', '-1'),
  refused('limit 501', 'limit=501', 'limit', '501'),
  refused('a limit with a point', 'limit=10.0', 'limit', '10.0'),
  refused('a limit in words', 'limit=ten', 'limit', 'ten'),
  refused('an empty limit', 'limit=', 'limit', ''),
  refused('a negative offset', 'offset=-1', 'offset', '-1'),
  refused('an offset with a point', 'offset=1.5', 'offset', '1.5'),
  refused('an unknown order', 'order_by=age', 'order_by', 'age'),
  refused('an order of the wrong case', 'order_by=Username', 'order_by', 'Username'),
  refused('a date in words', 'created_at_before=today', 'created_at_before', 'today'),
  {
    ...refused('several errors in one answer', 'limit=x&offset=y&order_by=z', '', ''),
    errors: ['limit', 'offset', 'order_by'].map(wrongValue),
  },
]

export const orders: readonly Row[] = [
  list('oldest first', 'order_by=%2Bcreated_at', newestFirst.toReversed()),
  list('no sign is upwards', 'order_by=created_at', newestFirst.toReversed()),
  list('a raw + arrives as a space', 'order_by=+created_at', newestFirst.toReversed()),
  list('downwards', 'order_by=-created_at', newestFirst),
  list('by first name, who has none last', 'order_by=first_name', [
    'user_ada',
    'user_bob',
    'user_cleo',
    'user_dora',
  ]),
  list('by first name downwards, who has none first', 'order_by=-first_name', [
    'user_dora',
    'user_cleo',
    'user_bob',
    'user_ada',
  ]),
  list('by last name', 'order_by=last_name', ['user_dora', 'user_ada', 'user_bob', 'user_cleo']),
  list('by username, any case', 'order_by=username', [
    'user_dora',
    'user_cleo',
    'user_ada',
    'user_bob',
  ]),
  list('by the first email address', 'order_by=email_address', [
    'user_ada',
    'user_bob',
    'user_cleo',
    'user_dora',
  ]),
  list('by phone number', 'order_by=phone_number', [
    'user_cleo',
    'user_bob',
    'user_ada',
    'user_dora',
  ]),
  list('only the first order_by counts', 'order_by=username&order_by=age', [
    'user_dora',
    'user_cleo',
    'user_ada',
    'user_bob',
  ]),
  list('an order of a page', 'order_by=-last_name&limit=2&offset=1', ['user_bob', 'user_ada'], 4),
]

export const filters: readonly Row[] = [
  list('a role', 'role=org:admin', ['user_ada']),
  list('several roles', 'role=org:admin&role=org:member', newestFirst),
  list('an unknown role is ignored', 'role=org:none&role=org:admin', ['user_ada']),
  list('only unknown roles', 'role=org:none', []),
  list('a user', 'user_id=user_ada', ['user_ada']),
  list('a user with +', 'user_id=%2Buser_ada', ['user_ada']),
  list('a user with a raw +', 'user_id=+user_ada', ['user_ada']),
  list('several users, in the list’s order', 'user_id=user_cleo&user_id=user_bob', [
    'user_bob',
    'user_cleo',
  ]),
  list('the same user twice', 'user_id=user_ada&user_id=%2Buser_ada', ['user_ada']),
  list('without a user', 'user_id=-user_ada', ['user_bob', 'user_dora', 'user_cleo']),
  list(
    'without several, a page',
    'user_id=-user_ada&user_id=-user_bob&limit=1&offset=1',
    ['user_cleo'],
    2,
  ),
  list(
    'without somebody who is not here',
    'user_id=-user_elsewhere&user_id=-user_none',
    newestFirst,
  ),
  list('with and without', 'user_id=user_ada&user_id=user_bob&user_id=-user_bob', ['user_ada']),
  list('an unknown user', 'user_id=user_none', []),
  list('a user of another organization', 'user_id=user_elsewhere', []),
  list('an email address', 'email_address=bob@example.com', ['user_bob']),
  list(
    'an email address of any case, and a second one',
    'email_address=ADA@EXAMPLE.COM&email_address=countess@poets.org',
    ['user_ada'],
  ),
  list('part of an email address is no match', 'email_address=bob@example', []),
  list('an unknown email address is ignored', 'email_address=x&email_address=bob@example.com', [
    'user_bob',
  ]),
  list('a phone number', 'phone_number=%2B15550001111', ['user_bob']),
  list('usernames', 'username=cleo&username=aardvark', ['user_dora', 'user_cleo']),
  list('a wallet', 'web3_wallet=0xAbCd', ['user_cleo']),
  list('query: an email address', 'query=POETS', ['user_ada']),
  list('query: a phone number', 'query=0001111', ['user_bob', 'user_cleo']),
  list('query: a username', 'query=vark', ['user_dora']),
  list('query: a wallet', 'query=xabc', ['user_cleo']),
  list('query: a user id', 'query=user_d', ['user_dora']),
  list('query: first and last names', 'query=ada', ['user_dora', 'user_ada']),
  list('query: a whole name', 'query=ada%20love', ['user_ada']),
  list('query: nothing', 'query=', newestFirst),
  list('query: no match', 'query=nobody', []),
  list('part of an email address', 'email_address_query=EXAMPLE', ['user_bob', 'user_ada']),
  list('part of a phone number', 'phone_number_query=444', ['user_cleo']),
  list('part of a username', 'username_query=COOL', ['user_ada']),
  list('part of a name', 'name_query=ZIM', ['user_bob']),
  list('a name query looks at nothing else', 'name_query=user_', []),
  list('created before, by the user’s date', `created_at_before=${start + day}`, ['user_ada']),
  list('created after', `created_at_after=${start + day}`, ['user_dora', 'user_cleo']),
  list('created between', `created_at_after=${start}&created_at_before=${start + 3 * day}`, [
    'user_bob',
    'user_cleo',
  ]),
  list('active before; who never was does not match', `last_active_at_before=${start + 20 * day}`, [
    'user_ada',
  ]),
  list('active after; who never was does not match', `last_active_at_after=${start}`, [
    'user_bob',
    'user_ada',
  ]),
  list('filters narrow each other', 'role=org:member&query=ada', ['user_dora']),
  list(
    'indexed filters narrow each other',
    'user_id=user_ada&user_id=user_bob&email_address=bob@example.com',
    ['user_bob'],
  ),
  list('indexed filters that share nobody', 'user_id=user_ada&phone_number=%2B15550001111', []),
  list(
    'total_count is after filters and before the page',
    'role=org:member&limit=1',
    ['user_bob'],
    3,
  ),
  list('a hundred values are fine', `${hundred('user_id')}&user_id=user_ada`, ['user_ada']),
  list('unknown parameters are ignored', 'a=1&role[]=org:admin', newestFirst),
  ...['user_id', 'email_address', 'phone_number', 'username', 'web3_wallet', 'role'].map(tooMany),
]

const instance = '/organization_memberships'
export const ada = '/users/user_ada/organization_memberships'
const get = (says: string, path: string, users: string[], totalCount = users.length): Row => ({
  section: '3',
  says: `${says} (${path})`,
  method: 'GET',
  path,
  status: 200,
  users,
  totalCount,
})
export const ofInstanceAndUser: readonly Row[] = [
  get('all, newest first', instance, ['user_ada', ...newestFirst]),
  get(
    'ordered, a page',
    `${instance}?order_by=%2Blast_name&limit=2&offset=2`,
    ['user_ada', 'user_bob'],
    5,
  ),
  get('filters are not this route’s', `${instance}?role=org:admin`, ['user_ada', ...newestFirst]),
  {
    section: '3',
    says: 'its parameters are checked',
    method: 'GET',
    path: `${instance}?limit=0&order_by=x`,
    status: 422,
    errors: ['limit', 'order_by'].map(wrongValue),
  },
  get('of a user', ada, ['user_ada', 'user_ada']),
  get('a page of a user', `${ada}?limit=1&offset=1`, ['user_ada'], 2),
  get('order_by is not this route’s', `${ada}?order_by=x`, ['user_ada', 'user_ada']),
  get('of a user without any', '/users/user_elsewhere/organization_memberships', []),
  get('of an empty organization', '/organizations/org_empty/memberships', []),
]
