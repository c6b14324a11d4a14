import { defineConfig } from '@playwright/test';

/**
 * Browser tests in the system's Chromium: nothing is downloaded. `gallery` needs only this folder; tests of the
 * application start the loopback server themselves (see e2e/).
 */
export default defineConfig({
  testDir: 'e2e',
  fullyParallel: false,
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  // A busy machine is slow, not wrong.
  timeout: 300_000,
  expect: { timeout: 20_000 },
  use: {
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
    },
  },
  projects: [
    { name: 'gallery', testMatch: /gallery\.spec\.ts/, use: { baseURL: 'http://127.0.0.1:5174' } },
    { name: 'app', testIgnore: /gallery\.spec\.ts/ },
  ],
});
