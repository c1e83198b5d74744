import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { secretProof } from '../../src/platforms/meta/secret.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { adlake, type Outcome } from '../helpers/command-line.ts';
import { leaksIn, spellings } from '../helpers/leaks.ts';
import { mixedRates } from '../matrix/trial.ts';
import { type CaseOutcome, seeded } from './area.ts';

/** Secrets that must be nowhere. */
export const LEAK_AREA = seeded(
  {
    name: 'leak',
    about:
      'Pulls and runs under a mix of faults with planted secrets, and looks for them in every file of the lake and in all that was printed.',
    share: 1,
    lane: 'here',
  },
  hunted,
);

const TODAY = '2026-11-20';
const APP_SECRET = 'synthetic+app/secret=0123456789abcdef';
const SECRET = 'a secret of some length';
/** Some faults make a pull wait; it is looked at where it stands. */
const LONGEST_SECONDS = 10;
const SHORT = ['ad_accounts', 'campaigns', 'insights_campaign_day', 'pixel_events_hour'];

async function hunted(seed: number): Promise<CaseOutcome> {
  const home = mkdtempSync(join(tmpdir(), 'adlake-torture-leak-'));
  const app = { secret: APP_SECRET };
  const sandbox = await startSandbox({ today: TODAY, app, seed, faultRates: mixedRates(seed) });
  try {
    const env = {
      META_API_BASE_URL: sandbox.url,
      META_AD_ACCOUNT_ID: sandbox.accountIds.slice(0, 2).join(','),
      META_APP_SECRET: APP_SECRET,
      META_FIRST_PULL_DAYS: '3',
      META_RETRY_ATTEMPTS: '1',
      META_REQUEST_TIMEOUT: '3',
      ADLAKE_SECRET: SECRET,
    };
    await adlake(['auth', 'login', '--lake', home], env, sandbox.token);
    const argv = ['run', '--today', TODAY, '--dataset', SHORT.join(','), '--debug', '--json'];
    const outcome = await bounded(adlake([...argv, '--lake', home], env));
    const proof = secretProof(APP_SECRET, sandbox.token);
    const secrets = spellings(sandbox.token, APP_SECRET, SECRET, proof);
    const found = leaksIn({ home }, outcome, secrets);
    const counts = { runs: 1, requests: sandbox.requests(), leaks: found.length };
    return { difference: found.length === 0 ? null : `a secret is in ${found.join(', ')}`, counts };
  } finally {
    await sandbox.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What was done until the time is up; null when it was not done. */
function bounded(work: Promise<Outcome>): Promise<Outcome | null> {
  return Promise.race([work, sleep(LONGEST_SECONDS * 1000, null, { ref: false })]);
}
