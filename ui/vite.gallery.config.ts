import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The components gallery: a page of its own, never part of `dist`. */
export default defineConfig({
  base: './',
  root: 'src/gallery',
  plugins: [react()],
  build: {
    outDir: '../../dist-gallery',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { port: 5174, strictPort: true },
  preview: { port: 5174, strictPort: true },
});
