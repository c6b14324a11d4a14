import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from '../api/hooks';
import { Toasts } from '../components/toasts';
import '../styles/index.css';
import './gallery.css';
import { Gallery } from './Gallery';

const parameters = new URLSearchParams(window.location.search);
document.documentElement.dataset.theme = parameters.get('theme') ?? 'light';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Toasts>
          <Gallery page={parameters.get('page') ?? 'components'} />
        </Toasts>
      </QueryClientProvider>
    </StrictMode>,
  );
}
