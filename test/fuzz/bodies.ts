import { batchEntries } from '../../src/platforms/meta/batch-answer.ts';
import { classify } from '../../src/platforms/meta/classify.ts';
import { usageIn } from '../../src/platforms/meta/rate-limit.ts';
import { readReportState } from '../../src/platforms/meta/report/report-state.ts';
import { type Draw, pick } from '../helpers/hostile-page.ts';
import { mutatedBytes, mutatedJson } from './mutation.ts';
import { type Target, unexpected } from './target.ts';

/** What an API might answer, damaged: every body gets a verdict. */
export const BODIES: Target = { name: 'body', batch: 200, feed: feedBody };

const BODIES_AS_SENT: readonly unknown[] = [
  { data: [{ id: '1' }], paging: { cursors: { after: 'x' }, next: 'https://x.test/?after=x' } },
  {
    error: { message: 'm', type: 'OAuthException', code: 190, error_subcode: 463, fbtrace_id: 't' },
  },
  { error: { message: 'm', code: 17, error_subcode: 2446079, is_transient: true } },
  { id: '1', async_status: 'Job Failed', async_percent_completion: 100, error_code: 2601 },
  { id: '1', async_status: 'Job Completed', async_percent_completion: 100 },
  [
    {
      code: 200,
      headers: [{ name: 'x-app-usage', value: '{"call_count":3}' }],
      body: '{"data":[]}',
    },
    null,
  ],
];
const USAGE = {
  'x-app-usage': { call_count: 28, total_time: 25, total_cputime: 25 },
  'x-business-use-case-usage': {
    1: [{ type: 'ads_insights', call_count: 95, estimated_time_to_regain_access: 3 }],
  },
  'x-ad-account-usage': { acc_id_util_pct: 9.67, reset_time_duration: 100 },
};
const STATUSES = [200, 200, 200, 400, 403, 404, 429, 500, 503, 0, 999];

function feedBody(draw: Draw): string | null {
  const sent = pick(draw, BODIES_AS_SENT);
  const text = JSON.stringify(draw(2) === 0 ? mutatedJson(draw, sent) : sent) ?? '';
  const bytes = draw(2) === 0 ? Buffer.from(text) : mutatedBytes(draw, Buffer.from(text));
  const headers = Object.fromEntries(
    Object.entries(USAGE).map(([name, value]) => [name, JSON.stringify(mutatedJson(draw, value))]),
  );
  try {
    const verdict = classify(pick(draw, STATUSES), bytes.toString('utf8'), headers);
    usageIn(headers, { accountId: '1', accountIds: ['1', '2'] });
    if (verdict.kind !== 'ok') return null;
    readReportState(verdict.answer);
    batchEntries(bytes);
    return null;
  } catch (error) {
    return unexpected(error) ?? `refused with an error: ${String(error)}`;
  }
}
