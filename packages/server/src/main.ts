import { prepareModules } from './process/prepare-modules.ts';

prepareModules();
await import('./process/run.ts');
