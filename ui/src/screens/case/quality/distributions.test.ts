import { expect, test } from 'vitest';
import { beyond, cumulative, median, mode, shares } from './distributions';

test('counts become percent of their sum', () => {
  expect(shares([1, 3], 10, 5)).toEqual([
    { x: 5, y: 25 },
    { x: 15, y: 75 },
  ]);
  expect(shares([0, 0])).toEqual([]);
  expect(shares([])).toEqual([]);
});

test('the cumulative curve falls from all to none', () => {
  const points = cumulative([1, 0, 4, 5]);
  expect(points.map((point) => point.y)).toEqual([100, 90, 90, 50]);
  expect(median(points)).toBe(3);
  expect(cumulative([])).toEqual([]);
  // The long tail of a few deep bases is left out.
  expect(cumulative([0, 0, 1000, ...Array(500).fill(0), 1]).length).toBe(4);
});

test('where the most are, and how many lie beyond', () => {
  const points = shares([0, 5, 15]);
  expect(mode(points)).toBe(2);
  expect(beyond(points, 2)).toBe(75);
});
