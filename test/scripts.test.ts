import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lockFile } from '../src/lock.ts';
import { temporaryLake } from './helpers/lake.ts';

const scripts = fileURLToPath(new URL('../scripts/', import.meta.url));

/** A machine of its own: no settings of the person who runs the tests, a folder far from here. */
function machine(more: Readonly<Record<string, string>> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'adlake-scripts-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  return { cwd, env: { PATH: String(PATH), HOME: cwd, ...more }, encoding: 'utf8' as const };
}

const PATH = spawnSync('sh', ['-c', 'printf %s "$PATH"'], { encoding: 'utf8' }).stdout;

function start(script: string, argv: readonly string[], more = machine()) {
  return spawnSync(process.execPath, [join(scripts, script), ...argv], more);
}

describe('scripts/adlake.mjs', () => {
  it('works from any folder, without colors in a pipe', () => {
    const { status, stdout, stderr } = start('adlake.mjs', ['doctor', '--lake', 'mine']);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ok {4}Node /);
    expect(stdout).not.toContain('\u001b[');
  });

  it('reads .env of the current folder', () => {
    const here = machine();
    writeFileSync(join(here.cwd, '.env'), 'META_LOOKBAK_DAYS=1\n');
    const { status, stderr } = start('adlake.mjs', ['status'], here);
    expect(status).toBe(78);
    expect(stderr).toContain('Did you mean META_LOOKBACK_DAYS?');
  });

  it('answers a statement from standard input', () => {
    const argv = ['sql', '--lake', temporaryLake().home, '--format', 'md'];
    const { stdout } = start('adlake.mjs', argv, {
      ...machine(),
      input: 'select 1 as one',
    } as never);
    expect(stdout).toBe('| one |\n| ---: |\n| 1 |\n');
  });
});

describe('a script of a stage', () => {
  it.each(['run-all', 'extract', 'landing-to-raw', 'raw-to-staging', 'staging-to-curated'])(
    '%s passes arguments, output and exit code on, and nothing else',
    (script) => {
      const { status, stdout, stderr } = start(`${script}.mjs`, [
        '--today',
        "it's; $HOME",
        '--json',
      ]);
      expect(status).toBe(78);
      expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'USAGE', exit_code: 78 } });
      expect(stderr).toContain('found "it\'s; $HOME"');
      expect(stderr.split('\n')).toHaveLength(3);
    },
  );
});

describe('a run that is stopped', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s lets go of the lake and ends with %i', async (signal, code) => {
    const lake = temporaryLake();
    const argv = [join(scripts, 'run-all.mjs'), '--lake', lake.home];
    const child = spawn(process.execPath, argv, { ...machine(), detached: true });
    const ended = new Promise((resolve) => child.once('close', resolve));
    let said = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
    await told(child, 'api-to-landing: begins');
    expect(existsSync(lockFile(lake))).toBe(true);
    // Ctrl-C in a terminal reaches all processes of the group.
    process.kill(signal === 'SIGINT' ? -(child.pid ?? 0) : (child.pid ?? 0), signal);
    expect(await ended).toBe(code);
    expect(said).not.toContain('landing-to-raw:');
    expect(said).toContain('Stopped. Everything that was finished is kept;');
    expect(existsSync(lockFile(lake))).toBe(false);
  });
});

function told(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve) => {
    let heard = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      heard += bytes.toString();
      if (heard.includes(text)) resolve();
    });
  });
}
