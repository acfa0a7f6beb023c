import * as operations from '@muster/contract';
import { compileFieldSelection } from '../platform/http/field-selection.ts';
import type { ManagementApi } from '../platform/http/management-api.ts';
import { readCheckpointList, readList } from '../platform/http/paging.ts';
import {
  createDeviceCredential,
  deleteDeviceCredential,
  listDeviceCredentials,
  presentDeviceCredential,
} from './device-credentials/manage-device-credentials.ts';
import type { TokenManagementDependencies } from './management-dependencies.ts';
import {
  deleteRefreshToken,
  deleteUserRefreshTokens,
  getRefreshToken,
  listRefreshTokens,
  revokeRefreshTokens,
  updateRefreshToken,
} from './refresh-tokens/manage-refresh-tokens.ts';
import {
  endSession,
  endUserSessions,
  getSession,
  listUserSessions,
  revokeUserAccess,
  updateSession,
} from './sessions/manage-sessions.ts';
import { deleteUserGrants, listUserGrants, presentUserGrant } from './user-grants/manage-user-grants.ts';

/** Registers `/sessions`, `/refresh-tokens`, those of a user, `/grants` and `/device-credentials`. */
export function registerTokenManagementRoutes(
  api: ManagementApi,
  dependencies: TokenManagementDependencies,
): void {
  registerSessionRoutes(api, dependencies);
  registerRefreshTokenRoutes(api, dependencies);
  registerGrantRoutes(api, dependencies);
  registerDeviceRoutes(api, dependencies);
}

function registerSessionRoutes(api: ManagementApi, dependencies: TokenManagementDependencies): void {
  api.handle(operations.getSession, async ({ parameters }) => ({
    status: 200,
    body: await getSession(dependencies, parameters.id),
  }));

  api.handle(operations.updateSession, async ({ parameters, body, caller, summary }) => {
    const context = { caller, summary, title: operations.updateSession.summary };
    return {
      status: 200,
      body: await updateSession(dependencies, parameters.id, body.session_metadata ?? null, context),
    };
  });

  api.handle(operations.deleteSession, async ({ parameters, caller, summary }) => {
    const context = { caller, summary, title: operations.deleteSession.summary };
    await endSession(dependencies, parameters.id, context, { withTokens: false });
    return { status: 202, body: {} };
  });

  api.handle(operations.revokeSession, async ({ parameters, caller, summary }) => {
    const context = { caller, summary, title: operations.revokeSession.summary };
    await endSession(dependencies, parameters.id, context, { withTokens: true });
    return { status: 202, body: {} };
  });

  api.handle(operations.listUserSessions, async ({ parameters, query }) => ({
    status: 200,
    body: await readCheckpointList(
      (checkpoint, limit) => listUserSessions(dependencies, parameters.user_id, checkpoint, limit),
      { key: 'sessions', query, present: ({ session }) => session },
    ),
  }));

  api.handle(operations.deleteUserSessions, async ({ parameters, caller, summary }) => {
    const context = { caller, summary, title: operations.deleteUserSessions.summary };
    await endUserSessions(dependencies, parameters.user_id, context);
    return { status: 202, body: {} };
  });

  api.handle(operations.revokeUserAccess, async ({ parameters, body, caller, summary }) => {
    const context = { caller, summary, title: operations.revokeUserAccess.summary };
    await revokeUserAccess(dependencies, parameters.id, body, context);
    return { status: 202, body: {} };
  });
}

