export { addDemoUsers, type DemoOptions } from './add-demo-users.ts';
