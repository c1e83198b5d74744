import { statfsSync } from 'node:fs';
import { Temporal } from 'temporal-polyfill';
import type { Finding } from '../finding.ts';
import { listRecords } from '../run-record.ts';
import type { Lake } from '../zone.ts';

/** Runs of so many days before `now` say how fast a lake grows. */
const WINDOW_DAYS = 30;
/** Less than this, and somebody should make room. */
const LEAST_DAYS = 60;
const GIGABYTE = 1e9;

/**
 * For how long the disk lasts when runs go on writing as they did in the last 30 days; nothing when they
 * wrote nothing. What they replaced is counted as new, so it lasts at least as long. `now`: an instant in UTC.
 */
export function growthFinding(lake: Lake, now: string): readonly Finding[] {
  const since = Temporal.Instant.from(now).subtract({ hours: WINDOW_DAYS * 24 });
  const written = listRecords(lake)
    .filter(({ ended_at }) => Temporal.Instant.compare(ended_at, since) >= 0)
    .flatMap(({ stages }) => stages)
    .reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  if (written === 0) return [];
  const { bavail, bsize } = statfsSync(lake.home);
  const perDay = written / WINDOW_DAYS;
  const days = Math.floor((bavail * bsize) / perDay);
  const speed = `runs of the last ${WINDOW_DAYS} days wrote ${(written / GIGABYTE).toFixed(2)} GB`;
  if (days >= LEAST_DAYS) {
    return [
      { level: 'ok', what: `${speed}: at this pace the disk lasts more than ${LEAST_DAYS} days` },
    ];
  }
  return [
    {
      level: 'warn',
      what: `${speed}: at this pace the disk is full in ${days} days`,
      why: 'A run that meets a full disk stops; nothing is lost, but nothing goes on.',
      remedy:
        'Make room, or move the lake to a larger disk (`adlake backup`, then `adlake restore`).',
    },
  ];
}
