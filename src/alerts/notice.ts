import { acceptedDrift } from '../drift/accepted.ts';
import { keptTokenDates } from '../platforms/meta/token-cache.ts';
import { ending, OF_ACCESS, OF_TOKEN } from '../platforms/meta/token-findings.ts';
import type { ExtractSummary } from '../stages/api-to-landing.ts';
import { lakeSummary } from '../summary.ts';
import { daysBetween } from '../window.ts';
import type { Lake } from '../zone.ts';
import type { Judged } from './judged.ts';
import type { Noticed } from './signal.ts';

/** What a run did, as far as the lake's own alerts go by it. */
export interface Watched {
  readonly lake: Lake;
  /** Null when no API was asked: then nothing is said of tokens and lateness. */
  readonly extract: ExtractSummary | null;
  /** Datasets whose answers were judged since somebody looked last. */
  readonly judged: Judged;
  /** An instant in UTC with milliseconds, and its day. */
  readonly now: string;
  readonly today: string;
}

/** Everything that the run looked at: the token, how late the newest day is, the shape of what came. */
export async function noticed(watched: Watched): Promise<readonly Noticed[]> {
  const { extract } = watched;
  if (extract === null) return drifted(watched);
  return [...tokens(watched, extract), ...(await lateness(watched)), ...drifted(watched)];
}

function tokens({ lake, now }: Watched, extract: ExtractSummary): readonly Noticed[] {
  const refused = extract.accounts.find(({ error }) => error?.code === 'TOKEN_REFUSED')?.error;
  const dates = keptTokenDates(lake);
  const near = (end: string | null, about: typeof OF_TOKEN) => {
    const { level, what } = ending(end, { ...about, now });
    return level === 'ok' ? null : `${what.charAt(0).toUpperCase()}${what.slice(1)}.`;
  };
  const ofToken = dates === null ? null : near(dates.expires_at, OF_TOKEN);
  return [
    { rule: 'token_expiring', subject: 'access_token', evidence: refused?.message ?? ofToken },
    {
      rule: 'token_expiring',
      subject: 'data_access',
      evidence: dates === null ? null : near(dates.data_access_expires_at, OF_ACCESS),
    },
  ];
}

/** Days may end a day later elsewhere, and a run may be early. */
const LATE_DAYS = 3;

async function lateness({ lake, today }: Watched): Promise<readonly Noticed[]> {
  const { accounts } = await lakeSummary(lake);
  const days = accounts.flatMap(({ last_28_days }) => last_28_days.until ?? []);
  const newest = days.sort().at(-1);
  if (newest === undefined) return [];
  const isLate = newest < today && daysBetween(newest, today) >= LATE_DAYS;
  const evidence = isLate ? `The newest complete day of all accounts is ${newest}.` : null;
  return [{ rule: 'data_late', subject: 'lake', evidence }];
}

/** So many fields are named. */
const MOST_FIELDS = 5;

function drifted({ lake, judged }: Watched): readonly Noticed[] {
  if (judged.length === 0) return [];
  const accepted = [...acceptedDrift(lake)];
  return judged.map(({ dataset, fields }) => {
    const open = fields.filter((field) => {
      const start = JSON.stringify([dataset, 'new_field', field]).slice(0, -1);
      return !accepted.some((id) => id.startsWith(start));
    });
    const names = open.slice(0, MOST_FIELDS).map((field) => JSON.stringify(field.slice(0, 80)));
    const more = open.length > MOST_FIELDS ? ` and ${open.length - MOST_FIELDS} more` : '';
    const evidence =
      open.length === 0
        ? null
        : `${dataset} came with ${names.join(', ')}${more}, which its contract does not know.`;
    return { rule: 'schema_drift', subject: dataset, evidence };
  });
}
