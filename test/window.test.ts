import { describe, expect, it } from 'vitest';
import {
  addDays,
  chunks,
  covers,
  dayAt,
  daysBetween,
  daysOf,
  intersect,
  isDay,
  isSettled,
  monthsOf,
} from '../src/window.ts';

describe('days', () => {
  it('are real calendar days', () => {
    expect(['2026-02-28', '2028-02-29'].map(isDay)).toEqual([true, true]);
    expect(
      ['2026-02-29', '2026-2-3', '2026-02-30', 'today', '', '2026-02-03T00:00'].map(isDay),
    ).toEqual([false, false, false, false, false, false]);
  });

  it('are counted over months, leap days and daylight saving', () => {
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(daysBetween('2026-10-24', '2026-11-02')).toBe(9);
    expect(daysBetween('2026-11-02', '2026-10-24')).toBe(-9);
  });

  it('are those of the time zone asked for, not of the machine', () => {
    expect(dayAt('2026-11-21T07:30:00.000Z', 'America/Los_Angeles')).toBe('2026-11-20');
    expect(dayAt('2026-11-21T15:30:00.000Z', 'Asia/Tokyo')).toBe('2026-11-22');
    expect(dayAt('2026-11-21T18:29:00.000Z', 'Asia/Kolkata')).toBe('2026-11-21');
  });
});

describe('windows', () => {
  it('hold both their ends', () => {
    expect(daysOf({ since: '2026-10-30', until: '2026-11-01' })).toEqual([
      '2026-10-30',
      '2026-10-31',
      '2026-11-01',
    ]);
    expect(daysOf({ since: '2026-10-30', until: '2026-10-30' })).toEqual(['2026-10-30']);
  });

  it('are cut into chunks that touch and do not overlap', () => {
    expect(chunks({ since: '2026-10-01', until: '2026-10-09' }, 7)).toEqual([
      { since: '2026-10-01', until: '2026-10-07' },
      { since: '2026-10-08', until: '2026-10-09' },
    ]);
  });

  it('know their months, what they share and what they hold', () => {
    expect(monthsOf({ since: '2025-12-31', until: '2026-02-01' })).toEqual([
      '2025-12',
      '2026-01',
      '2026-02',
    ]);
    const october = { since: '2026-10-01', until: '2026-10-31' };
    expect(intersect(october, { since: '2026-10-31', until: '2026-11-05' })).toEqual({
      since: '2026-10-31',
      until: '2026-10-31',
    });
    expect(intersect(october, { since: '2026-11-01', until: '2026-11-05' })).toBeNull();
    expect(covers(october, { since: '2026-10-01', until: '2026-10-31' })).toBe(true);
    expect(covers(october, { since: '2026-09-30', until: '2026-10-31' })).toBe(false);
  });
});

describe('a figure', () => {
  it('is settled when it was pulled 28 days after its day or later', () => {
    expect(isSettled('2026-10-01', '2026-10-28')).toBe(false);
    expect(isSettled('2026-10-01', '2026-10-29')).toBe(true);
  });
});
