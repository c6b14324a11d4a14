import type { Settings } from '../../api/types';

/** The numbers of the settings as typed. */
export type Numbers = { lockMinutes: string; threads: string; memory: string };

/** A number that cannot be used. */
export type NumberProblem = keyof Numbers;

/** The least memory of a run that can be asked for, in MB. */
export const leastMemory = 256;

/** The settings' numbers as text. */
export function numbersOf(values: Settings): Numbers {
  return {
    lockMinutes: String(values.lock_minutes),
    threads: String(values.threads),
    memory: values.memory_mb === null ? '' : String(values.memory_mb),
  };
}

function whole(text: string): number | null {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : null;
}

/** What cannot be used. */
export function numberProblems(numbers: Numbers): Set<NumberProblem> {
  const found = new Set<NumberProblem>();
  const minutes = whole(numbers.lockMinutes);
  if (minutes === null || minutes < 1 || minutes > 120) found.add('lockMinutes');
  if (whole(numbers.threads) === null) found.add('threads');
  const memory = whole(numbers.memory);
  if (numbers.memory.trim() !== '' && (memory === null || memory < leastMemory)) found.add('memory');
  return found;
}

/** The settings with the typed numbers; to be asked only when `numberProblems` is empty. */
export function withNumbers(values: Settings, numbers: Numbers): Settings {
  return {
    ...values,
    lock_minutes: whole(numbers.lockMinutes) ?? values.lock_minutes,
    threads: whole(numbers.threads) ?? values.threads,
    memory_mb: numbers.memory.trim() === '' ? null : whole(numbers.memory),
  };
}
