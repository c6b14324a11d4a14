import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** Relative asset paths: the same bundle runs under tauri://localhost and on loopback. */
export default defineConfig({
  base: './',
  plugins: [react()],
  // No inlined assets: the content security policy allows fonts and images from files only.
  build: {
    outDir: 'dist',
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    chunkSizeWarningLimit: 2000,
  },
  server: { port: 5173, strictPort: true },
  test: {
    // A busy machine is slow, not wrong.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Loading the components costs more than every test together: once per worker, not once per file.
    isolate: false,
    projects: [
      {
        extends: true,
        test: { name: 'logic', environment: 'node', include: ['src/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'drawn',
          environment: 'jsdom',
          include: ['src/**/*.test.tsx'],
          setupFiles: ['src/test-setup.ts'],
        },
      },
    ],
  },
});
