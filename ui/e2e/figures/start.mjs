// From starting the program to the first content on the screen, in ms: node e2e/figures/start.mjs PROGRAM [runs]. The
// first run is cold where this may empty the page cache (as root), the others are warm. Needs WebKitWebDriver and Xvfb.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ask, wait, withDriver } from './driver.mjs';

const [program, runs = '5'] = process.argv.slice(2);
const home = mkdtempSync(path.join(tmpdir(), 'clinotype-start-'));
const env = { HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, TAURI_WEBVIEW_AUTOMATION: 'true' };
const times = [];
try {
  await withDriver(async (make) => {
    for (let run = 0; run < Number(runs); run += 1) {
      if (run === 0) {
        try {
          writeFileSync('/proc/sys/vm/drop_caches', '3');
        } catch {
          process.stderr.write('the page cache cannot be emptied here: the first run is warm too\n');
        }
      }
      const began = Date.now();
      const session = await make(path.resolve(program), ['--store', path.join(home, 'store')]);
      const script = `const paint = performance.getEntriesByName('first-contentful-paint')[0];
        return paint && performance.timeOrigin + paint.startTime;`;
      let painted = null;
      while (!painted) {
        painted = await ask('POST', `${session}/execute/sync`, { script, args: [] });
        if (!painted) await wait(20);
      }
      times.push(Math.round(painted - began));
      await ask('DELETE', session);
      await wait(500);
    }
  }, env);
  process.stdout.write(`${JSON.stringify({ first: times[0], others: times.slice(1) })}\n`);
} finally {
  rmSync(home, { recursive: true, force: true });
}
