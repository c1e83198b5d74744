import { describe, expect, it } from 'vitest';
import { datasetNamed } from '../../../../src/platforms/meta/named.ts';
import {
  expectedRows,
  type SizeFacts,
  wayOf,
} from '../../../../src/platforms/meta/report/report-rule.ts';
import type { Question } from '../../../../src/platforms/meta/requests.ts';

const FACTS: SizeFacts = {
  rowsPerDay: () => null,
  objects: (level) => (level === 'account' ? 1 : level === 'ad' ? 800 : 100),
  campaigns: 200,
};

function question(name: string, more: Partial<Question> = {}): Question {
  return {
    dataset: datasetNamed(name),
    accountId: '1',
    objectId: null,
    window: { since: '2026-03-01', until: '2026-03-07' },
    campaigns: { kind: 'all' },
    timezone: null,
    ...more,
  };
}

describe('the size of an answer', () => {
  it('is days times objects times the values of the breakdowns, where nothing has come yet', () => {
    expect(expectedRows(question('insights_account_day'), FACTS)).toBe(7);
    expect(expectedRows(question('insights_campaign_day'), FACTS)).toBe(700);
    expect(expectedRows(question('insights_ad_day'), FACTS)).toBe(5600);
    expect(expectedRows(question('insights_age_gender_day'), FACTS)).toBe(8400);
  });

  it('is days times the rows a day of earlier answers, where there are some', () => {
    const known = { ...FACTS, rowsPerDay: () => 30 };
    expect(expectedRows(question('insights_ad_day'), known)).toBe(210);
  });

  it('is a share of it for named campaigns', () => {
    const campaigns = { kind: 'in', ids: ['7', '8'] } as const;
    expect(expectedRows(question('insights_campaign_day', { campaigns }), FACTS)).toBe(7);
  });
});

describe('the way of a question', () => {
  it('is a report from the set number of rows on, and page by page below', () => {
    expect(wayOf(question('insights_ad_day'), FACTS, 5600)).toBe('reports');
    expect(wayOf(question('insights_ad_day'), FACTS, 5601)).toBe('pages');
    expect(wayOf(question('insights_account_day'), FACTS, 0)).toBe('reports');
  });

  it('is page by page for everything but insights', () => {
    expect(wayOf(question('ads', { window: null }), FACTS, 0)).toBe('pages');
    expect(wayOf(question('pixel_events_hour'), FACTS, 0)).toBe('pages');
  });
});
