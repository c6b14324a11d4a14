import type { PreviewServer } from 'vite';
import { serveGallery } from './fixtures/gallery-server';
import { expect, expectAccessible, test } from './fixtures/page';

let server: PreviewServer;

test.beforeAll(async () => {
  server = await serveGallery();
});

test.afterAll(async () => {
  await server.close();
});

/** Folder for pictures, when a person wants to look at them. */
const pictures = process.env.PICTURES;

const SIZES = [
  { width: 1920, height: 1080 },
  { width: 1280, height: 800 },
];
/** The grid's colours are the review page's. */
const SHOWN = [
  ['components', 'light'],
  ['components', 'dark'],
  ['components', 'contrast'],
  ['review', 'light'],
  ['review', 'dark'],
  ['review', 'contrast'],
  ['grid', 'light'],
] as const;

for (const [name, theme] of SHOWN) {
  test(`${name} in ${theme}: axe finds nothing, the policy refuses nothing`, async ({ page }) => {
    await page.goto(`/?page=${name}&theme=${theme}`);
    await page.evaluate(() => document.fonts.ready);
    await expect(page.locator('.brand')).toBeVisible();
    await expect(page.locator('.grid-skeleton')).toHaveCount(0);
    for (const size of pictures ? SIZES : []) {
      await page.setViewportSize(size);
      await page.screenshot({ path: `${pictures}/${name}-${theme}-${size.width}.png` });
    }
    await expectAccessible(page);
  });
}

test('both fonts come from the bundle', async ({ page }) => {
  await page.goto('/?page=review');
  await page.evaluate(() => document.fonts.ready);
  const loaded = await page.evaluate(() =>
    [...document.fonts]
      .filter((font) => font.status === 'loaded')
      .map((font) => font.family.replaceAll('"', '')),
  );
  expect(new Set(loaded)).toEqual(new Set(['Inter Variable', 'IBM Plex Mono']));
});

test('the grid reaches its last row by keyboard and never loses the focus', async ({ page }) => {
  await page.goto('/?page=grid');
  const cursor = page.locator('[data-cursor="true"]');
  const row = () =>
    page.evaluate(() => document.activeElement?.closest('[role="row"]')?.getAttribute('aria-rowindex'));
  await cursor.focus();
  await page.keyboard.press('Control+End');
  await expect.poll(row).toBe('5000001');
  await page.keyboard.press('k');
  await expect.poll(row).toBe('5000000');
  await page.keyboard.press('PageUp');
  await expect(page.locator(':focus')).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('Control+Home');
  await expect.poll(row).toBe('2');
  await page.keyboard.press('j');
  await page.keyboard.press('Space');
  await expect(page.locator('[role="row"][aria-rowindex="3"]')).toHaveAttribute('aria-selected', 'false');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.locator('[role="columnheader"][aria-colindex="2"]')).toHaveAttribute(
    'aria-sort',
    'descending',
  );
});

test('the wheel never jumps over a row of five million', async ({ page }) => {
  await page.goto('/?page=grid');
  await expect(page.locator('.grid-skeleton')).toHaveCount(0);
  const first = () =>
    page.evaluate(() => {
      const box = document.querySelector('.grid')?.getBoundingClientRect();
      const at = document.elementFromPoint((box?.x ?? 0) + 60, (box?.y ?? 0) + 28 + 14);
      return Number(at?.closest('[role="row"]')?.getAttribute('aria-rowindex'));
    });
  const before = await first();
  await page.mouse.move(700, 400);
  await page.mouse.wheel(0, 280);
  await expect.poll(first).toBe(before + 10);
  // Away from the start, where the scroll bar follows in proportion.
  await page.waitForTimeout(400);
  expect(await first()).toBe(before + 10);
});
