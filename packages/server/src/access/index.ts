export { changeRoles, type RoleChange } from './change-roles.ts';
export { registerAccessRoutes } from './routes.ts';
