import { Temporal } from 'temporal-polyfill';
import type { Finding } from '../finding.ts';
import { headerOf, openPool, send } from '../pull/http.ts';

/** An answer that takes longer says nothing of the time. */
const TIMEOUT_SECONDS = 10;
/** A day of an account is cut wrongly by as much; less than this is no more than a slow answer. */
const TOLERATED_SECONDS = 60;
/** So far off, days are asked for that are not over, and tokens seem to have ended. */
const WRONG_SECONDS = 900;

/**
 * Compares this machine's clock with the `Date` of an answer of the API. Asks `address` once, without a
 * token; `now` gives an instant in UTC. No answer is a finding, too, and no failure: there may be no
 * network yet.
 */
export async function clockFinding(address: string, now: () => string): Promise<Finding> {
  const pool = openPool();
  const before = Temporal.Instant.from(now());
  const call = { url: new URL(address), headers: {}, timeoutSeconds: TIMEOUT_SECONDS };
  const came = await send(pool, call).finally(() => pool.close());
  const after = Temporal.Instant.from(now());
  const host = new URL(address).host;
  if (came.kind === 'failed') return unreached(host, came.reason);
  const theirs = instantOfHeader(headerOf(came.headers, 'date'));
  if (theirs === null) return { level: 'ok', what: `${host} answers, and does not say its time` };
  return judged(host, secondsBetween({ before, theirs, after }));
}

/** How far this clock is ahead of theirs; a header has whole seconds, and the answer took a while. */
function secondsBetween(of: {
  readonly before: Temporal.Instant;
  readonly theirs: Temporal.Instant;
  readonly after: Temporal.Instant;
}): number {
  const { before, theirs, after } = of;
  if (Temporal.Instant.compare(theirs, before) < 0) return seconds(theirs, before);
  return Temporal.Instant.compare(theirs, after) > 0 ? -seconds(after, theirs) : 0;
}

function seconds(from: Temporal.Instant, to: Temporal.Instant): number {
  return Math.round(from.until(to).total('seconds'));
}

function judged(host: string, ahead: number): Finding {
  const off = Math.abs(ahead);
  const what = `the clock of this machine is ${off} seconds ${ahead < 0 ? 'behind' : 'ahead of'} that of ${host}`;
  if (off <= TOLERATED_SECONDS)
    return { level: 'ok', what: `the clock agrees with that of ${host}` };
  return {
    level: off >= WRONG_SECONDS ? 'fail' : 'warn',
    what,
    why: 'Which days are over, when an answer arrived and when a token ends is judged by this clock.',
    remedy: 'Have the system set its clock from the network (NTP), and run `adlake doctor` again.',
  };
}

function unreached(host: string, reason: string): Finding {
  return {
    level: 'warn',
    what: `${host} cannot be reached: ${reason}`,
    why: 'Nothing can be pulled, and this clock cannot be compared with theirs.',
    remedy: 'Check the network, a proxy or firewall, and the address in the settings.',
  };
}

const HEADER = /^\w{3}, (\d{2}) (\w{3}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT$/;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** An HTTP date (RFC 9110, section 5.6.7) as an instant; null for what is none. */
function instantOfHeader(text: string): Temporal.Instant | null {
  const [, day, name = '', year, time] = HEADER.exec(text) ?? [];
  const month = MONTHS.indexOf(name) + 1;
  if (month === 0) return null;
  try {
    return Temporal.Instant.from(`${year}-${String(month).padStart(2, '0')}-${day}T${time}Z`);
  } catch {
    return null;
  }
}
