import { describe, expect, it } from 'vitest';
import { secondsLeft } from './activity';

describe('the warning before the lock', () => {
  it.each([
    [0, 15, null],
    [13.9 * 60, 15, null],
    [14 * 60, 15, 60],
    [14 * 60 + 59.2, 15, 1],
    [16 * 60, 15, 0],
    // A lock after one minute leaves half of it without a warning.
    [20, 1, null],
    [30, 1, 30],
  ])('%d s after the last key, lock after %d min: %s', (since, minutes, want) =>
    expect(secondsLeft(since * 1000, minutes)).toBe(want),
  );
});
