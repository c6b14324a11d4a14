import { test } from '@playwright/test';
import { Session } from './fixtures/session';
import { criteria, kept } from './parts/criteria';
import { further } from './parts/further';
import { gate } from './parts/gate';
import { intake } from './parts/intake';
import { pharmacogenes } from './parts/pharmacogenes';
import { releases } from './parts/releases';
import { review } from './parts/review';
import { run } from './parts/run';

/** The application over its real operations, from the first start to the export; needs the loopback server. */
test.describe.configure({ mode: 'serial', timeout: 300_000 });

let session: Session;
const now = () => session;

test.beforeAll(async ({ browser }) => {
  session = await Session.start(browser);
});

test.afterAll(async () => {
  await session.stop();
});

test.afterEach(() => {
  session.expectNoFault();
});

gate(now);
run(now);
review(now);
criteria(now);
releases(now);
kept(now);
intake(now);
pharmacogenes(now);
further(now);
