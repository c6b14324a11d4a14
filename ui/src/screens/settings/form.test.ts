import { describe, expect, it } from 'vitest';
import type { Settings } from '../../api/types';
import { numberProblems, numbersOf, withNumbers } from './form';

const values: Settings = { theme: 'dark', lock_minutes: 10, single_keys: false, threads: 0, memory_mb: null };

describe('numbers of the settings', () => {
  it('come back as they were', () => {
    expect(withNumbers(values, numbersOf(values))).toEqual(values);
    const limited = { ...values, memory_mb: 4096, threads: 3 };
    expect(withNumbers(limited, numbersOf(limited))).toEqual(limited);
  });

  it.each([
    [{ lockMinutes: '0', threads: '0', memory: '' }, ['lockMinutes']],
    [{ lockMinutes: '121', threads: '0', memory: '' }, ['lockMinutes']],
    [{ lockMinutes: '1.5', threads: '-1', memory: '10' }, ['lockMinutes', 'threads', 'memory']],
    [{ lockMinutes: ' 120 ', threads: '64', memory: '256' }, []],
    [{ lockMinutes: '', threads: '', memory: 'x' }, ['lockMinutes', 'threads', 'memory']],
  ])('%j', (numbers, wanted) => expect([...numberProblems(numbers)]).toEqual(wanted));
});
