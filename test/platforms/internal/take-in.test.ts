import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCsv } from '../../../src/csv.ts';
import { internalMappings, mappingsFor } from '../../../src/platforms/internal/mapping.ts';
import { momentOf } from '../../../src/platforms/internal/moment.ts';
import { cutPersonal } from '../../../src/platforms/internal/personal.ts';
import { saltFile } from '../../../src/platforms/internal/salt.ts';
import { dropDir, type Lake, zoneDir } from '../../../src/zone.ts';
import { adlake } from '../../helpers/command-line.ts';
import { temporaryLake } from '../../helpers/lake.ts';
import { runAll, stageAll } from '../../helpers/world.ts';

const SHOPIFY = `Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Created at,Lineitem quantity,Lineitem name,Billing Name,Billing Street,Phone,Refunded Amount,Cancelled at,Source,Notes
#1001,Ann.Planted@Example.com,paid,2026-09-29 10:00:00 -0400,USD,40.00,45.50,2026-09-29 21:59:00 -0400,1,Shirt,Ann Planted,Planted Street 1,+1 555 010 0199,0.50,,web,Call Ann Planted
#1001,Ann.Planted@Example.com,,,,,,,2,Cap,,,,,,,
#1002,,voided,,USD,10.00,10.00,2026-09-30 09:00:00 -0400,1,Cap,Bob Planted,Planted Street 2,+1 555 010 0200,,,web,
#1003,ann.planted@example.com ,paid,,USD,10.00,"1,234.50",2026-09-30 10:00:00 -0400,1,Cap,Ann Planted,Planted Street 1,,,,pos,
`;

const STRIPE = `id,Description,Created date (UTC),Amount,Amount Refunded,Currency,Status,Customer ID,Customer Email,Card Last4
ch_1,Planted words,2026-09-29 22:30,12.00,0.00,eur,Paid,cus_1,ann.planted@example.com,4242
ch_2,Planted words,2026-09-29 23:30,5.00,0.00,eur,Failed,cus_2,bob.planted@example.com,4242
`;

const WOO = `Date,Order #,Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net sales,Attribution
2026-09-29 22:30:00,77,completed,Ann Planted,new,1× Planted Cap,1,,10.5,Source: Google
2026-09-30 22:30:00,78,on-hold,Bob Planted,returning,1× Planted Cap,1,,20.5,Direct
`;

function fileIn(lake: Lake, name: string, text: string): string {
  mkdirSync(join(lake.home, '..', 'adlake-given'), { recursive: true });
  const folder = join(lake.home, '..', 'adlake-given');
  const path = join(folder, `${lake.home.split('/').at(-1)}-${name}`);
  writeFileSync(path, text);
  return path;
}

async function land(lake: Lake, dataset: string, text: string, more: readonly string[] = []) {
  const path = fileIn(lake, 'file.csv', text);
  const outcome = await adlake(['land', '--lake', lake.home, '--dataset', dataset, path, ...more]);
  rmSync(path);
  return outcome;
}

type Row = Readonly<Record<string, string | null>>;

function staged(lake: Lake, dataset: string): readonly Row[] {
  const folder = join(zoneDir(lake, 'staging'), 'internal', dataset, 'account_id=all');
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const [head = [], ...rows] = decodeCsv(readFileSync(join(folder, name)));
      return rows.map((row) => Object.fromEntries(head.map((at, i) => [at ?? '', row[i] ?? null])));
    });
}

/** Every byte of the lake as text, file by file. */
function everyFile(lake: Lake): ReadonlyArray<readonly [string, string]> {
  return readdirSync(lake.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path, readFileSync(path, 'latin1').toLowerCase()] as const);
}

