// As scroll.mjs, in WebKitGTK: node e2e/figures/scroll-webkit.mjs [frames]. Needs WebKitWebDriver, Xvfb and WebKitGTK's
// own MiniBrowser (Debian: webkit2gtk-driver, xvfb, libwebkit2gtk-4.1-0).
import { readFileSync } from 'node:fs';
import { build, preview } from 'vite';
import { ask, wait, withDriver } from './driver.mjs';

const frames = Number(process.argv[2] ?? 300);
const configFile = new URL('../../vite.gallery.config.ts', import.meta.url).pathname;
const measure = readFileSync(new URL('frames.js', import.meta.url), 'utf8');
const browser = process.env.MINIBROWSER ?? '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

await build({ configFile, logLevel: 'error' });
const server = await preview({ configFile, logLevel: 'error' });
try {
  await withDriver(async (make) => {
    const session = await make(browser, ['--automation']);
    await ask('POST', `${session}/timeouts`, { script: 120_000 });
    await ask('POST', `${session}/url`, { url: 'http://127.0.0.1:5174/?page=grid' });
    const run = (script) => ask('POST', `${session}/execute/sync`, { script, args: [] });
    const drawn = 'return document.querySelector("[role=grid]") && !document.querySelector(".grid-skeleton")';
    while (!(await run(drawn))) await wait(200);
    const rows = await run('return document.querySelector("[role=grid]").getAttribute("aria-rowcount")');
    const engine = await run('return navigator.userAgent');
    const script = `const done = arguments[0]; ${measure}; measureFrames(${frames}).then(done, (e) => done(String(e)));`;
    const times = await ask('POST', `${session}/execute/async`, { script, args: [] });
    process.stdout.write(`${JSON.stringify({ engine, rows: Number(rows) - 1, ...times })}\n`);
    await ask('DELETE', session);
  });
} finally {
  await server.close();
}
