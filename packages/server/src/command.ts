import { prepareModules } from './process/prepare-modules.ts';

prepareModules();
await import('./run-command.ts');
