import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeCsv } from '../../../src/csv.ts';
import { ratesFrom, readEcb } from '../../../src/platforms/internal/ecb.ts';
import { dropDir, type Lake, zoneDir } from '../../../src/zone.ts';
import { adlake } from '../../helpers/command-line.ts';
import { temporaryLake } from '../../helpers/lake.ts';
import { fingerprints, stageAll } from '../../helpers/world.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A stand-in for the bank: files by name, and what was asked for. Synthetic rates. */
async function bank(files: Readonly<Record<string, Buffer | number>>) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const name = (request.url ?? '').replace('/rates/', '');
    seen.push(name);
    const answer = files[name] ?? 404;
    if (typeof answer === 'number') response.writeHead(answer).end('no');
    else response.writeHead(200).end(answer);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { env: { ADLAKE_FX_BASE_URL: `http://127.0.0.1:${port}/rates/` }, seen };
}

/** A ZIP with one file in it, as the bank packs its CSV. */
function zipped(name: string, content: string): Buffer {
  const packed = deflateRawSync(Buffer.from(content));
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt32LE(content.length, 24);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end]);
}

const HISTORY = `Date,USD,JPY,GBP,ROL,
2026-09-30,1.2000,180.00,0.8000,N/A,
2026-09-29,1.1000,165.00,0.8800,N/A,
2026-09-25,1.0500,160.00,0.9000,N/A,
1999-01-04,1.1789,133.73,0.7111,1.3111,
`;

const RECENT = `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"><Cube>
<Cube time="2026-10-01"><Cube currency="USD" rate="1.25"/><Cube currency="JPY" rate="200"/></Cube>
<Cube time='2026-09-30'><Cube currency='USD' rate='1.2000'/><Cube currency='JPY' rate='180.00'/></Cube>
</Cube></gesmes:Envelope>`;

const FILES = {
  'eurofxref-hist.zip': zipped('eurofxref-hist.csv', HISTORY),
  'eurofxref-hist-90d.xml': Buffer.from(RECENT),
};

function stagedRates(lake: Lake): Readonly<Record<string, string>> {
  const path = join(zoneDir(lake, 'staging'), 'internal/fx_rates/account_id=all/month=all.csv');
  const rows = decodeCsv(readFileSync(path)).slice(1);
  return Object.fromEntries(
    rows.map(([day, currency, rate]) => [`${day} ${currency}`, rate ?? '']),
  );
}

function update(lake: Lake, env: Readonly<Record<string, string>>, today: string) {
  return adlake(
    ['fx', 'update', '--lake', lake.home, '--today', today, '--since', '2026-09-01'],
    env,
  );
}

describe('adlake fx update', () => {
  it('lands the file as it was published and makes rates to the dollar through the euro', async () => {
    const lake = temporaryLake();
    const { env, seen } = await bank(FILES);
    const outcome = await update(lake, env, '2026-09-30');
    expect(outcome.stderr).toContain('adlake run --offline');
    expect(outcome.stdout).toMatch(/^Landed 9 rates of 2026-09-25 to 2026-09-30 as /);
    expect(seen).toEqual(['eurofxref-hist.zip']);
    await stageAll(lake);
    expect(stagedRates(lake)).toEqual({
      '2026-09-25 EUR': '1.05',
      '2026-09-25 GBP': '1.1666666667',
      '2026-09-25 JPY': '0.0065625',
      '2026-09-29 EUR': '1.1',
      '2026-09-29 GBP': '1.25',
      '2026-09-29 JPY': '0.0066666667',
      '2026-09-30 EUR': '1.2',
      '2026-09-30 GBP': '1.5',
      '2026-09-30 JPY': '0.0066666667',
    });
  });

  it('asks for the short file when what is there reaches into it, and changes nothing twice', async () => {
    const lake = temporaryLake();
    const { env, seen } = await bank(FILES);
    await update(lake, env, '2026-09-30');
    await update(lake, env, '2026-10-01');
    const landed = fingerprints(lake, ['landing']);
    const again = await update(lake, env, '2026-10-02');
    expect(again.stdout).toContain('Nothing new');
    expect(fingerprints(lake, ['landing'])).toEqual(landed);
    expect(seen).toEqual([
      'eurofxref-hist.zip',
      'eurofxref-hist-90d.xml',
      'eurofxref-hist-90d.xml',
    ]);
    await stageAll(lake);
    expect(stagedRates(lake)['2026-10-01 JPY']).toBe('0.00625');
    await update(lake, env, '2027-03-01');
    expect(seen.at(-1)).toBe('eurofxref-hist.zip');
  });

  it('gives way to a rate that a person dropped, whenever that was', async () => {
    const lake = temporaryLake();
    mkdirSync(dropDir(lake, 'fx_rates'), { recursive: true });
    const mine = 'date,currency,usd_per_unit\n2026-09-30,JPY,0.007\n';
    writeFileSync(join(dropDir(lake, 'fx_rates'), 'mine.csv'), mine);
    await update(lake, (await bank(FILES)).env, '2026-09-30');
    await stageAll(lake);
    expect(stagedRates(lake)['2026-09-30 JPY']).toBe('0.007');
    expect(stagedRates(lake)['2026-09-30 GBP']).toBe('1.5');
  });

  it('tries again what may pass, and says what came when it does not', async () => {
    const lake = temporaryLake();
    const busy = await bank({ 'eurofxref-hist.zip': 503 });
    const outcome = await update(lake, busy.env, '2026-09-30');
    expect(outcome.exitCode).toBe(69);
    expect(outcome.stderr).toContain('the answer 503');
    expect(busy.seen).toHaveLength(3);
    const gone = await bank({});
    expect((await update(lake, gone.env, '2026-09-30')).stderr).toContain('SOURCE_REFUSED');
    expect(gone.seen).toHaveLength(1);
  });

  it.each([
    ['a page of another kind', Buffer.from('<html><body>Not here</body></html>')],
    ['a ZIP cut short', zipped('a.csv', HISTORY).subarray(0, 80)],
    ['a ZIP with a bomb in it', zipped('a.csv', 'x'.repeat(70 * 1024 * 1024))],
  ])('lands nothing of %s', async (_, bytes) => {
    const lake = temporaryLake();
    const { env } = await bank({ 'eurofxref-hist.zip': bytes });
    const outcome = await update(lake, env, '2026-09-30');
    expect(outcome.stderr).toContain('SOURCE_REFUSED');
    expect(fingerprints(lake, ['landing'])).toEqual({});
  });
});

describe('reference rates', () => {
  it('of a single day come as a CSV with the month in words', () => {
    expect(readEcb(Buffer.from('Date, USD, JPY, \n11 April 2026, 1.0729, 164.18, \n'))).toEqual([
      {
        day: '2026-04-11',
        unitsPerEuro: new Map([
          ['USD', '1.0729'],
          ['JPY', '164.18'],
        ]),
      },
    ]);
  });

  it('without the dollar on a day give nothing for that day', () => {
    const days = readEcb(Buffer.from('Date,USD,JPY\n2026-04-11,N/A,164.18\n2026-04-12,1.1,160\n'));
    expect(ratesFrom(days, null).map(({ date, currency }) => `${date} ${currency}`)).toEqual([
      '2026-04-12 EUR',
      '2026-04-12 JPY',
    ]);
  });
});
