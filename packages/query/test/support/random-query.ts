/** A number in [0, 1), the same sequence for the same seed (Mulberry32, public domain). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const tokens = [
  ...[
    'AND',
    'OR',
    'NOT',
    'TO',
    'and',
    'not',
    '&&',
    '||',
    '&',
    '|',
    '!',
    '+',
    '-',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
  ],
  ...['"', ':', '\\', '*', '?', '~', '^', '/', '<', '>=', '=', ' ', ' ', ' ', '\t', '\u3000', '\0', '\n'],
  ...[
    'name',
    'name:',
    'email:',
    '_exists_:',
    '_missing_:',
    'created_at:',
    'logins_count:',
    'blocked:',
    'nmae:',
  ],
  ...[
    'user_metadata.',
    'app_metadata.a:',
    'identities.connection:',
    'connection:',
    'picture:',
    '_exists_',
    'AND:',
  ],
  ...[
    'a',
    'jane',
    '"jane doe"',
    'j*',
    '*ane',
    '*an',
    '[1 TO 5]',
    '{* TO 2017-12]',
    '2017',
    '2017-12-15T10:30:00Z',
  ],
  ...[
    '5',
    '-1.50',
    'true',
    '1e999',
    '\u{1f600}',
    '\ud83d',
    '\ude00',
    '\\\u{1f600}',
    'é',
    'İ',
    '\u200b',
    '\ufeff',
  ],
];

const validQueries = [
  'name:"jane smith" OR name:"John Doe" AND blocked:true',
  '+name:j* -blocked:true',
  'identities.connection:("google-oauth2" OR "acme") AND identities.isSocial:true',
  'created_at:[2018-01-15T06:00:00.000Z TO 2018-01-15T18:00:00.000Z]',
  'NOT _exists_:logins_count OR logins_count:{100 TO *]',
  'user_metadata.path:"C:\\\\tmp" && (name:\\(1\\+1\\)=2 || nickname:a\\:b)',
  'app_metadata.roles:("admin" AND NOT ("writer" OR *reader*))',
  'last_login:{2017-11 TO 2017-12] email:test* _exists_:user_metadata.a',
];

/** Text that a person or an attacker might send: the language's tokens, a valid query with a few slips, noise. */
export function randomQuery(random: () => number): string {
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = (list: readonly string[]) => list[below(list.length)] ?? '';
  const repeat = (count: number, make: () => string) => Array.from({ length: count }, make).join('');
  const mix = () => repeat(1 + below(8), () => pick(tokens));
  // Seldom, for each takes a hundred times as long as the others.
  if (below(5_000) === 0) return mix().repeat(2 ** below(18));
  switch (below(7)) {
    case 0:
    case 1:
      return repeat(1 + below(16), () => pick(tokens));
    case 2:
      return repeat(1 + below(8), () => `${pick(tokens)} `);
    case 3:
    case 4: {
      let text = pick(validQueries);
      for (let slips = 1 + below(3); slips > 0; slips--) {
        const start = below(text.length + 1);
        const end = start + below(4);
        text = text.slice(0, start) + (below(3) === 0 ? '' : pick(tokens)) + text.slice(end);
      }
      return text;
    }
    case 5: {
      const depth = below(60);
      return pick(['(', 'name:(', 'NOT (', '-(']) + '('.repeat(depth) + mix() + ')'.repeat(depth + below(3));
    }
    default: {
      const range = pick(['128', '2048', '65536']);
      return repeat(below(24), () => String.fromCharCode(below(Number(range))));
    }
  }
}
