import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../src/errors.ts';
import { adlake } from './helpers/command-line.ts';
import { temporaryLake } from './helpers/lake.ts';

const COMMANDS = [
  ...['run', 'plan', 'extract', 'landing-to-raw', 'raw-to-staging', 'staging-to-curated'],
  ...['status', 'sandbox', 'land', 'sql', 'quarantine', 'activity', 'auth', 'doctor'],
];

describe('adlake --help', () => {
  it('names every command, on standard output, and is no error', async () => {
    const { exitCode, stdout, stderr } = await adlake(['--help']);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
  });

  it('is what adlake alone prints', async () => {
    expect(await adlake([])).toEqual(await adlake(['--help']));
  });

  it.each(COMMANDS)('%s has a help of its own', async (command) => {
    const { exitCode, stdout } = await adlake([command, '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Usage: adlake ${command}`);
  });
});

describe('what was typed wrongly', () => {
  it.each([
    [['runn'], 'Did you mean one of run, runs?'],
    [['run', '--lakee', 'x'], 'Did you mean --lake?'],
    [['quarantine', 'shw'], 'Did you mean show?'],
    [['quarantine'], 'A subcommand is missing.'],
    [['run', '--dataset', 'campains'], 'Did you mean campaigns?'],
    [['run', '--account', '12x'], '--account must be the id of an ad account'],
    [['run', '--today', '2026-02-30'], '--today must be a day written YYYY-MM-DD'],
    [['run', '--since', '2026-02-02', '--until', '2026-02-01'], 'is after --until'],
    [['land', '--dataset', 'ads', 'x.json'], 'land needs one --account'],
    [['land', '--account', '1', 'x.json'], 'land needs one --dataset'],
    [['sandbox', '--port', '99999'], '--port must be at most 65535'],
    [['sandbox', '--fault', 'gremlin'], 'Expected the name of a fault'],
    [['sql', 'select 1', '--format', 'jsn'], 'Did you mean json?'],
    [['landing-to-raw', '--account', '12'], 'Nothing of account 12 is in this lake.'],
    [['activity', 'explain', '77'], 'No campaign "77" has landed.'],
    [['quarantine', 'show', 'abc'], 'There is no one record "abc"'],
    [['quarantine', 'replay', '--set', '/spend=1'], 'no id was given'],
  ])('%j is answered with what is right', async (argv, hint) => {
    const lake = argv[0] === 'sandbox' ? [] : ['--lake', temporaryLake().home];
    const { exitCode, stdout, stderr } = await adlake([...argv, ...(argv[1] ? lake : [])]);
    expect(exitCode).toBe(EXIT_CODES.USAGE);
    expect(stdout).toBe('');
    expect(stderr).toContain(hint);
    expect(stderr).toMatch(/^Error USAGE: .+[.?]\nWhat to do: .+\.\n$/);
  });

  it('with --json is also an object on standard output', async () => {
    const { stdout, stderr } = await adlake(['run', '--lakee', 'x', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'USAGE',
        message: "Unknown option '--lakee'. Did you mean --lake?",
        remedy: expect.any(String),
        exit_code: 78,
      },
    });
    expect(stderr).toContain('Error USAGE');
  });

  it('shows where in the code it happened with --debug alone', async () => {
    const argv = ['sql', 'select nonsense', '--lake', temporaryLake().home];
    expect((await adlake(argv)).stderr).not.toContain('    at ');
    expect((await adlake([...argv, '--debug'])).stderr).toContain('    at ');
  });
});

describe('settings that are wrong', () => {
  it('end the command with 78 and never show a secret', async () => {
    const { exitCode, stderr } = await adlake(['status'], { META_ACCESS_TOKEN: 'hush hush' });
    expect(exitCode).toBe(78);
    expect(stderr).toContain('Error CONFIG_INVALID: META_ACCESS_TOKEN');
    expect(stderr).not.toContain('hush');
  });

  it('as a token without an account are refused before anything is asked', async () => {
    const lake = temporaryLake().home;
    const { exitCode, stderr } = await adlake(['run', '--lake', lake], {
      META_ACCESS_TOKEN: 'hush',
    });
    expect(exitCode).toBe(78);
    expect(stderr).toContain('META_AD_ACCOUNT_ID does not say which accounts');
  });
});

describe("a lake's home", () => {
  it.each([['package.json'], ['package.json/below'], ['/proc/nowhere/below']])(
    '%s that cannot be a folder is refused with 74',
    async (home) => {
      const { exitCode, stderr } = await adlake(['run', '--offline', '--lake', resolve(home)]);
      expect(exitCode).toBe(74);
      expect(stderr).toMatch(/^Error DISK: The lake's home must be a folder/);
    },
  );
});

describe('an empty lake', () => {
  it('can be asked: its tables are there and have no rows', async () => {
    const lake = temporaryLake().home;
    const { exitCode, stdout } = await adlake([
      'sql',
      '--lake',
      lake,
      'select count(*) as rows from campaign_day',
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'rows\n0\n' });
  });

  it.each([['status'], ['activity list'], ['quarantine list']])(
    '%s says so and is no error',
    async (command) => {
      const argv = [...command.split(' '), '--lake', temporaryLake().home];
      const { exitCode, stdout, stderr } = await adlake(argv);
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
      expect(stderr).toMatch(/[Nn]othing/);
    },
  );
});

describe('the sandbox', () => {
  it('prints its truth as CSV for the days that are asked for', async () => {
    const argv = ['sandbox', '--truth', '--today', '2026-03-10', '--since', '2026-03-08'];
    const { exitCode, stdout } = await adlake(argv);
    const [head, ...rows] = stdout.trimEnd().split('\n');
    expect(exitCode).toBe(0);
    expect(head).toBe(
      'account_id,date,campaign_id,currency,spend,impressions,clicks,purchases,purchase_value',
    );
    expect([...new Set(rows.map((row) => row.split(',')[1]))]).toEqual([
      '2026-03-08',
      '2026-03-09',
    ]);
  });
});

describe('doctor', () => {
  it('looks at everything, shows no secret, and is content with a fresh lake', async () => {
    const argv = ['doctor', '--lake', temporaryLake().home, '--json'];
    const closed = { META_API_BASE_URL: 'http://127.0.0.1:1' };
    const env = { META_ACCESS_TOKEN: 'hush-hush-hush', META_AD_ACCOUNT_ID: '1,2', ...closed };
    const { exitCode, stdout } = await adlake(argv, env);
    const { findings } = JSON.parse(stdout) as { findings: { level: string; what: string }[] };
    expect(exitCode).toBe(0);
    expect(findings.filter(({ level }) => level === 'fail')).toEqual([]);
    expect(stdout).toContain('META_ACCESS_TOKEN: set, 14 characters (environment)');
    expect(stdout).not.toContain('hush');
    expect(stdout).toContain('@duckdb/node-bindings (the tables) works with this Node');
    expect(stdout).toContain('the engine of the tables (DuckDB) opens');
  });

  it('ends with 1 when something must be mended', async () => {
    const argv = ['doctor', '--lake', temporaryLake().home];
    const { exitCode, stdout } = await adlake(argv, { META_ACCESS_TOKEN: 'hush' });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^fail {2}there is a token, but no account\n {6}Why it matters: /m);
  });
});
