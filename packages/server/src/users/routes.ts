import * as operations from '@muster/contract';
import { compileFieldSelection } from '../platform/http/field-selection.ts';
import type { ManagementApi } from '../platform/http/management-api.ts';
import { createUser } from './create-user.ts';
import { deleteUser } from './delete-user.ts';
import type { UserDependencies } from './dependencies.ts';
import { getUser } from './get-user.ts';
import { findUsersByEmail, listUsers } from './list-users.ts';
import { uploadPicture } from './pictures/upload-picture.ts';
import { updateUser } from './update-user.ts';

/** Registers `/users`, `/users/search`, `/users/{id}` and `/users-by-email`. */
export function registerUserRoutes(api: ManagementApi, dependencies: UserDependencies): void {
  api.handle(operations.listUsers, async ({ query, caller, signal }) => ({
    status: 200,
    body: await listUsers(dependencies, query, { caller, signal }),
  }));

  api.handle(operations.searchUsers, async ({ body, caller, signal }) => ({
    status: 200,
    body: await listUsers(dependencies, body, { caller, signal }),
  }));

  api.handle(operations.createUser, async ({ body, caller, summary }) => {
    const { user, presented } = await createUser(dependencies, body, {
      caller,
      summary,
      title: operations.createUser.summary,
    });
    return { status: 201, body: presented, headers: { etag: toEntityTag(user.version) } };
  });

  api.handle(operations.getUser, async ({ parameters, query, caller }) => {
    const { presented, version } = await getUser(dependencies, parameters.id, caller);
    return {
      status: 200,
      body: compileFieldSelection(query)(presented),
      headers: { etag: toEntityTag(version) },
    };
  });

  api.handle(operations.updateUser, async ({ parameters, body, caller, summary, ifMatch }) => {
    const context = { caller, summary, ifMatch, title: operations.updateUser.summary };
    const { user, presented } = await updateUser(dependencies, parameters.id, body, context);
    return { status: 200, body: presented, headers: { etag: toEntityTag(user.version) } };
  });

  api.handle(operations.uploadUserPicture, async ({ parameters, stream, caller, summary, ifMatch }) => {
    const context = { caller, summary, ifMatch, title: operations.uploadUserPicture.summary };
    const { user, presented } = await uploadPicture(dependencies, parameters.id, stream, context);
    return { status: 200, body: presented, headers: { etag: toEntityTag(user.version) } };
  });

  api.handle(operations.deleteUser, async ({ parameters, query, caller, summary, ifMatch }) => {
    await deleteUser(dependencies, parameters.id, {
      isRecoverable: query.recoverable === true,
      caller,
      summary,
      ifMatch,
      title: operations.deleteUser.summary,
    });
    return { status: 204, body: undefined };
  });

  api.handle(operations.listUsersByEmail, async ({ query }) => ({
    status: 200,
    body: await findUsersByEmail(dependencies, query),
  }));
}

/** RFC 9110 §8.8.3. */
function toEntityTag(version: number): string {
  return `"${version}"`;
}
