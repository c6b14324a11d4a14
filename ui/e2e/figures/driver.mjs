import { spawn } from 'node:child_process';

const display = ':77';
const base = 'http://127.0.0.1:4477';
export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks WebKitWebDriver; an answer that is an error throws. */
export async function ask(method, path, body) {
  const response = await fetch(base + path, { method, body: body ? JSON.stringify(body) : undefined });
  const { value } = await response.json();
  if (!response.ok) throw new Error(JSON.stringify(value));
  return value;
}

/** Runs `work` with WebKitWebDriver on a display of its own; `make` opens a session of a program. */
export async function withDriver(work, env = {}) {
  const screen = spawn('Xvfb', [display, '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
    stdio: 'ignore',
  });
  await wait(1000);
  const driver = spawn('WebKitWebDriver', ['--port=4477'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      DISPLAY: display,
      WEBKIT_DISABLE_DMABUF_RENDERER: '1',
      GDK_BACKEND: 'x11',
      ...env,
    },
  });
  const make = async (binary, args) => {
    const options = { binary, args };
    const made = await ask('POST', '/session', {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } },
    });
    return `/session/${made.sessionId}`;
  };
  try {
    await wait(1000);
    await work(make);
  } finally {
    driver.kill();
    screen.kill();
  }
}
