import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { listPermissionNames, registerAccessRoutes } from './access/index.ts';
import {
  type AccountDependencies,
  createAccountLimits,
  createAccounts,
  registerAccountRoutes,
} from './accounts/index.ts';
import {
  accountGuard,
  assertMayRemoveConnection,
  listAdministratorScopes,
  narrowToStanding,
  registerAdministratorRoutes,
  registerDashboardPreferenceRoutes,
  registerStatisticsRoutes,
} from './administration/index.ts';
import { isOriginAllowed, managementAudience, registerApplicationRoutes } from './applications/index.ts';
import type { Config } from './config.ts';
import { registerConnectionRoutes } from './connections/index.ts';
import { registerDashboardRoutes } from './dashboard/index.ts';
import { registerDownloads, registerJobRoutes } from './jobs/index.ts';
import { appendLogEvent, describeManagementRefusal, registerLogRoutes } from './logs/index.ts';
import { registerMessageRoutes } from './messages/index.ts';
import type { Database } from './platform/database/database.ts';
import { registerCors } from './platform/http/cors.ts';
import { createHttpServer } from './platform/http/http-server.ts';
import {
  createManagementApi,
  type ManagementApi,
  type RecordRefusal,
} from './platform/http/management-api.ts';
import { registerRateLimit } from './platform/http/rate-limit.ts';
import type { SecretBox } from './platform/secrets/secret-box.ts';
import { registerTelemetryRoutes } from './platform/telemetry/routes.ts';
import { createPasswordWatch, createUnblocking, registerProtectionRoutes } from './protection/index.ts';
import { registerReferenceRoutes } from './reference/index.ts';
import {
  createProtectStep,
  createProviderPages,
  createSignIn,
  type OptionalSteps,
  registerBrandingPreview,
  registerSignInRoutes,
} from './sign-in/index.ts';
import { registerTenantRoutes } from './tenant/index.ts';
import { createTokenService, registerTokenManagementRoutes } from './tokens/index.ts';
import { createUserListeners } from './user-listeners.ts';
import {
  createUserSearch,
  deleteUserByEmail,
  registerDeletedUserRoutes,
  registerLinkingRoutes,
  registerPictureRoutes,
  registerUserRoutes,
  removeUsersOfConnection,
  searchPoolSize,
  type UserDependencies,
} from './users/index.ts';

