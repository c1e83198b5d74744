import { describe, expect, it } from 'vitest';
import { imported, understood } from '../helpers/imports.ts';

const HEAD = 'Campaign name,Ad set name,Ad name,Day,Amount spent (EUR),Impressions,Purchases';

function csv(...rows: readonly string[]): string {
  return `${[HEAD, ...rows].join('\n')}\n`;
}

const A = 'Autumn,Broad,Video,2026-03-01,12.50,1000,2';
const B = 'Autumn,Broad,Poster,2026-03-01,7.25,500,';

describe('an export of Ads Manager', () => {
  it('is read by the content of its headers, with the currency that stands in them', () => {
    const file = understood(csv(A, B));
    expect(file.mapping.platform).toBe('meta');
    expect(file.language).toBe('en');
    expect([...file.levels]).toEqual([['ad', 2]]);
    expect([file.currency, file.grain, file.rows]).toEqual(['EUR', 'day', 2]);
    expect(imported(csv(A, B))[0]).toMatchObject({
      date_start: '2026-03-01',
      date_stop: '2026-03-01',
      level: 'ad',
      object_key: '["Autumn","Broad","Video"]',
      occurrence: '1',
      spend: '12.5',
      impressions: '1000',
      purchases: '2',
    });
  });

  it('has nothing where a cell has nothing, which is not 0', () => {
    for (const nothing of ['', '-', '–', '--', 'N/A', ' ']) {
      const [record] = imported(csv(`Autumn,Broad,Video,2026-03-01,12.50,1000,${nothing}`));
      expect(record).not.toHaveProperty('purchases');
    }
    expect(imported(csv('Autumn,Broad,Video,2026-03-01,0,0,0'))[0]).toMatchObject({
      spend: '0',
      purchases: '0',
    });
  });

  it.each([
    ['at the top', csv(',,,,19.75,1500,2', A, B)],
    ['at the bottom', csv(A, B, ',,,,19.75,1500,2')],
    ['with a word for it', csv(A, B, 'Total,,,,19.75,1500,2')],
    ['with dashes where the names are', csv('--,-,,–,19.75,1500,2', A, B)],
  ])('has its total row left out and held against the rows: %s', (_, content) => {
    const file = understood(content);
    expect(file.totals).toEqual({ isFound: true, others: 0 });
    expect(imported(content).map(({ spend }) => spend)).toEqual(['12.5', '7.25']);
  });

  it('is refused with the difference when its rows do not add up to its total', () => {
    expect(() => understood(csv(',,,,19.76,1500,2', A, B))).toThrow(
      'Row 2 is a total, and the other rows do not add up to it: spend is 19.76 there and 19.75 in sum, a difference of 0.01.',
    );
    expect(() => understood(csv(',,,,19.75,1500,3', A, B))).toThrow('purchases is 3 there and 2');
  });

  it('keeps a period of several days as a period', () => {
    const head = 'Campaign name,Reporting starts,Reporting ends,Amount spent (USD),Impressions';
    const file = understood(`${head}\nAutumn,2026-03-01,2026-03-31,12,1000\n`);
    expect(file.grain).toBe('period');
    const [record] = imported(`${head}\nAutumn,2026-03-01,2026-03-31,12,1000\n`);
    expect(record).toMatchObject({ date_start: '2026-03-01', date_stop: '2026-03-31' });
  });

  it('reads a week or month in one cell as a period', () => {
    const head = 'Campaign name,Week,Amount spent (USD),Impressions';
    const [record] = imported(`${head}\nAutumn,2026-03-02 - 2026-03-08,12,1000\n`);
    expect(record).toMatchObject({ date_start: '2026-03-02', date_stop: '2026-03-08' });
  });

  it('keeps rows that share all names apart, and says so', () => {
    const file = understood(csv(A, A, B));
    expect(file.twins).toBe(1);
    expect(imported(csv(A, A, B)).map(({ occurrence }) => occurrence)).toEqual(['1', '2', '1']);
  });

  it('has the breakdowns of its columns in the key', () => {
    const head = 'Campaign name,Day,Age,Gender,Amount spent (USD),Impressions';
    const rows = ['Autumn,2026-03-01,18-24,female,1,10', 'Autumn,2026-03-01,18-24,male,2,20'];
    const file = understood([head, ...rows].join('\n'));
    expect(file.twins).toBe(0);
    expect(imported([head, ...rows].join('\n'))[1]).toMatchObject({ age: '18-24', gender: 'male' });
  });

  it('uses ids where they are, and names where a spreadsheet has rounded them', () => {
    const head = 'Campaign ID,Campaign name,Day,Amount spent (USD),Impressions';
    const whole = `${head}\n120210000000000011,Autumn,2026-03-01,1,10\n`;
    expect(imported(whole)[0]).toMatchObject({ object_key: '120210000000000011' });
    const rounded = `${head}\n1.2021E+17,Autumn,2026-03-01,1,10\n`;
    expect(understood(rounded).damagedIds).toBe(1);
    const [record] = imported(rounded);
    expect(record).toMatchObject({ object_key: '["Autumn"]' });
    expect(record).not.toHaveProperty('campaign_id');
  });

  it('has the value of purchases from their average, to the cent, and says so', () => {
    const head =
      'Campaign name,Day,Amount spent (USD),Purchases,Average purchases conversion value';
    const [record] = imported(`${head}\nAutumn,2026-03-01,1,3,33.33333333\n`);
    expect(record).toMatchObject({
      purchase_value: '100',
      purchase_value_source: 'average_times_purchases',
    });
    const both = `${head},Purchases conversion value\nAutumn,2026-03-01,1,3,33.33333333,99.99\n`;
    expect(imported(both)[0]).toMatchObject({
      purchase_value: '99.99',
      purchase_value_source: 'reported',
    });
  });

  it('keeps results with what they count', () => {
    const head = 'Campaign name,Day,Amount spent (USD),Results,Result indicator,Cost per result';
    const [record] = imported(`${head}\nAutumn,2026-03-01,10,4,actions:lead,2.5\n`);
    expect(record).toMatchObject({
      results: '4',
      result_indicator: 'actions:lead',
      cost_per_result: '2.5',
    });
  });

  it('keeps what it does not know under its own header, and reports it', () => {
    const content = `${HEAD},Hook rate,Hook rate\n${A},0.25,x\n`;
    expect(understood(content).unknownHeaders).toEqual(['Hook rate', 'Hook rate (2)']);
    expect(imported(content)[0]).toMatchObject({
      other_metrics: { 'Hook rate': '0.25', 'Hook rate (2)': 'x' },
    });
  });

  it('takes the first of two columns of one header and keeps the other', () => {
    const [record] = imported(`${HEAD},Impressions\n${A},999\n`);
    expect(record).toMatchObject({
      impressions: '1000',
      other_metrics: { 'Impressions (2)': '999' },
    });
  });

  it('may have lines before its headers and after its rows', () => {
    const content = `Report,March\n"Made by","somebody, somewhere"\n\n${csv(A, B)}\nMade on 2026-04-01\n`;
    expect(imported(content)).toHaveLength(2);
  });

  it('may have delimiters, quotes and line breaks in its names', () => {
    const name = '"Autumn, ""big""\nsale"';
    const [record] = imported(csv(`${name},Broad,Video,2026-03-01,12.50,1000,2`));
    expect(record).toMatchObject({ campaign_name: 'Autumn, "big"\nsale' });
  });

  it('takes the utm fields out of its addresses', () => {
    const content = `${HEAD},Website URL\n${A},https://shop.example/a?utm_source=fb&utm_campaign=a%20b#x\n`;
    expect(imported(content)[0]).toMatchObject({ utm_source: 'fb', utm_campaign: 'a b' });
  });

  it('is refused when a row has more cells than there are headers', () => {
    expect(() => understood(csv(`${A},1,2`))).toThrow('Row 2 has 9 cells, but there are 7 headers');
  });

  it('is refused when it says of no day, unless the days are told', () => {
    const content = 'Campaign name,Amount spent (EUR),Impressions\nAutumn,1,10\n';
    expect(() => understood(content)).toThrow('does not say of which days');
    const told = { since: '2026-03-01', until: '2026-03-07' };
    expect(imported(content, told)[0]).toMatchObject({
      date_start: '2026-03-01',
      date_stop: '2026-03-07',
    });
  });

  it('becomes one part for each of its ad accounts', () => {
    const head = 'Account ID,Account name,Campaign name,Day,Amount spent (USD),Impressions';
    const content = `${head}\n11,One,A,2026-03-01,1,10\n22,Two,A,2026-03-02,2,20\n11,One,B,2026-03-03,3,30\n`;
    const file = understood(content);
    expect(
      file.accounts.map(({ accountId, rows, since, until }) => [accountId, rows, since, until]),
    ).toEqual([
      ['11', 2, '2026-03-01', '2026-03-03'],
      ['22', 1, '2026-03-02', '2026-03-02'],
    ]);
    expect(understood(content, { account: '22' }).accounts).toHaveLength(1);
    expect(() => understood(content, { account: '33' })).toThrow('and not of 33');
  });

  it('is kept under a hash where only the name of its account is known', () => {
    const head = 'Account name,Campaign name,Day,Amount spent (USD),Impressions';
    const [part] = understood(`${head}\n../x,A,2026-03-01,1,10\n`).accounts;
    expect(part?.accountId).toMatch(/^name-[0-9a-f]{12}$/);
    expect(part?.accountName).toBe('../x');
  });

  it('is refused when it contradicts what was said of it', () => {
    expect(() => understood(csv(A), { currency: 'USD' })).toThrow('The file is in EUR');
    const head = 'Account ID,Campaign name,Day,Amount spent (USD),Impressions';
    const content = `${head}\n11,A,2026-03-01,1,10\n`;
    expect(() => understood(content, { account: '12' })).toThrow('The file is of account 11');
  });
});
