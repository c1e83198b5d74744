import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sumOf } from '../src/decimal.ts';
import { EXIT_CODES } from '../src/errors.ts';
import { type Sandbox, sandboxTruth, startSandbox } from '../src/sandbox/index.ts';
import { keptLake } from './helpers/lake.ts';
import { pullAndRun, rowsOf } from './helpers/world.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = textOf('README.md');

/** What each query must answer with: its columns, and how many rows of the sandbox's three accounts. */
const ANSWERS = [
  { number: 1, columns: 'account_name currency spend purchase_value roas', rows: 3 },
  { number: 2, columns: 'campaign_name currency spend purchase_value roas', rows: 10 },
  {
    number: 3,
    columns: 'ad_name ad_set_name campaign_name objective currency spend link_clicks add_to_cart',
    rows: 5,
  },
  { number: 4, columns: 'account_name date spend_28d purchase_value_28d roas_28d', rows: 129 },
  {
    number: 5,
    columns: 'account_name currency is_settled first_day last_day days spend conversions',
    rows: 6,
  },
  {
    number: 6,
    columns:
      'campaign_name attribution_setting by_setting click_1d click_7d click_28d view_1d engaged_view_1d',
    rows: 10,
  },
  { number: 7, columns: 'campaign_name currency spend leads cost_per_lead', rows: 2 },
  { number: 8, columns: 'account_name currency weekday days spend_per_day roas', rows: 21 },
  { number: 9, columns: 'account_name currency age campaigns spend roas', rows: 5 },
  { number: 10, columns: 'currency spend spend_usd purchase_value_usd rows_without_rate', rows: 4 },
] as const;

type Row = Readonly<Record<string, unknown>>;

describe('the ten queries of the README', () => {
  const lake = keptLake();
  const today = '2026-11-20';
  const recipes = recipesIn(sectionOf('Ten questions, ten queries'));
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox({ today });
    await pullAndRun(sandbox, { lake, today, firstPullDays: 43 });
  }, 120_000);

  afterAll(() => sandbox.close());

  it('are ten, each with the question it answers before it', () => {
    expect(recipes.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(recipes.filter(({ question }) => !question.includes('?'))).toEqual([]);
  });

  it.each(ANSWERS)('query $number answers with $columns', async ({ number, columns, rows }) => {
    const found = await answerOf(number);
    expect(Object.keys(found[0] ?? {}).join(' ')).toBe(columns);
    expect(found.length).toBeGreaterThanOrEqual(rows);
  });

  it('query 1 gives this month’s spend and value exactly as the sandbox has them', async () => {
    const truth = sandboxTruth({ today, since: '2026-11-01', until: '2026-11-19' });
    const found = await answerOf(1);
    for (const { currency, spend, purchase_value } of found) {
      const own = truth.filter((row) => row.currency === currency);
      expect(sumOf(own.map((row) => row.spend))).toBe(spend);
      expect(sumOf(own.map((row) => row.purchase_value))).toBe(purchase_value);
    }
  });

  it('query 2 goes from the best campaign to the worst', async () => {
    const ratios = (await answerOf(2)).map(({ roas }) => Number(roas ?? Number.NEGATIVE_INFINITY));
    expect(ratios).toEqual([...ratios].sort((left, right) => right - left));
  });

  it('query 4 ends with the 28 days that ad_accounts has', async () => {
    const last = (await answerOf(4)).filter(({ date }) => date === '2026-11-19');
    const accounts = await rowsOf(
      lake,
      `select account_name, last_complete_day as date, spend_28d, purchase_value_28d,
        round(roas_28d, 2) as roas_28d from ad_accounts order by account_name, account_id`,
    );
    expect(last).toEqual(accounts);
  });

  it('query 5 parts the days where they turn 28 days old', async () => {
    for (const { is_settled, first_day, last_day } of await answerOf(5)) {
      if (is_settled === true) expect(last_day).toBe('2026-10-23');
      else expect(first_day).toBe('2026-10-24');
    }
  });

  it('query 8 begins the week with Monday', async () => {
    const weekdays = (await answerOf(8)).slice(0, 7).map(({ weekday }) => weekday);
    expect(`${weekdays[0]} ${weekdays[6]}`).toBe('Monday Sunday');
  });

  it('query 9 counts every campaign that delivered lately once', async () => {
    const [all] = await rowsOf(
      lake,
      "select count(distinct campaign_id) as n from campaign_day where date > date '2026-11-19' - 28",
    );
    const counted = (await answerOf(9)).map(({ campaigns }) => Number(campaigns));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(all?.n);
  });

  it('query 10 adds up dollars and never adds two currencies', async () => {
    const found = await answerOf(10);
    const total = found.at(-1);
    const dollars = found.slice(0, -1).map(({ spend_usd }) => String(spend_usd));
    expect(total).toMatchObject({ currency: 'all', spend: null, spend_usd: sumOf(dollars) });
  });

  function answerOf(number: number): Promise<readonly Row[]> {
    return rowsOf(lake, recipes.find((recipe) => recipe.number === number)?.sql ?? '');
  }
});

