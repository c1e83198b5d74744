import fs, {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pathsFlushed, publish, writeAtomically, writePrivately } from '../src/file.ts';
import { PieceFile } from '../src/piece-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'adlake-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What `work` has the disk do in the folder, in order: a file or the folder is synced. */
async function operations(work: () => unknown): Promise<readonly string[]> {
  const { writeSync, fsyncSync, fsync, renameSync } = fs;
  const seen: string[] = [];
  const note = (handle: number, what: string) => {
    const place = placeOf(handle);
    if (place !== null) seen.push(what === 'sync' ? `sync ${place}` : what);
  };
  Object.assign(fs, {
    writeSync: (...args: Parameters<typeof writeSync>) => {
      note(args[0], 'write');
      return writeSync(...args);
    },
    fsyncSync: (handle: number) => {
      note(handle, 'sync');
      fsyncSync(handle);
    },
    fsync: (handle: number, done: (error: Error | null) => void) => {
      note(handle, 'sync');
      fsync(handle, done);
    },
    renameSync: (from: string, to: string) => {
      if (to.startsWith(folder)) seen.push('rename');
      renameSync(from, to);
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

/** Whether an open file is the folder or in it; null when it is somebody else's in this process. */
function placeOf(handle: number): 'folder' | 'file' | null {
  const { ino } = fs.fstatSync(handle);
  if (statSync(folder).ino === ino) return 'folder';
  const isIn = readdirSync(folder).some((name) => statSync(join(folder, name)).ino === ino);
  return isIn ? 'file' : null;
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

  it('and all others of a large table are flushed, with a few open at one time', async () => {
    const paths = Array.from({ length: 300 }, (_, index) => join(folder, `many-${index}`));
    for (const path of paths) writeFileSync(path, '');
    const { fsync } = fs;
    let [waiting, most, flushed] = [0, 0, 0];
    const counting = (handle: number, done: (error: Error | null) => void) => {
      most = Math.max(most, ++waiting);
      fsync(handle, (error) => {
        waiting--;
        flushed++;
        done(error);
      });
    };
    Object.assign(fs, { fsync: counting });
    syncBuiltinESMExports();
    try {
      await pathsFlushed(paths);
    } finally {
      Object.assign(fs, { fsync });
      syncBuiltinESMExports();
    }
    expect(flushed).toBe(paths.length);
    expect(most, 'several wait for the disk together').toBeGreaterThan(10);
    expect(most, 'a process may have 256 files open on some systems').toBeLessThan(100);
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
