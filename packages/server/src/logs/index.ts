export type { LogEvent } from './log-event.ts';
export { ensureLogPartitions, startLogMaintenance } from './maintain-partitions.ts';
export {
  describeManagementChange,
  describeManagementRefusal,
  type ManagementChange,
} from './management-event.ts';
export { maskSecrets } from './masking.ts';
export { registerLogRoutes } from './routes.ts';
export {
  composeLogInsert,
  insertLogEvent as appendLogEvent,
  insertLogEvents as appendLogEvents,
  type LogColumn,
  logColumns,
  toLogValues,
} from './store.ts';
