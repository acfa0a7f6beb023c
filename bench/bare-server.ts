/**
 * The yardstick of the `users` bench: Fastify and `pg`, the SQL statements that Muster runs for the same request
 * (packages/server/src/users/store.ts, connections, logs), prepared alike, and nothing else: no token, no
 * validation, no rules.
 */
import { createHash, randomBytes } from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 16 });
pg.types.setTypeParser(20, Number);
const server = Fastify();

const query = (client: pg.Pool | pg.PoolClient, name: string, text: string, values: unknown[] = []) =>
  client.query({ name, text, values });

const selectUser = `SELECT users.*, (
  SELECT json_agg(json_build_object(
    'connectionId', identities.connection_id, 'connection', identities.connection, 'provider', identities.provider,
    'userId', identities.provider_user_id, 'isSocial', identities.is_social, 'profile', identities.profile
  ) ORDER BY identities.position)
  FROM identities WHERE identities.user_id = users.user_id
) AS identities FROM users WHERE users.user_id = $1`;

const connectionByName = `SELECT id, name, strategy, options, settings, created_at, deleted_at, ARRAY(
    SELECT client_id FROM connection_clients WHERE connection_clients.connection_id = connections.id ORDER BY created_at, client_id
  ) AS enabled_clients
  FROM connections WHERE name = $1 AND deleted_at IS NULL`;

const insertLog = `INSERT INTO logs (type, description, user_id, user_name, client_id, client_name, connection, connection_id,
  strategy, strategy_type, ip, user_agent, hostname, audience, scope, details)
  VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)`;

interface Body {
  connection: string;
  email: string;
  app_metadata?: unknown;
  user_metadata?: unknown;
}

async function inTransaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

server.get<{ Params: { id: string } }>('/api/v2/users/:id', async (request, reply) => {
  const { rows } = await query(pool, 'get', selectUser, [request.params.id]);
  return rows[0] ?? reply.code(404).send({});
});

server.post<{ Body: Body }>('/api/v2/users', async (request, reply) => {
  const { connection, email, app_metadata, user_metadata } = request.body;
  const { rows: connections } = await query(pool, 'connection', connectionByName, [connection]);
  const id = randomBytes(12).toString('hex');
  const user = await inTransaction(async (client) => {
    const { rows } = await query(
      client,
      'insert',
      `WITH new_user AS (
        INSERT INTO users (user_id, email, email_verified, username, phone_number, phone_verified, name, given_name, family_name,
          nickname, picture, user_metadata, app_metadata, blocked)
        VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14) RETURNING created_at, updated_at, version
      ), new_identity AS (
        INSERT INTO identities (user_id, position, connection_id, connection, provider, provider_user_id, is_social,
          email_identifier, username_identifier, phone_identifier, profile)
        VALUES ($15, 0, $16, $17, $18, $19, $20, $21, $22, $23, $24)
      ), new_entry AS (
        INSERT INTO user_search (user_id, email, name, nickname, connection, identities_count, terms, created_at, updated_at)
        SELECT $1, $2, $2, $2, $17, 1, $25::bigint[], created_at, updated_at FROM new_user RETURNING id
      ), new_values AS (
        INSERT INTO user_search_values (id, key) SELECT new_entry.id, key FROM new_entry, unnest($26::text[]) AS key
      ) SELECT created_at, updated_at, version FROM new_user`,
      [
        `email|${id}`,
        email,
        false,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        JSON.stringify(user_metadata),
        JSON.stringify(app_metadata),
        null,
        `email|${id}`,
        connections[0].id,
        connection,
        'email',
        id,
        false,
        email,
        null,
        null,
        JSON.stringify({ email, email_verified: false }),
        entryTerms('free'),
        ['Colour2blue', 'City_2Berlin', 'Zip__210115', 'Plan_2free', 'Roles2member'],
      ],
    );
    const made = { user_id: `email|${id}`, email, app_metadata, user_metadata, ...rows[0] };
    await query(client, 'log', insertLog, logValues('Create a User', made, request.body));
    return made;
  });
  return reply.code(201).send(user);
});

