import * as operations from '@muster/contract';
import type { ManagementApi } from '../../platform/http/management-api.ts';
import type { LinkingDependencies } from './dependencies.ts';
import { linkIdentity } from './link-identity.ts';
import { unlinkIdentity } from './unlink-identity.ts';

/** Registers `/users/{id}/identities`. */
export function registerLinkingRoutes(api: ManagementApi, dependencies: LinkingDependencies): void {
  api.handle(operations.linkIdentity, async ({ parameters, body, caller, summary, ifMatch }) => {
    const context = { caller, summary, ifMatch, title: operations.linkIdentity.summary };
    const { identities, version } = await linkIdentity(dependencies, parameters.id, body, context);
    return { status: 201, body: identities, headers: { etag: `"${version}"` } };
  });

  api.handle(operations.unlinkIdentity, async ({ parameters, caller, summary, ifMatch }) => {
    const context = { caller, summary, ifMatch, title: operations.unlinkIdentity.summary };
    const wanted = { provider: parameters.provider, userId: parameters.user_id };
    const { identities, version } = await unlinkIdentity(dependencies, parameters.id, wanted, context);
    return { status: 200, body: identities, headers: { etag: `"${version}"` } };
  });
}
