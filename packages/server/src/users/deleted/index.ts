export { startDeletedUserMaintenance } from './maintain-deleted-users.ts';
export { registerDeletedUserRoutes } from './routes.ts';
