export { changeRoles, type RoleChange } from './change-roles.ts';
export { importedRoles } from './imported-roles.ts';
export { startRoleMaintenance } from './maintain-roles.ts';
export { listPermissionNames } from './permissions-store.ts';
export { assertRolesExist } from './roles.ts';
export { registerAccessRoutes } from './routes.ts';