export interface AppOptions {
  readonly config: Config;
  readonly database: Database;
  /** A pool of its own for searches: they are set otherwise, may take longer and must not hold up writes. */
  readonly searchDatabase: Database;
  /** Another whose statements keep one plan, for searches that need no other. */
  readonly preparedSearchDatabase?: Database;
  /** Another for expensive searches, where their work can give way to the rest. */
  readonly patientSearchDatabase?: Database;
  readonly secrets: SecretBox;
  readonly logger: FastifyBaseLogger;
  /** Steps of a sign-in beyond this build's own, each in its place. */
  readonly signInSteps?: OptionalSteps;
  /** PEM texts, read by the caller. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

export interface App {
  readonly server: FastifyInstance;
  readonly managementApi: ManagementApi;
}

/**
 * Composes the whole server: the only place that knows every module. Nothing listens yet. The database must
 * be migrated and bootstrapped.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, database, secrets, logger } = options;
  const server = createHttpServer({
    logger,
    bodyLimit: config.bodyLimit,
    trustProxy: config.trustProxy,
    ...(options.tls ? { tls: options.tls } : {}),
  });
  const presentation = { publicUrl: config.publicUrl, usesGravatar: config.usesGravatar };
  const mails = { database, secrets, publicUrl: config.publicUrl };
  const signIn = createSignIn(
    { ...mails, hashCost: config.passwordHashCost },
    {
      ...options.signInSteps,
      protect: [createProtectStep(createPasswordWatch(mails)), ...(options.signInSteps?.protect ?? [])],
    },
  );
  const tokens = await createTokenService({
    database,
    secrets,
    publicUrl: config.publicUrl,
    logger,
    presentation,
    signIn,
    listPermissions: async (userId, by) =>
      by.audience === managementAudience(config.publicUrl)
        ? listAdministratorScopes(database, userId, by)
        : listPermissionNames(database, userId, by.audience),
    pages: createProviderPages(database),
  });
  registerTelemetryRoutes(server, { database });
  registerCors(server, { isOriginAllowed: (origin) => isOriginAllowed(database, origin) });
  const limitRate = registerRateLimit(server, { requestsPerSecond: config.rateLimit });

  const managementApi = createManagementApi(server, {
    checkAnswers: config.checkAnswers,
    publicUrl: config.publicUrl,
    recordRefusal: createRefusalRecorder(database, logger),
    authenticate: async (request, reply) => {
      const caller = await narrowToStanding(database, await tokens.authenticate(request));
      await limitRate(caller.clientId, reply);
      return caller;
    },
  });
  const dependencies = {
    database,
    secrets,
    config,
    publicUrl: config.publicUrl,
    logger,
    guard: accountGuard,
  };
  const users: UserDependencies = {
    database,
    config,
    search: createUserSearch(options.searchDatabase, {
      timeout: config.searchTimeout,
      poolSize: searchPoolSize,
      ...(options.preparedSearchDatabase ? { preparedDatabase: options.preparedSearchDatabase } : {}),
      ...(options.patientSearchDatabase ? { patientDatabase: options.patientSearchDatabase } : {}),
    }),
    presentation,
    listeners: createUserListeners(dependencies),
    guard: accountGuard,
  };
  registerUserRoutes(managementApi, users);
  registerDeletedUserRoutes(managementApi, users);
  registerLinkingRoutes(managementApi, { ...users, getKeys: () => tokens.getKeys() });
  registerPictureRoutes(server, { database });
  registerAccessRoutes(managementApi, users);
  registerConnectionRoutes(managementApi, {
    database,
    logger,
    removeUsersOfConnection,
    assertMayRemoveConnection,
    deleteUserByEmail: (connectionId, email, context) =>
      deleteUserByEmail(users, connectionId, email, context),
  });
  const accounts: AccountDependencies = {
    ...dependencies,
    listeners: users.listeners,
    limits: createAccountLimits({ signUps: config.signUpLimit, passwordResets: config.passwordResetLimit }),
  };
  registerAccountRoutes(server, accounts);
  registerApplicationRoutes(managementApi, dependencies);
  registerTenantRoutes(managementApi, dependencies);
  registerProtectionRoutes(managementApi, dependencies);
  registerLogRoutes(managementApi, dependencies);
  registerMessageRoutes(managementApi, dependencies);
  registerTokenManagementRoutes(managementApi, dependencies);
  registerAdministratorRoutes(managementApi, dependencies);
  registerDashboardPreferenceRoutes(managementApi, dependencies);
  registerStatisticsRoutes(managementApi, dependencies);
  registerJobRoutes(managementApi, dependencies);
  registerDownloads(server, dependencies);
  await tokens.mount(server);
  registerSignInRoutes(server, {
    database,
    secrets,
    publicUrl: config.publicUrl,
    signIn,
    transactions: tokens.transactions,
    accounts: createAccounts(accounts),
    unblocking: createUnblocking(dependencies),
  });
  registerBrandingPreview(managementApi, dependencies);
  registerDashboardRoutes(server, { publicUrl: config.publicUrl });
  registerReferenceRoutes(server, { operations: managementApi.operations, publicUrl: config.publicUrl });
  return { server, managementApi };
}

/**
 * Keeps refused writes in the log. The refusal was answered already, so a failure to record it is reported
 * to the operator and changes nothing for the caller.
 */
function createRefusalRecorder(database: Database, logger: FastifyBaseLogger): RecordRefusal {
  return (caller, summary, operation, error) => {
    if ([401, 403, 429].includes(error.statusCode)) return;
    const event = describeManagementRefusal({
      caller,
      summary,
      title: operation.summary,
      statusCode: error.statusCode,
      response: error.toBody(),
    });
    appendLogEvent(database, event).catch((cause: unknown) =>
      logger.error({ err: cause }, 'a refused write could not be logged'),
    );
  };
}
