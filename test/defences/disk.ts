import { type Defence, defence, quick } from './defence.ts';

/** What keeps a lake whole: files, locks, hashes, backups. */
export const DISK_DEFENCES: readonly Defence[] = [
  quick(
    defence(
      'files are written in place instead of beside',
      [
        'src/file.ts',
        'return join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);',
        'return path;',
      ],
      ['test/file.test.ts', 'is as it was until the new one is whole'],
    ),
  ),
  quick(
    defence(
      'bytes are not synced before they get their name',
      [
        'src/file.ts',
        'writeAll(handle, bytes);\n    fsyncSync(handle);',
        'writeAll(handle, bytes);',
      ],
      ['test/file.test.ts', 'has its bytes on the disk before its name'],
    ),
  ),
  defence(
    'the folder is not synced after a rename',
    ['src/file.ts', 'throw error;\n  }\n  syncFolder(dirname(path));', 'throw error;\n  }'],
    ['test/file.test.ts', 'has its bytes on the disk before its name'],
  ),
  defence(
    'a file of many pieces is not synced before it gets its name',
    ['src/piece-file.ts', 'await flushed(this.handle());', 'this.handle();'],
    ['test/file.test.ts', 'of many pieces has its bytes on the disk'],
  ),
  defence(
    'a file of many pieces is written in place',
    ['src/piece-file.ts', 'this.temporary = temporaryBeside(path);', 'this.temporary = path;'],
    ['test/file.test.ts', 'of many pieces is as it was'],
  ),
  quick(
    defence(
      'the lock is ignored',
      ['src/lock.ts', 'if (found !== null && isAlive(holderIn(found)))', 'if (found === "")'],
      ['test/lock.test.ts', 'is held by one writer at a time'],
    ),
  ),
  defence(
    'the lock of a dead holder is never taken over',
    [
      'src/lock.ts',
      "return (error as { code?: string }).code === 'EPERM';",
      'return error !== null;',
    ],
    ['test/lock.test.ts', 'whose holder has died is taken over'],
  ),
  defence(
    'a lock is released by one who no longer holds it',
    ['src/lock.ts', 'if (readText(path) === lock.text) rmSync', 'rmSync'],
    ['test/lock.test.ts', 'is not released by somebody who no longer holds it'],
  ),
  defence(
    'a lock on another machine counts as nobody’s',
    [
      'src/lock.ts',
      'if (holder === null || holder.host !== hostname()) return true;',
      'if (holder === null || holder.host !== hostname()) return false;',
    ],
    ['test/lock.test.ts', 'is not taken from a holder'],
  ),
  defence(
    'unfinished files are not swept',
    [
      'src/activity/sweep.ts',
      'for (const path of found) rmSync(path, { force: true, recursive: true });',
      '',
    ],
    ['test/lock.test.ts', 'are found and swept'],
  ),
  defence(
    'verify does not compare the hashes of files',
    [
      'src/verify/tasks.ts',
      'if (bytes !== null && hashOf(bytes) === output.sha256) return counted;',
      'if (bytes !== null) return counted;',
    ],
    ['test/verify/verify.test.ts', '(staging) and was changed behind our back'],
  ),
  defence(
    'verify does not compare the hashes of pages',
    [
      'src/verify/landing.ts',
      'if (bytes !== null && hashOf(bytes) === page.sha256) return counted;',
      'if (bytes !== null) return counted;',
    ],
    ['test/verify/verify.test.ts', 'that was changed is found and said to be beyond repair'],
  ),
  defence(
    'a run proves itself whatever its files were',
    ['src/verify/run.ts', 'if (again?.sha256 === sha256) continue;', 'if (again) continue;'],
    ['test/verify/verify.test.ts', 'proves itself from landing up'],
  ),
  quick(
    defence(
      'pages are read whatever their hash is',
      [
        'src/landing/batch.ts',
        'return bytes !== null && hashOf(bytes) === at.page.sha256 ? bytes : null;',
        'return bytes;',
      ],
      ['test/landing/batch.test.ts', 'gives no page whose bytes were changed'],
    ),
  ),
  quick(
    defence(
      'a clock that goes back reorders history',
      ['src/landing/batch.ts', 'return nextMillisecond(last);', 'return now;'],
      ['test/landing/batch.test.ts', 'is later than every batch before it'],
    ),
  ),
  defence(
    'a run writes through links among the folders of a lake',
    ['src/commands/holding.ts', '  refuseLinks(context.lake);\n', '  void refuseLinks;\n'],
    ['test/verify/links.test.ts', 'in the place of zones/raw is refused with 74'],
  ),
  defence(
    'nobody is told that the clock went back',
    ['src/commands/holding.ts', '    tellOfClock(context);\n', '    void tellOfClock;\n'],
    ['test/commands/holding.test.ts', 'is told, and the newest answer still counts'],
  ),
  defence(
    'a second command writes while one is at work',
    [
      'src/commands/holding.ts',
      'lockLake(context.lake, command)',
      'lockLake({ home: `${context.lake.home}/cache` }, command)',
    ],
    ['test/commands/holding.test.ts', 'are one too many'],
  ),
  defence(
    'a damaged cache is believed',
    [
      'src/cache-body.ts',
      "const isOurs = end > 0 && bytes.toString('utf8', 0, end) === headOf(format, body);",
      'const isOurs = end > format;',
    ],
    ['test/cache-body.test.ts', 'that was changed is as good as none'],
  ),
  defence(
    'a lake of a newer format is written to',
    [
      'src/lake-format.ts',
      'if (format === null || format <= LAKE_FORMAT) return;',
      'if (format !== -1) return;',
    ],
    ['test/lake-format.test.ts', 'that is newer is refused'],
  ),
  defence(
    'a backup is restored without comparing its hashes',
    [
      'src/backup/manifest.ts',
      'return bytes === null || hashOf(bytes) !== sha256;',
      'return bytes === null || sha256 === "";',
    ],
    ['test/backup/backup.test.ts', 'that was changed or never finished is not restored'],
  ),
  defence(
    'a backup may name files outside of landing',
    [
      'src/backup/manifest.ts',
      'return isInside && !/[\\\\\\0]/.test(path) && parts.every((part) => !/^\\.{0,2}$/.test(part));',
      'return isInside || parts.length > 0;',
    ],
    ['test/backup/backup.test.ts', 'that names ../escaped.json is refused'],
  ),
  defence(
    'links in an archive are unpacked',
    ['src/backup/archive.ts', "(type === 'File' || type === 'OldFile') &&", "(type !== '') &&"],
    ['test/backup/backup.test.ts', 'with a link in it is not restored through the link'],
  ),
];
