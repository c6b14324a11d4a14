import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// A busy machine is slow, not wrong; and jsdom takes long to work out what is hidden.
configure({ asyncUtilTimeout: 20_000, defaultHidden: true });

afterEach(cleanup);
