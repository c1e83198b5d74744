import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { MAX_REORDERS, ReportDesk } from '../../../../src/platforms/meta/report/report-desk.ts';
import { ReportLedger } from '../../../../src/pull/report-ledger.ts';
import { cacheFile, type Lake } from '../../../../src/zone.ts';
import { type Asked, scriptedClient, type Told } from '../../../helpers/scripted-client.ts';

const QUERY = { path: 'act_1/insights', params: { level: 'ad', fields: 'spend' } };
const CONTEXT = { accountId: '1', label: 'insights, account 1' };
const NOW = '2026-03-15T12:00:00.000Z';
const COMPLETED = { async_status: 'Job Completed', async_percent_completion: 100 };
const RUNNING = { async_status: 'Job Running', async_percent_completion: 40 };
const STUCK = { async_status: 'Job Started', async_percent_completion: 0 };
const FAILED = { async_status: 'Job Failed', error_code: -2, error_subcode: 2490547 };
const TOO_LARGE = { async_status: 'Job Failed', error_code: -3, error_subcode: 1504045 };
const UNKNOWN = { error: { message: 'Unsupported get request', code: 100, error_subcode: 33 } };

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type State = (runId: string, poll: number) => object | null;

/** A desk of a server that orders reports 901, 902, … and says of each what the test wants. */
async function deskOf(state: State, more: { lake?: Lake; today?: string; now?: string } = {}) {
  const polls = new Map<string, number>();
  const batches: string[][] = [];
  let orders = 0;
  const script = ({ method, params, path }: Asked): Told => {
    if (method === 'POST' && params.has('batch')) {
      const entries = JSON.parse(params.get('batch') ?? '[]') as { relative_url: string }[];
      const ids = entries.map(({ relative_url }) => relative_url.replace(/^v\d+\.0\//, ''));
      batches.push(ids);
      const answers = ids.map((id) => {
        const poll = (polls.get(id) ?? 0) + 1;
        polls.set(id, poll);
        const body = state(id, poll);
        return (
          body && { code: 'error' in body ? 400 : 200, headers: [], body: JSON.stringify(body) }
        );
      });
      return { body: JSON.stringify(answers) };
    }
    orders++;
    expect(path).toBe('/v26.0/act_1/insights');
    return { body: `{"report_run_id": ${900 + orders}}` };
  };
  const { client, lake, slept, close } = await scriptedClient(script, more.lake ? more : {});
  closers.push(close);
  const desk = new ReportDesk({
    client,
    ledger: new ReportLedger(lake),
    accountId: '1',
    today: more.today ?? '2026-03-15',
    apiVersion: 'v26.0',
    now: () => more.now ?? NOW,
    sleep: async (seconds) => {
      slept.push(seconds);
    },
  });
  return { desk, lake, batches, slept, orders: () => orders };
}

describe('a report that is ordered', () => {
  it('is asked after with growing waits until it is complete', async () => {
    const { desk, slept, orders } = await deskOf((_, poll) => (poll < 12 ? RUNNING : COMPLETED));
    expect(await desk.order(QUERY, CONTEXT)).toMatchObject({ kind: 'ready', runId: '901' });
    expect(orders()).toBe(1);
    expect(slept.slice(0, 4)).toEqual([2, 3, 4.5, 6.75]);
    expect(Math.max(...slept)).toBe(30);
  });

  it('is asked after together with others, up to 50 in a request', async () => {
    const { desk, batches } = await deskOf((_, poll) => (poll < 3 ? RUNNING : COMPLETED));
    const orders = Array.from({ length: 60 }, (_, at) =>
      desk.order({ ...QUERY, params: { ...QUERY.params, at: String(at) } }, CONTEXT),
    );
    const ends = await Promise.all(orders);
    expect(new Set(ends.map((end) => end.kind === 'ready' && end.runId)).size).toBe(60);
    expect(Math.max(...batches.map((ids) => ids.length))).toBe(50);
    expect(batches.length).toBeLessThan(30);
  });

  it('may not exist in the first minute', async () => {
    const { desk, orders } = await deskOf((_, poll) => (poll < 3 ? UNKNOWN : COMPLETED));
    expect(await desk.order(QUERY, CONTEXT)).toMatchObject({ kind: 'ready', runId: '901' });
    expect(orders()).toBe(1);
  });

  it('is asked after again when the batch did not run it', async () => {
    const { desk, orders } = await deskOf((_, poll) => (poll < 3 ? null : COMPLETED));
    expect(await desk.order(QUERY, CONTEXT)).toMatchObject({ kind: 'ready' });
    expect(orders()).toBe(1);
  });

  it.each([
    ['failed', FAILED],
    ['was skipped', { async_status: 'Job Skipped', async_percent_completion: 0 }],
    ['is not known after the first minute', UNKNOWN],
    ['stays at 0 % for five minutes', STUCK],
  ])('is ordered again when it %s', async (_, state) => {
    const { desk, orders } = await deskOf((id) => (id === '901' ? state : COMPLETED));
    expect(await desk.order(QUERY, CONTEXT)).toMatchObject({ kind: 'ready', runId: '902' });
    expect(orders()).toBe(2);
  });

  it('is not ordered again for ever', async () => {
    const { desk, orders } = await deskOf(() => FAILED);
    const end = await desk.order(QUERY, CONTEXT);
    expect(end).toMatchObject({ kind: 'declined', refusal: { kind: 'timed_out' } });
    expect(orders()).toBe(1 + MAX_REORDERS);
  });

  it('is given up after 30 minutes, so that less is asked for', async () => {
    const { desk, orders, slept } = await deskOf(() => RUNNING);
    const end = await desk.order(QUERY, CONTEXT);
    expect(end).toMatchObject({ kind: 'declined', refusal: { kind: 'timed_out' } });
    expect(orders()).toBe(1);
    const waited = slept.reduce((sum, seconds) => sum + seconds, 0);
    expect(waited).toBeGreaterThanOrEqual(1800);
    expect(waited).toBeLessThan(1900);
  });

  it('that is too large is not ordered again, not even by the next run of that day', async () => {
    const first = await deskOf(() => TOO_LARGE);
    const declined = { kind: 'declined', refusal: { kind: 'too_large' } };
    expect(await first.desk.order(QUERY, CONTEXT)).toMatchObject(declined);
    const second = await deskOf(() => COMPLETED, { lake: first.lake });
    expect(await second.desk.order(QUERY, CONTEXT)).toMatchObject(declined);
    expect([first.orders(), second.orders()]).toEqual([1, 0]);
  });

  it('ends with an error when the token is refused', async () => {
    const { desk } = await deskOf(() => ({ async_status: 'Job Failed', error_code: 190 }));
    await expect(desk.order(QUERY, CONTEXT)).rejects.toMatchObject({ code: 'TOKEN_REFUSED' });
  });
});

describe('after a run that was killed', () => {
  /** A run that ordered and never came to poll: its ledger is on the disk all the same. */
  async function killed(): Promise<Lake> {
    const { desk, lake } = await deskOf(() => RUNNING);
    void desk.order(QUERY, CONTEXT).catch(() => {});
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      try {
        if (readFileSync(cacheFile(lake, 'api_reports.json'), 'utf8').includes('901')) return lake;
      } catch {}
    }
  }

  it('a report whose id was saved is picked up and not ordered twice', async () => {
    const next = await deskOf(() => COMPLETED, { lake: await killed() });
    expect(await next.desk.order(QUERY, CONTEXT)).toMatchObject({ kind: 'ready', runId: '901' });
    expect(next.orders()).toBe(0);
  });

  it('a report that Meta does not know any more is ordered anew', async () => {
    const state: State = (_, poll) => (poll === 1 ? UNKNOWN : COMPLETED);
    const now = '2026-03-15T14:00:00.000Z';
    const next = await deskOf(state, { lake: await killed(), now });
    expect(await next.desk.order(QUERY, CONTEXT)).toMatchObject({ kind: 'ready' });
    expect(next.orders()).toBe(1);
  });

  it('another question and another day have a report of their own', async () => {
    const lake = await killed();
    const other = await deskOf(() => COMPLETED, { lake });
    const query = { ...QUERY, params: { ...QUERY.params, level: 'campaign' } };
    await other.desk.order(query, CONTEXT);
    const later = await deskOf(() => COMPLETED, { lake, today: '2026-03-16' });
    await later.desk.order(QUERY, CONTEXT);
    expect([other.orders(), later.orders()]).toEqual([1, 1]);
  });
});
