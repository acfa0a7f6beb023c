export { findResourceServer, type ResourceServer } from './apis/resource-servers.ts';
export { type Application, findApplication } from './clients/find-application.ts';
export { type Client, findClient, isOriginAllowed, matchesOrigin } from './clients/find-client.ts';
export { ensureDashboardClient, ensureManagementApi, ensureManagementClient } from './ensure-management.ts';
export {
  createPartiesMemory,
  type FoundParties,
  findParties,
  type Parties,
  type PartiesVersion,
} from './find-parties.ts';
export { findClientGrant } from './grants/client-grants.ts';
export { dashboardClientId, managementAudience } from './management-names.ts';
export { composeUnchangedParties, type PartiesParameter } from './parties-store.ts';
export { registerApplicationRoutes } from './routes.ts';