function registerRefreshTokenRoutes(api: ManagementApi, dependencies: TokenManagementDependencies): void {
  api.handle(operations.listUserRefreshTokens, async ({ parameters, query }) => ({
    status: 200,
    body: await readCheckpointList(
      (checkpoint, limit) =>
        listRefreshTokens(dependencies, { userId: parameters.user_id }, checkpoint, limit),
      { key: 'tokens', query, present: ({ token }) => token },
    ),
  }));

  api.handle(operations.deleteUserRefreshTokens, async ({ parameters, caller, summary }) => {
    const context = { caller, summary, title: operations.deleteUserRefreshTokens.summary };
    await deleteUserRefreshTokens(dependencies, parameters.user_id, context);
    return { status: 202, body: {} };
  });

  api.handle(operations.listRefreshTokens, async ({ query }) => {
    const select = compileFieldSelection(query);
    const filter = { userId: query.user_id, clientId: query.client_id };
    return {
      status: 200,
      body: await readCheckpointList(
        (checkpoint, limit) => listRefreshTokens(dependencies, filter, checkpoint, limit),
        { key: 'refresh_tokens', query, present: ({ token }) => select(token) },
      ),
    };
  });

  api.handle(operations.getRefreshToken, async ({ parameters }) => ({
    status: 200,
    body: await getRefreshToken(dependencies, parameters.id),
  }));

  api.handle(operations.updateRefreshToken, async ({ parameters, body, caller, summary }) => {
    const context = { caller, summary, title: operations.updateRefreshToken.summary };
    return {
      status: 200,
      body: await updateRefreshToken(
        dependencies,
        parameters.id,
        body.refresh_token_metadata ?? null,
        context,
      ),
    };
  });

  api.handle(operations.deleteRefreshToken, async ({ parameters, caller, summary }) => {
    const context = { caller, summary, title: operations.deleteRefreshToken.summary };
    await deleteRefreshToken(dependencies, parameters.id, context);
    return { status: 204, body: undefined };
  });

  api.handle(operations.revokeRefreshTokens, async ({ body, caller, summary }) => {
    const context = { caller, summary, title: operations.revokeRefreshTokens.summary };
    await revokeRefreshTokens(dependencies, body, context);
    return { status: 202, body: {} };
  });
}

function registerGrantRoutes(api: ManagementApi, dependencies: TokenManagementDependencies): void {
  api.handle(operations.listUserGrants, async ({ query, url }) => {
    const filter = { userId: query.user_id, clientId: query.client_id, audience: query.audience };
    const { body } = await readList(
      { readByOffset: (page) => listUserGrants(dependencies, filter, page) },
      { key: 'grants', query, url, present: presentUserGrant },
    );
    return { status: 200, body };
  });

  api.handle(operations.deleteUserGrants, async ({ query, caller, summary }) => {
    const context = { caller, summary, title: operations.deleteUserGrants.summary };
    await deleteUserGrants(dependencies, { userId: query.user_id }, context);
    return { status: 204, body: undefined };
  });

  api.handle(operations.deleteUserGrant, async ({ parameters, caller, summary }) => {
    const context = { caller, summary, title: operations.deleteUserGrant.summary };
    await deleteUserGrants(dependencies, { id: parameters.id }, context);
    return { status: 204, body: undefined };
  });
}

function registerDeviceRoutes(api: ManagementApi, dependencies: TokenManagementDependencies): void {
  api.handle(operations.listDeviceCredentials, async ({ query, url }) => {
    const kind = query.type ?? 'refresh_token';
    const select = compileFieldSelection(query);
    const filter = { kind, userId: query.user_id, clientId: query.client_id };
    const { body } = await readList(
      { readByOffset: (page) => listDeviceCredentials(dependencies, filter, page) },
      {
        key: 'device_credentials',
        query,
        url,
        present: (credential) => select(presentDeviceCredential(credential, kind)),
      },
    );
    return { status: 200, body };
  });

  api.handle(operations.createDeviceCredential, async ({ body, caller, summary }) => {
    const context = { caller, summary, title: operations.createDeviceCredential.summary };
    return { status: 201, body: await createDeviceCredential(dependencies, body, context) };
  });

  api.handle(operations.deleteDeviceCredential, async ({ parameters, caller, summary }) => {
    const context = { caller, summary, title: operations.deleteDeviceCredential.summary };
    await deleteDeviceCredential(dependencies, parameters.id, context);
    return { status: 204, body: undefined };
  });
}
