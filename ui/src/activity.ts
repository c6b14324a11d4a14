import { useEffect, useState } from 'react';
import { call } from './api/client';

/** Milliseconds between two tellings: the host counts minutes. */
const EVERY_MS = 20_000;
/** Seconds before the lock from which on it is said; half of the whole time where that is shorter. */
const WARN_S = 60;

/**
 * Whole seconds until the host locks, once they are few enough to be said; else null. `sinceMs`: since the host was
 * last told of a person, from where it counts.
 */
export function secondsLeft(sinceMs: number, lockMinutes: number): number | null {
  const whole = lockMinutes * 60;
  const left = Math.ceil(whole - sinceMs / 1000);
  return left <= Math.min(WARN_S, whole / 2) ? Math.max(0, left) : null;
}

/**
 * Tells the host that a person is at work, so that it does not lock. Gives the seconds until the lock once it is near,
 * so that it never comes without a warning.
 */
export function useActivity(lockMinutes: number): number | null {
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    // The host counts from the unlock, which came just before.
    let toldAt = performance.now();
    const seen = (event: Event) => {
      if (event.timeStamp - toldAt < EVERY_MS) return;
      toldAt = event.timeStamp;
      setLeft(null);
      call('active', {}).catch(() => {
        // A refusal means that the lock came first; the frame follows it by the status.
      });
    };
    const look = window.setInterval(
      () => setLeft(secondsLeft(performance.now() - toldAt, lockMinutes)),
      1_000,
    );
    const events = ['keydown', 'pointerdown', 'wheel', 'pointermove'] as const;
    for (const name of events) window.addEventListener(name, seen, { passive: true });
    return () => {
      window.clearInterval(look);
      for (const name of events) window.removeEventListener(name, seen);
    };
  }, [lockMinutes]);
  return left;
}