server.patch<{ Params: { id: string }; Body: { app_metadata: Record<string, unknown> } }>(
  '/api/v2/users/:id',
  async (request) =>
    inTransaction(async (client) => {
      const { rows } = await query(client, 'lock', `${selectUser} FOR UPDATE OF users`, [request.params.id]);
      const user = { ...rows[0], app_metadata: { ...rows[0].app_metadata, ...request.body.app_metadata } };
      const updated = await query(
        client,
        'update',
        `WITH changed_user AS (
       UPDATE users SET email = $1, email_verified = $2, username = $3, phone_number = $4, phone_verified = $5, name = $6,
        given_name = $7, family_name = $8, nickname = $9, picture = $10, user_metadata = $11, app_metadata = $12, blocked = $13,
        last_password_reset = $14, updated_at = greatest(now(), updated_at), version = version + 1
       WHERE user_id = $15 RETURNING updated_at, version
       ), changed_entry AS (
         UPDATE user_search SET email = $1, name = $1, nickname = $1, terms = $16::bigint[], updated_at = changed_user.updated_at
         FROM changed_user WHERE user_search.user_id = $15 RETURNING id
       ), stored_values AS MATERIALIZED (
         SELECT key FROM user_search_values WHERE id = (SELECT id FROM changed_entry)
       ), gone_values AS (
         DELETE FROM user_search_values WHERE id = (SELECT id FROM changed_entry) AND NOT key = ANY($17::text[])
       ), new_values AS (
         INSERT INTO user_search_values (id, key) SELECT changed_entry.id, key FROM changed_entry, unnest($17::text[]) AS key
         WHERE key NOT IN (SELECT key FROM stored_values)
       ) SELECT updated_at, version FROM changed_user`,
        [
          user.email,
          user.email_verified,
          user.username,
          user.phone_number,
          user.phone_verified,
          user.name,
          user.given_name,
          user.family_name,
          user.nickname,
          user.picture,
          JSON.stringify(user.user_metadata),
          JSON.stringify(user.app_metadata),
          user.blocked,
          user.last_password_reset,
          user.user_id,
          entryTerms(`pro${user.app_metadata.seen}`),
          [
            'Colour2blue',
            'City_2Berlin',
            'Zip__210115',
            'Plan_2pro',
            'Roles2member',
            `Seen_1${user.app_metadata.seen}`,
          ],
        ],
      );
      const after = { ...user, ...updated.rows[0] };
      await query(client, 'log', insertLog, logValues('Update a User', after, request.body));
      return after;
    }),
);

/** As many terms as the user's entry has, and one that is its own. */
function entryTerms(own: string): string[] {
  const shared = Array.from({ length: 19 }, (_, index) => String(1_000_003 * (index + 1)));
  return [...shared, String(createHash('sha256').update(own).digest().readBigInt64BE(0))];
}

/** An event of the size that Muster writes, with the same two bodies in it. */
function logValues(title: string, user: Record<string, unknown>, body: unknown): unknown[] {
  const details = {
    request: {
      method: 'post',
      path: '/api/v2/users',
      query: {},
      body,
      userAgent: 'bench',
      channel: 'api',
      ip: '127.0.0.1',
      auth: { strategy: 'jwt', credentials: { jti: 'x'.repeat(21), scopes: ['create:users'] } },
    },
    response: { statusCode: 201, body: user },
    changes: { app_metadata: { before: body, after: body } },
  };
  return [
    'sapi',
    title,
    user['user_id'],
    user['email'],
    'bench',
    'bench',
    'email',
    'con_bench',
    'email',
    null,
    '127.0.0.1',
    'bench',
    null,
    null,
    null,
    JSON.stringify(details),
  ];
}

await server.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
process.stdout.write('bare server ready\n');
process.on('SIGTERM', () => process.exit(0));
