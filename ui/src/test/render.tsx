import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { queries } from '../api/hooks';
import { LiveRegion, Toasts } from '../components/toasts';
import { useKeyboard } from '../keys';
import { type Double, installFetch } from './double';

// jsdom has no CSS object, which React Aria's modal layer asks for.
globalThis.CSS ??= { escape: (text: string) => text.replace(/[^\w-]/g, '\\$&') } as typeof CSS;

// jsdom lays nothing out and has no scrolling.
Element.prototype.scrollIntoView ??= () => {};

function Keys({ children }: { children: ReactNode }) {
  useKeyboard(true);
  return children;
}

/** Draws a screen over a double, with keys, toasts and announcements as in the frame. */
export function renderOver(made: Double, screen: ReactNode) {
  queries.clear();
  window.location.hash = '';
  const undo = installFetch(made);
  const drawn = render(
    <QueryClientProvider client={queries}>
      <Toasts>
        <Keys>{screen}</Keys>
        <LiveRegion />
      </Toasts>
    </QueryClientProvider>,
  );
  return { ...drawn, user: userEvent.setup({ delay: null, pointerEventsCheck: 0 }), undo };
}
