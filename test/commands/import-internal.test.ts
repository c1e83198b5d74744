import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adlake } from '../helpers/command-line.ts';
import { temporaryLake } from '../helpers/lake.ts';

const ORDERS =
  'order_id,ordered_at,amount,currency,customer_email\n7,2026-09-29T10:00:00Z,12.50,EUR,ann.planted@example.com\n';
const ADS = 'Day,Campaign name,Amount spent (EUR),Impressions\n2026-09-29,Synthetic,1.50,100\n';
const PREDICTIONS =
  'prediction_id,campaign_id,date,predicted_roas,predicted_ctr,model\np1,77,2026-09-29,2.5,0.02,made-up\n';

describe('adlake import of a folder with sales and ads', () => {
  it('takes both through all zones, and keeps nothing personal of the sales', async () => {
    const lake = temporaryLake();
    const given = temporaryLake().home;
    writeFileSync(join(given, 'orders.csv'), ORDERS);
    writeFileSync(join(given, 'ads.csv'), ADS);
    writeFileSync(join(given, 'predictions.csv'), PREDICTIONS);
    const outcome = await adlake(['import', given, '--account', '1', '--lake', lake.home]);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stdout).toContain("orders in adlake's own columns: 1 record for orders");
    const sql = 'select channel, spend_usd, orders from channel_day';
    const answer = await adlake(['sql', sql, '--format', 'csv', '--lake', lake.home]);
    expect(answer.stdout).toBe('channel,spend_usd,orders\nmeta,,1\n');
    const told =
      'select prediction_id, predicted_roas, predicted_ctr, model, status from prediction_comparisons';
    const predicted = await adlake(['sql', told, '--format', 'csv', '--lake', lake.home]);
    expect(predicted.stdout.split('\n')[1]).toBe('p1,2.5,0.02,made-up,no such campaign');
    const planted = readdirSync(lake.home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => readFileSync(path, 'latin1').includes('planted'));
    expect(planted).toEqual([]);
    const again = await adlake(['import', given, '--account', '1', '--lake', lake.home]);
    expect(again.stdout).toContain('Nothing new: all of it is in landing already.');
  });

  it('refuses sales that lack a time zone with what settles it, and takes the others', async () => {
    const lake = temporaryLake();
    const given = temporaryLake().home;
    writeFileSync(join(given, 'orders.csv'), ORDERS.replace('T10:00:00Z', ' 10:00'));
    writeFileSync(join(given, 'ads.csv'), ADS);
    const outcome = await adlake([
      'import',
      given,
      '--account',
      '1',
      '--dry-run',
      '--lake',
      lake.home,
    ]);
    expect(outcome.exitCode).toBe(65);
    expect(outcome.stdout).toContain('orders.csv: refused');
    expect(outcome.stdout).toContain('--timezone Europe/Berlin');
  });
});
