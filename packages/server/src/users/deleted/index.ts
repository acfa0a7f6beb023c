export { startDeletedUserMaintenance } from './maintain-deleted-users.ts';
export { putUserBack } from './restore-user.ts';
export { registerDeletedUserRoutes } from './routes.ts';
