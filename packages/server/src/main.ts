import { keepCompiledModules } from './process/compiled-modules.ts';

keepCompiledModules();
await import('./process/run.ts');
