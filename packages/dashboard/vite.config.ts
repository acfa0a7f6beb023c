import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { collectLicenses } from '../../scripts/collect-licenses.ts';

/** Writes the licences of the packages whose modules are in the files beside these. */
const licenses: Plugin = {
  name: 'licenses',
  generateBundle(_options, files) {
    const modules = Object.values(files).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
    this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-LICENSES', source: collectLicenses(modules) });
  },
};

export default defineConfig({
  root: import.meta.dirname,
  base: '/dashboard/',
  plugins: [react(), licenses],
  build: {
    target: 'es2023',
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
  },
});
