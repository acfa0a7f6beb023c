import { type Kysely, sql } from 'kysely';

/** Roles of the tenant's applications, who has which, and the scopes of APIs that roles and users have. What lets somebody into the dashboard is in `administrators`. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE roles (
      id text COLLATE "C" CONSTRAINT roles_pkey PRIMARY KEY,
      name text COLLATE "C" NOT NULL CONSTRAINT roles_name_key UNIQUE,
      folded_name text COLLATE "C" NOT NULL,
      description text,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      updated_at timestamptz(3) NOT NULL DEFAULT now()
    )`.execute(database);
  await sql`
    CREATE TABLE user_roles (
      user_id text COLLATE "C" NOT NULL CONSTRAINT user_roles_user_id_fkey REFERENCES users ON DELETE CASCADE,
      role_id text COLLATE "C" NOT NULL CONSTRAINT user_roles_role_id_fkey REFERENCES roles ON DELETE CASCADE,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      CONSTRAINT user_roles_pkey PRIMARY KEY (user_id, role_id)
    )`.execute(database);
  // In the order that a role's users are listed in.
  await sql`CREATE INDEX user_roles_of_role ON user_roles (role_id, created_at, user_id)`.execute(database);
  await sql`
    CREATE TABLE role_permissions (
      role_id text COLLATE "C" NOT NULL CONSTRAINT role_permissions_role_id_fkey REFERENCES roles ON DELETE CASCADE,
      resource_server_id text COLLATE "C" NOT NULL
        CONSTRAINT role_permissions_resource_server_id_fkey REFERENCES resource_servers ON DELETE CASCADE,
      permission_name text COLLATE "C" NOT NULL,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      CONSTRAINT role_permissions_pkey PRIMARY KEY (role_id, resource_server_id, permission_name)
    )`.execute(database);
  await sql`CREATE INDEX role_permissions_resource_server_id ON role_permissions (resource_server_id)`.execute(
    database,
  );
  await sql`
    CREATE TABLE user_permissions (
      user_id text COLLATE "C" NOT NULL CONSTRAINT user_permissions_user_id_fkey REFERENCES users ON DELETE CASCADE,
      resource_server_id text COLLATE "C" NOT NULL
        CONSTRAINT user_permissions_resource_server_id_fkey REFERENCES resource_servers ON DELETE CASCADE,
      permission_name text COLLATE "C" NOT NULL,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      CONSTRAINT user_permissions_pkey PRIMARY KEY (user_id, resource_server_id, permission_name)
    )`.execute(database);
  await sql`CREATE INDEX user_permissions_resource_server_id ON user_permissions (resource_server_id)`.execute(
    database,
  );
}
