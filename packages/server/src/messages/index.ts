export { queueOnUserEvents } from './queue-on-user-events.ts';
export { registerMessageRoutes } from './routes.ts';