describe('what the README says', () => {
  it('of columns is what the contracts say: the data dictionary is current', () => {
    const script = join(root, 'scripts/dictionary.mjs');
    const check = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    expect(check.stderr).toBe('');
    expect(check.status).toBe(0);
  });

  it('of error codes is what the code has, with the same exit code', () => {
    const table = sectionOf('Exit codes and errors');
    const rows = [...table.matchAll(/^\| `([A-Z_]+)` \| (\d+) \|/gm)];
    const documented = Object.fromEntries(rows.map(([, code, exit]) => [code, Number(exit)]));
    expect(documented).toEqual(EXIT_CODES);
    for (const exit of Object.values(EXIT_CODES)) expect(table).toContain(`\n| ${exit} | `);
  });

  it('of settings is what .env.example has, with the same defaults', () => {
    const rows = [...sectionOf('Settings').matchAll(/^\| `([A-Z_]+)` \| (.+?) \|/gm)];
    const documented = new Map(rows.map(([, name = '', value = '']) => [name, value]));
    const example = [...textOf('.env.example').matchAll(/^#? ?([A-Z_]+)=(.*)$/gm)];
    expect([...documented.keys()].sort()).toEqual(example.map(([, name]) => name).sort());
    for (const [, name = '', value = ''] of example) {
      expect(documented.get(name)?.replaceAll('`', '').startsWith(value), name).toBe(true);
    }
  });

  it('of commands is what the command line has, and the other way round', () => {
    const table = [...sectionOf('Commands').matchAll(/^\| `([a-z][a-z- ]+)` \| /gm)];
    const documented = table.map(([, name = '']) => name.split(' ').at(-1));
    const code = commandLine();
    const known = [...code.matchAll(/\.command\('([a-z-]+)/g)].map(([, n]) => n);
    const held = [...code.matchAll(/const \w+ = program\s*\.command\('([a-z-]+)/g)];
    const groups = held.map(([, name]) => name);
    expect(documented.sort()).toEqual(known.filter((name) => !groups.includes(name)).sort());
  });

  it('of options is what the command line has, and the other way round', () => {
    const options = new Set(commandLine().match(/'--[a-z][a-z-]+/g));
    const known = new Set([...options].map((option) => option.slice(1)));
    const named = new Set(readme.replaceAll(/npm .*/g, '').match(/(?<![\w-])--[a-z][a-z-]+/g));
    expect([...named].filter((option) => !known.has(option) && option !== '--help')).toEqual([]);
    const silent = new Set(['--json', '--debug', ...SANDBOX_OPTIONS]);
    expect([...known].filter((option) => !named.has(option) && !silent.has(option))).toEqual([]);
  });

  it('and CONTRIBUTING say of npm scripts is what package.json has', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: object };
    const pages = readme + textOf('CONTRIBUTING.md');
    const named = [...pages.matchAll(/npm run ([a-z:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('of other files and headings leads somewhere', () => {
    const targets = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const broken = targets
      .filter((target) => !target.startsWith('https://'))
      .filter((target) =>
        target.startsWith('#') ? !anchors().has(target.slice(1)) : !existsSync(join(root, target)),
      );
    expect(broken).toEqual([]);
  });
});

/** Explained in the sandbox's own page. */
const SANDBOX_OPTIONS = ['--seed', '--fault-rate'];

interface Recipe {
  readonly number: number;
  readonly question: string;
  readonly sql: string;
}

/** A line `**n. question**` with the fenced sql block after it. */
function recipesIn(section: string): readonly Recipe[] {
  const block = /^\*\*(\d+)\. (.+?)\*\*.*\n\n```sql\n([\s\S]+?)\n```$/gm;
  return [...section.matchAll(block)].map(([, number, question = '', sql = '']) => ({
    number: Number(number),
    question,
    sql,
  }));
}

function sectionOf(heading: string): string {
  const start = readme.indexOf(`\n## ${heading}\n`);
  return readme.slice(start, readme.indexOf('\n## ', start + 1));
}

/** Headings as GitHub makes anchors of them. */
function anchors(): ReadonlySet<string> {
  const headings = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** The text of all families of commands. */
function commandLine(): string {
  const files = readdirSync(join(root, 'src', 'cli')).sort();
  return files.map((name) => textOf(join('src', 'cli', name))).join('\n');
}

function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