describe('an export of a shop', () => {
  it('of Shopify becomes orders: one for each order, with what was refunded and what was not sold', async () => {
    const lake = temporaryLake();
    const outcome = await land(lake, 'orders', SHOPIFY);
    expect(outcome.stderr).toBe(
      'What next: `adlake run --offline` takes them through all zones.\n',
    );
    expect(outcome.stdout).toContain('is a Shopify order export: 3 records for orders');
    await stageAll(lake);
    const rows = staged(lake, 'orders');
    expect(
      rows.map((row) => [row.order_id, row.ordered_at, row.day, row.amount, row.refunded]),
    ).toEqual([
      ['#1001', '2026-09-30T01:59:00Z', '2026-09-29', '45.50', '0.50'],
      ['#1002', '2026-09-30T13:00:00Z', '2026-09-30', '10.00', null],
      ['#1003', '2026-09-30T14:00:00Z', '2026-09-30', '1234.50', null],
    ]);
    expect(rows.map((row) => row.is_sold)).toEqual(['true', 'false', 'true']);
    expect(rows[0]?.customer_key).toBe(rows[2]?.customer_key);
    expect(rows[0]?.customer_key).toMatch(/^[0-9a-f]{64}$/);
    expect(rows[1]?.customer_key).not.toBe(rows[0]?.customer_key);
  });

  it('of Stripe has times in UTC, whose day is that of the zone that was told', async () => {
    const lake = temporaryLake();
    await land(lake, 'orders', STRIPE, ['--timezone', 'Europe/Berlin']);
    await stageAll(lake);
    const rows = staged(lake, 'orders');
    expect(rows.map((row) => [row.source, row.day, row.currency, row.is_sold])).toEqual([
      ['stripe', '2026-09-30', 'EUR', 'true'],
      ['stripe', '2026-09-30', 'EUR', 'false'],
    ]);
    expect(rows[0]?.ordered_at).toBe('2026-09-29T22:30:00Z');
  });

  it('of WooCommerce tells new customers from returning ones, and needs a time zone and a currency', async () => {
    const lake = temporaryLake();
    const without = await land(lake, 'orders', WOO);
    expect(without.exitCode).toBe(78);
    expect(without.stderr).toContain('--timezone');
    const zoned = await land(lake, 'orders', WOO, ['--timezone', 'Europe/Berlin']);
    expect(zoned.stderr).toContain('--currency');
    await land(lake, 'orders', WOO, ['--timezone', 'Europe/Berlin', '--currency', 'EUR']);
    await stageAll(lake);
    const rows = staged(lake, 'orders');
    expect(rows.map((row) => [row.ordered_at, row.customer_type, row.is_sold])).toEqual([
      ['2026-09-29T20:30:00Z', 'new', 'true'],
      ['2026-09-30T20:30:00Z', 'returning', 'false'],
    ]);
  });

  it('leaves nothing personal in clear in any file of the lake, nor in what is printed', async () => {
    const lake = temporaryLake();
    const printed = [
      await land(lake, 'orders', SHOPIFY),
      await land(lake, 'orders', STRIPE),
      await land(lake, 'orders', WOO, ['--timezone', 'UTC', '--currency', 'EUR']),
      await land(
        lake,
        'touchpoints',
        'touched_at,channel,campaign,email\n2026-09-29T08:00:00Z,mail,to cat.planted@example.com and 203.0.113.77 or +49 170 1234567,cat.planted@example.com\n',
      ),
    ];
    await runAll(lake);
    // Digits stand in many a hash and time: those of the card are looked for as a cell.
    const planted =
      /planted|203\.0\.113|555 ?010 ?0[12]\d\d|1701234567|(?<![\da-f])1234567(?![\da-f])|["',]4242["',]|\bcus_[12]\b/;
    const files = everyFile(lake);
    expect(files.length).toBeGreaterThan(15);
    expect(files.filter(([, text]) => planted.test(text)).map(([path]) => path)).toEqual([]);
    expect(printed.filter(({ stdout, stderr }) => planted.test(stdout + stderr))).toEqual([]);
    expect(staged(lake, 'touchpoints')[0]?.campaign).toBe(
      'to [removed] and [removed] or [removed]',
    );
  });

  it('keeps no words in a column of numbers, and refuses the record', async () => {
    const lake = temporaryLake();
    const text =
      'order_id,ordered_at,amount,currency,email\nAnn Planted,2026-09-29,Ann Planted,USD,Ann Planted\n';
    await land(lake, 'orders', text);
    await runAll(lake);
    expect(everyFile(lake).filter(([, content]) => content.includes('planted'))).toEqual([]);
    const listed = await adlake(['quarantine', 'list', '--lake', lake.home, '--json']);
    expect(listed.stdout).toContain('/amount');
  });

  it('that comes twice changes nothing, and a later one with a new state replaces the order', async () => {
    const lake = temporaryLake();
    await land(lake, 'orders', SHOPIFY);
    const again = await land(lake, 'orders', SHOPIFY);
    expect(again.stdout).toContain('Nothing new');
    await land(
      lake,
      'orders',
      SHOPIFY.replace('web,Call', 'app,Call').replace(',0.50,', ',45.50,'),
    );
    await stageAll(lake);
    const rows = staged(lake, 'orders');
    expect(rows.map((row) => [row.order_id, row.refunded, row.channel])).toEqual([
      ['#1001', '45.50', 'app'],
      ['#1002', null, 'web'],
      ['#1003', null, 'pos'],
    ]);
  });

  it('that nobody knows is refused with the columns that are known', async () => {
    const lake = temporaryLake();
    const outcome = await land(lake, 'orders', 'a,b\n1,2\n');
    expect(outcome.exitCode).toBe(78);
    expect(outcome.stderr).toContain('recognised by its columns');
    expect(outcome.stderr).toContain('order_id, ordered_at, amount');
  });

  it('is only looked at in a trial: not even a salt is made', async () => {
    const lake = temporaryLake();
    const outcome = await land(lake, 'orders', SHOPIFY, ['--dry-run']);
    expect(outcome.stdout).toContain('It would be landed.');
    expect(everyFile(lake)).toEqual([]);
  });
});

describe('the salt', () => {
  it('is for its owner alone, and stays when the cache goes', async () => {
    const lake = temporaryLake();
    await land(lake, 'orders', SHOPIFY);
    await stageAll(lake);
    expect(statSync(saltFile(lake)).mode & 0o777).toBe(0o600);
    const [before] = staged(lake, 'orders');
    rmSync(join(lake.home, 'cache'), { recursive: true });
    await land(lake, 'orders', SHOPIFY.replace('web,Call', 'app,Call'));
    await stageAll(lake);
    expect(staged(lake, 'orders')[0]?.customer_key).toBe(before?.customer_key);
  });

  it('stays for its owner alone in a backup and in what is restored from it', async () => {
    const lake = temporaryLake();
    await land(lake, 'orders', SHOPIFY);
    const backup = join(temporaryLake().home, 'backup');
    const restored = temporaryLake();
    await adlake(['backup', backup, '--lake', lake.home]);
    await adlake(['restore', backup, '--lake', restored.home]);
    for (const home of [backup, restored.home]) {
      const files = everyFile({ home }).map(([path]) => path);
      const ofPersons = files.filter((path) => /landing\/internal\/orders\/|\.salt$/.test(path));
      expect(ofPersons).toHaveLength(3);
      const modes = ofPersons.map((path) => statSync(path).mode & 0o777);
      expect(modes).toEqual([0o600, 0o600, 0o600]);
    }
  });

  it('differs from lake to lake, so that keys of two lakes cannot be joined', async () => {
    const keys = [];
    for (const lake of [temporaryLake(), temporaryLake()]) {
      await land(lake, 'orders', SHOPIFY);
      await stageAll(lake);
      keys.push(staged(lake, 'orders')[0]?.customer_key);
    }
    expect(keys[0]).not.toBe(keys[1]);
  });

  it('that was lost stops an import, because keys would change without a word', async () => {
    const lake = temporaryLake();
    await land(lake, 'orders', SHOPIFY);
    rmSync(saltFile(lake));
    const outcome = await land(lake, 'orders', STRIPE);
    expect(outcome.exitCode).toBe(74);
    expect(outcome.stderr).toContain('from a backup');
  });
});

describe('a moment', () => {
  it.each([
    ['2026-03-08 22:18:45 -0500', null, '2026-03-09T03:18:45Z', '2026-03-08'],
    ['2026-03-08T22:18:45+00:00', 'Asia/Tokyo', '2026-03-08T22:18:45Z', '2026-03-09'],
    ['2026-03-29 02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00Z', '2026-03-29'],
    ['2026-10-25 02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25'],
  ])('%s, told %s, is %s on %s', (text, zone, at, day) => {
    expect(momentOf(text, zone)).toEqual({ kind: 'instant', at, day });
  });

  it.each(['2026-02-30', '03/08/2026', '2026-03-08 25:00:00 +0000', 'yesterday', ''])(
    '%s is none',
    (text) => expect(momentOf(text, 'UTC').kind).toBe('unreadable'),
  );

  it('without a zone is known to lack one', () => {
    expect(momentOf('2026-03-08 22:18', null)).toEqual({ kind: 'zoneless' });
  });
});

describe('free text', () => {
  it('never keeps an e-mail address, whatever stands around it', () => {
    const word = fc.stringMatching(/^[a-z0-9._+-]{1,12}$/);
    fc.assert(
      fc.property(word, word, fc.string({ maxLength: 20 }), (name, host, around) => {
        const address = `${name}@${host.replaceAll('.', '')}x.example`;
        const cut = cutPersonal(`${around} ${address} ${around}`);
        expect(cut).not.toContain(address);
      }),
      { numRuns: 300 },
    );
  });

  it.each(['utm_campaign=autumn_2026', 'Black Friday -20 %', '120210000000000021', '2026-09-29'])(
    'keeps %s',
    (text) => expect(cutPersonal(text)).toBe(text),
  );
});

describe('mappings', () => {
  it.each(internalMappings().map((mapping) => [mapping.title, mapping] as const))(
    '%s recognise a file of their own and no other',
    (_, mapping) => {
      expect(mappingsFor(mapping.recognised_by)).toEqual([mapping]);
    },
  );

  it('and a file that is dropped into landing by hand is not read: it could hold anything', async () => {
    const lake = temporaryLake();
    mkdirSync(dropDir(lake, 'orders'), { recursive: true });
    writeFileSync(join(dropDir(lake, 'orders'), 'orders.csv'), SHOPIFY);
    await runAll(lake);
    const holding = everyFile(lake).filter(([, text]) => text.includes('planted'));
    expect(holding.map(([path]) => path)).toEqual([join(dropDir(lake, 'orders'), 'orders.csv')]);
  });
});
