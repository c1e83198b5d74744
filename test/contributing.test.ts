import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sumOf } from '../src/decimal.ts';
import { sandboxTruth } from '../src/sandbox/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const recipes = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
const checkout = mkdtempSync(join(tmpdir(), 'adlake-recipes-'));
const lake = join(checkout, 'lake');
const today = '2026-11-20';
const window = { since: '2026-11-17', until: '2026-11-19' };

/** Three days of the sandbox for the datasets that the recipes are about. */
const PULL = [
  ['run', '--dataset', 'insights_gender_day,insights_country_day,ad_accounts'],
  ['--today', today, '--since', window.since, '--until', window.until],
].flat();

beforeAll(() => {
  for (const name of ['src', 'schemas', 'scripts', 'test', 'package.json', 'README.md']) {
    cpSync(join(root, name), join(checkout, name), { recursive: true });
  }
  // A folder of links and no link itself, so that sources are compiled once and not at every start.
  mkdirSync(join(checkout, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === '.cache') continue;
    symlinkSync(join(root, 'node_modules', name), join(checkout, 'node_modules', name));
  }
});

afterAll(() => rmSync(checkout, { recursive: true, force: true }));

describe('whoever follows CONTRIBUTING.md word for word', () => {
  it('adds a dataset: it is pulled, folded and staged', () => {
    follow('Add a dataset');
    expect(adlake(PULL)).toBe(0);
    const rows = staged('meta/insights_gender_day/account_id=9020417583920611');
    expect(rows[0]?.slice(0, 6).join()).toBe(
      'account_id,date,campaign_id,campaign_name,gender,currency',
    );
    const genders = new Set(rows.slice(1).map((row) => row[4]));
    expect([...genders].sort()).toEqual(['female', 'male', 'unknown']);
  });

  it('adds a curated table: it is there to be asked', () => {
    follow('Add a curated table');
    expect(adlake(['run', '--offline'])).toBe(0);
    const answer = ask(
      'select currency, sum(spend) as spend from country_month group by currency order by currency',
    );
    const truth = sandboxTruth({ today, ...window });
    const expected = ['EUR', 'JPY', 'USD'].map((currency) => ({
      currency,
      spend: sumOf(truth.filter((row) => row.currency === currency).map((row) => row.spend)),
    }));
    expect(answer).toEqual(expected);
  });

  it('adds a check: what breaks it is in quarantine, with the place and the reason', () => {
    follow('Add a check');
    land('insights_country_day', { ...day('2026-11-18'), country: 'Germany' });
    adlake(['run', '--offline']);
    const list = adlakeText(['quarantine', 'list', '--json']);
    expect(list).toContain('"/country"');
  });

  it('adds a platform: its records are landed, folded and staged', () => {
    follow('Add a platform');
    land('taboola_campaign_day', { date: '2026-11-18', campaign_id: '77', cost: '12.30' });
    adlake(['run', '--offline', '--dataset', 'taboola_campaign_day']);
    expect(staged('taboola/taboola_campaign_day/account_id=1001')).toEqual([
      ['account_id', 'date', 'campaign_id', 'spend', 'pulled_on'],
      ['1001', '2026-11-18', '77', '12.30', '2026-11-20'],
    ]);
  });

  it('gets a data dictionary that knows the new names', () => {
    execFileSync(process.execPath, ['scripts/dictionary.mjs'], { cwd: checkout });
    const readme = readFileSync(join(checkout, 'README.md'), 'utf8');
    for (const name of ['insights_gender_day', 'country_month', 'taboola_campaign_day']) {
      expect(readme).toContain(`\n#### \`${name}\``);
    }
  });
});

/** Does what the code blocks of a recipe say, in order: changes, new files, commands. */
function follow(recipe: string): void {
  const start = recipes.indexOf(`\n### ${recipe}\n`);
  expect(start).toBeGreaterThan(0);
  const next = recipes.indexOf('\n### ', start + 1);
  const section = recipes.slice(start, next < 0 ? undefined : next);
  let file = '';
  for (const part of section.split(/\n(?=\*\*\d+\.\*\* |```\w+\n)/)) {
    const named = /^\*\*\d+\.\*\* (?:In|New file) `([^`]+)`/.exec(part)?.[1];
    const block = /^```(\w+)\n([\s\S]*?)\n```/.exec(part);
    if (named !== undefined) file = named;
    if (block !== null) take(file, { language: block[1] ?? '', text: block[2] ?? '' });
  }
}

function take(file: string, block: { readonly language: string; readonly text: string }): void {
  const path = join(checkout, file);
  if (block.language === 'sh') {
    execFileSync('sh', ['-ec', block.text], { cwd: checkout });
  } else if (block.language === 'diff') {
    change(file, block.text.split('\n'));
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${block.text}\n`);
  }
}

/** Replaces the lines without `+` by the lines without `-`; the place must be the only one. */
function change(file: string, lines: readonly string[]): void {
  const path = join(checkout, file);
  const textOf = (sign: string): string =>
    lines
      .filter((line) => !line.startsWith(sign))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  const before = readFileSync(path, 'utf8');
  const old = textOf('+');
  expect(before.split(old), `${file} must have once:\n${old}`).toHaveLength(2);
  writeFileSync(
    path,
    before.replace(old, () => textOf('-')),
  );
}

function land(dataset: string, record: object): void {
  const page = join(checkout, 'page.json');
  writeFileSync(page, JSON.stringify({ data: [record] }));
  const of = ['--dataset', dataset, '--account', '1001', '--today', today];
  expect(adlake(['land', ...of, page])).toBe(0);
}

function day(date: string): object {
  return { campaign_id: '77', date_start: date, date_stop: date, spend: '1.00', impressions: '9' };
}

function ask(sql: string): unknown {
  return JSON.parse(adlakeText(['sql', '--format', 'json', sql]));
}

function staged(folder: string): readonly (readonly string[])[] {
  const path = join(lake, 'zones/staging', folder, 'month=2026-11.csv');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => line.split(','));
}

function adlake(args: readonly string[]): number | null {
  return spawn(args).status;
}

function adlakeText(args: readonly string[]): string {
  return spawn(args).stdout;
}

function spawn(args: readonly string[]) {
  const command = [join(checkout, 'scripts/adlake.mjs'), ...args, '--lake', lake];
  return spawnSync(process.execPath, command, {
    cwd: checkout,
    encoding: 'utf8',
    env: withoutSettings(),
  });
}

/** Somebody who runs the tests may have a token in the environment. */
function withoutSettings(): Record<string, string | undefined> {
  const settings = /^(META_|ADLAKE_|PROJECT_ROOT$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !settings.test(name)));
}
