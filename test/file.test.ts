import fs, { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { publish, writeAtomically, writePrivately } from '../src/file.ts';
import { PieceFile } from '../src/piece-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'adlake-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What `work` has the disk do, in order: what is synced is a file or a folder, by its name. */
async function operations(work: () => unknown): Promise<readonly string[]> {
  const { writeSync, fsyncSync, fsync, renameSync } = fs;
  const real = { ...fs };
  const seen: string[] = [];
  const kindOf = (handle: number) => (real.fstatSync(handle).isDirectory() ? 'folder' : 'file');
  Object.assign(fs, {
    writeSync: (...args: Parameters<typeof real.writeSync>) => {
      seen.push('write');
      return real.writeSync(...args);
    },
    fsyncSync: (handle: number) => {
      seen.push(`sync ${kindOf(handle)}`);
      real.fsyncSync(handle);
    },
    fsync: (handle: number, done: (error: Error | null) => void) => {
      seen.push(`sync ${kindOf(handle)}`);
      real.fsync(handle, done);
    },
    renameSync: (from: string, to: string) => {
      seen.push('rename');
      real.renameSync(from, to);
    },
  });
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    Object.assign(fs, { writeSync, fsyncSync, fsync, renameSync });
    syncBuiltinESMExports();
  }
  return seen;
}

const DURABLY = ['write', 'sync file', 'rename', 'sync folder'];

describe('a file of the lake', () => {
  it('has its bytes on the disk before its name, and its name before it counts', async () => {
    const path = join(folder, 'durable');
    const whole = await operations(() => writeAtomically(path, Buffer.from('new')));
    expect(whole).toEqual(DURABLY);
    expect(await operations(() => writePrivately(path, Buffer.from('own')))).toEqual(DURABLY);
  });

  it('is as it was until the new one is whole, also when that fails', () => {
    const path = join(folder, 'atomic');
    writeFileSync(path, 'old');
    const half = (temporary: string) => {
      writeFileSync(temporary, 'ne');
      expect(readFileSync(path, 'utf8')).toBe('old');
      throw new Error('no space left');
    };
    expect(() => publish(path, half)).toThrow('no space left');
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  it('of many pieces has its bytes on the disk before its name, and its name before it counts', async () => {
    const write = async () => {
      const file = new PieceFile(join(folder, 'pieces'));
      file.fill((give) => give(Buffer.from('new')));
      await file.finish();
    };
    expect(await operations(write)).toEqual(DURABLY);
  });

  it('of many pieces is as it was until the new one is whole, also when that fails', () => {
    const path = join(folder, 'half');
    writeFileSync(path, 'old');
    const file = new PieceFile(path);
    const half = (give: (bytes: Uint8Array) => void) => {
      give(Buffer.from('ne'));
      expect(readFileSync(path, 'utf8')).toBe('old');
      throw new Error('no space left');
    };
    expect(() => file.fill(half)).toThrow('no space left');
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  it.skipIf(process.platform === 'win32')(
    'with secrets is for its owner alone before the first byte is in it',
    () => {
      const path = join(folder, 'private');
      writePrivately(path, Buffer.from('secret'));
      expect(statSync(path).mode & 0o777).toBe(0o600);
    },
  );
});
