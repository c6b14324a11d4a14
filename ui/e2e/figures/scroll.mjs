// Scroll frame time of the grid with 5,000,000 rows in Chromium, as JSON: node e2e/figures/scroll.mjs [frames]
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { build, preview } from 'vite';

const frames = Number(process.argv[2] ?? 300);
const configFile = new URL('../../vite.gallery.config.ts', import.meta.url).pathname;
const measure = readFileSync(new URL('frames.js', import.meta.url), 'utf8');

await build({ configFile, logLevel: 'error' });
const server = await preview({ configFile, logLevel: 'error' });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto('http://127.0.0.1:5174/?page=grid');
  await page.evaluate(() => document.fonts.ready);
  await page.locator('.grid-skeleton').first().waitFor({ state: 'detached' });
  const rows = await page.locator('[role="grid"]').first().getAttribute('aria-rowcount');
  await page.evaluate(measure);
  const times = await page.evaluate(`measureFrames(${frames})`);
  const engine = `Chromium ${browser.version()}`;
  process.stdout.write(`${JSON.stringify({ engine, rows: Number(rows) - 1, ...times })}\n`);
} finally {
  await browser.close();
  await server.close();
}
