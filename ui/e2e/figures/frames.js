/**
 * Times the scrolling of the first [role=grid] of the page. Evaluate this file in the page, then
 * `measureFrames(300)`: a promise of { median, p95, frames }, milliseconds per frame. A WebDriver script runs the file
 * and then `return measureFrames(300)`, or hands its callback to `.then` where the driver does not await promises.
 */
globalThis.measureFrames = async (frames = 300, step = 140) => {
  const grid = document.querySelector('[role="grid"]');
  if (!grid || grid.scrollHeight <= grid.clientHeight) throw new Error('the page shows no grid that scrolls');
  const next = () => new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())));
  await next();
  let before = await next();
  const times = [];
  for (let frame = 0; frame < frames; frame += 1) {
    grid.scrollTop += step;
    const now = await next();
    times.push(now - before);
    before = now;
  }
  times.sort((a, b) => a - b);
  const at = (share) => Math.round(times[Math.ceil(share * frames) - 1] * 100) / 100;
  return { median: at(0.5), p95: at(0.95), frames };
};
