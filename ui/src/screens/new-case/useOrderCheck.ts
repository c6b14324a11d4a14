import { useCallback, useEffect, useRef, useState } from 'react';
import { type ApiError, call, toApiError } from '../../api/client';
import type { OrderForm, Problem } from '../../api/types';

const pause = 500;

/** What the host says of the order. */
export type OrderVerdict = { problems: readonly Problem[]; error: ApiError | null };

/** The newest verdict, and a way to ask at once (before saving). */
export type OrderCheck = OrderVerdict & { now: () => Promise<OrderVerdict> };

const good: OrderVerdict = { problems: [], error: null };

/**
 * Keeps the host's check of an order up to date; asks again when the person pauses. `null`: no order, nothing to
 * check. Neither the order nor the answer goes into the cache of answers.
 */
export function useOrderCheck(order: OrderForm | null): OrderCheck {
  const [verdict, setVerdict] = useState<OrderVerdict>(good);
  const asked = useRef(0);
  const text = order === null ? null : JSON.stringify(order);
  const now = useCallback(async (): Promise<OrderVerdict> => {
    asked.current += 1;
    const mine = asked.current;
    let next = good;
    if (text !== null) {
      try {
        next = { problems: (await call('check_order', JSON.parse(text) as OrderForm)).problems, error: null };
      } catch (failure) {
        next = { problems: [], error: toApiError(failure) };
      }
    }
    // An answer to an older form must not stand beside newer text.
    if (asked.current === mine) setVerdict(next);
    return next;
  }, [text]);
  useEffect(() => {
    const timer = setTimeout(() => void now(), text === null ? 0 : pause);
    return () => {
      clearTimeout(timer);
      asked.current += 1;
    };
  }, [now, text]);
  return { ...verdict, now };
}
