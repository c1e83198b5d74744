import { describe, expect, it } from 'vitest';
import { activityOf, type CampaignFacts } from '../../src/activity/activity.ts';
import { addDays } from '../../src/window.ts';

const SETTINGS = { thresholdDays: 7 };
const LAST = '2026-03-01';

function facts(more: Partial<CampaignFacts>): CampaignFacts {
  return {
    account_id: '1',
    campaign_id: '7',
    campaign_name: 'Synthetic',
    effective_status: 'ACTIVE',
    stop_time: null,
    created: '2026-01-01',
    deliveryDays: [LAST],
    knownUntil: null,
    lastAsked: null,
    ...more,
  };
}

/** The state `age` days after the last delivery, with everything known up to the day before. */
function standing(age: number, more: Partial<CampaignFacts> = {}) {
  const today = addDays(LAST, age);
  const known = { knownUntil: addDays(today, -1), lastAsked: today };
  return activityOf(facts({ ...known, ...more }), today, SETTINGS);
}

describe('a campaign', () => {
  it('is active until seven complete days without delivery lie behind', () => {
    expect(standing(7)).toMatchObject({ state: 'active', inactive_days: 6, sweepOn: null });
    expect(standing(8)).toMatchObject({ state: 'settling', inactive_days: 7, day: '2026-03-09' });
  });

  it('settles until its last delivery is 28 days old and has been asked about since', () => {
    expect(standing(27)).toMatchObject({ state: 'settling' });
    expect(standing(28)).toMatchObject({ state: 'retired', day: '2026-03-29' });
    expect(standing(40, { lastAsked: addDays(LAST, 27) })).toMatchObject({ state: 'settling' });
    expect(standing(40, { lastAsked: addDays(LAST, 28) })).toMatchObject({ state: 'retired' });
  });

  it('is swept every seven days after it left, on day 28, and when all its clicks have settled', () => {
    const sweeps = Array.from({ length: 80 }, (_, age) => standing(age).sweepOn);
    const days = [...new Set(sweeps.filter((day) => day !== null))];
    expect(days).toEqual(['2026-03-16', '2026-03-23', '2026-03-29', '2026-04-26']);
    for (const [age, day] of sweeps.entries()) expect((day ?? '') <= addDays(LAST, age)).toBe(true);
  });

  it('that never delivered is inactive seven days after it was made', () => {
    const never = { deliveryDays: [], created: LAST, lastAsked: null };
    expect(standing(7, never).state).toBe('active');
    expect(standing(8, never)).toMatchObject({
      state: 'inactive',
      sweepOn: null,
      last_delivery: null,
    });
  });

  it('does not become idle by days that nobody asked about', () => {
    expect(standing(60, { knownUntil: addDays(LAST, 3) }).state).toBe('active');
    expect(standing(60, { knownUntil: null }).state).toBe('active');
    expect(standing(60, { knownUntil: addDays(LAST, 7) }).state).toBe('settling');
  });

  it('is judged by its delivery, whatever its status and its end say', () => {
    const ended = { effective_status: 'PAUSED', stop_time: '2026-02-01T00:00:00+0100' };
    expect(standing(3, ended).state).toBe('active');
    expect(standing(9, { effective_status: 'ACTIVE' }).state).toBe('settling');
  });

  it('keeps the history of its silences', () => {
    const activity = standing(3, {
      deliveryDays: ['2026-01-02', '2026-01-14', '2026-01-20', LAST],
    });
    expect(activity.history.map(({ day, state }) => [day, state])).toEqual([
      ['2026-01-02', 'active'],
      ['2026-01-10', 'settling'],
      ['2026-01-15', 'active'],
      ['2026-01-28', 'settling'],
      ['2026-02-17', 'retired'],
      ['2026-03-02', 'active'],
    ]);
    expect(activity.state).toBe('active');
    expect(activity.why).toContain('after 39 days of silence');
  });

  it('does not leave for a silence of one day less', () => {
    const { history } = standing(1, { deliveryDays: ['2026-02-22', LAST] });
    expect(history.map(({ state }) => state)).toEqual(['active']);
    const longer = standing(1, { deliveryDays: ['2026-02-21', LAST] });
    expect(longer.history.map(({ state }) => state)).toEqual(['active', 'settling', 'active']);
  });
});
