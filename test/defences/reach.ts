import { type Defence, defence, quick } from './defence.ts';

/** What keeps questions, files and names of others from reaching further than they may. */
export const REACH_DEFENCES: readonly Defence[] = [
  defence(
    'adlake sql reads any file',
    ['src/query/query.ts', "await connection.run('set enable_external_access = false');", ''],
    ['test/query/query.test.ts', 'reads no file outside the curated zone'],
  ),
  defence(
    'adlake sql may change the settings of the engine',
    ['src/query/query.ts', "await connection.run('set lock_configuration = true');", ''],
    ['test/query/query.test.ts', 'runs in an engine whose settings are locked'],
  ),
  defence(
    'adlake sql takes statements that write',
    ['src/query/reading-statement.ts', 'if (!READING_WORDS.has(word)) {', 'if (word === "") {'],
    ['test/query/query.test.ts', 'refuses an export into the curated zone'],
  ),
  defence(
    'adlake sql takes functions that write',
    ['src/query/reading-statement.ts', 'if (forbidden !== undefined) {', 'if (forbidden === "") {'],
    ['test/query/query.test.ts', 'refuses a profile in a file'],
  ),
  defence(
    'adlake sql takes several statements at once',
    [
      'src/query/reading-statement.ts',
      'if (statements.count !== 1) {',
      'if (statements.count < 1) {',
    ],
    ['test/query/query.test.ts', 'refuses two statements'],
  ),
  {
    ...defence(
      'adlake sql has no limit of time',
      ['src/query/query.ts', '}, seconds * 1000);', '}, seconds * 1_000_000);'],
      ['test/query/query.test.ts', 'stops at the time limit'],
    ),
    hangs: true,
  },
  defence(
    'adlake sql has no limit of memory',
    ['src/query/query.ts', 'const memory = options.memory ?? MEMORY;', "const memory = '3GB';"],
    ['test/query/query.test.ts', 'runs in an engine whose settings are locked'],
  ),
  defence(
    'adlake sql gives any number of rows',
    ['src/query/query.ts', '.slice(0, maxRows)', ''],
    ['test/query/query.test.ts', 'gives at most the rows it may'],
  ),
  quick(
    defence(
      'answers as CSV hold formulas',
      [
        'src/query/text.ts',
        "return /^[=+\\-@\\t\\r]/.test(text) ? `'${text}` : text;",
        'return text;',
      ],
      ['test/query/text.test.ts', 'takes the sting out of formulas'],
    ),
  ),
  defence(
    'exports hold formulas',
    [
      'src/exports/spreadsheet.ts',
      "return FORMULA.test(text) ? `'${text}` : text;",
      'return text;',
    ],
    ['test/exports/export.test.ts', 'takes the formula out of'],
  ),
  defence(
    'text of answers reaches the terminal with its control characters',
    ['src/query/text.ts', ".replaceAll(/\\p{Cc}|\\p{Cf}/gu, '�')", ''],
    ['test/query/text.test.ts', 'lets no control character reach the terminal'],
  ),
  quick(
    defence(
      'names are markup in the report',
      [
        'src/report/html.ts',
        "return String(part).replaceAll(UNSAFE, (found) => ENTITIES[found] ?? '');",
        'return UNSAFE && ENTITIES ? String(part) : "";',
      ],
      ['test/report/html.test.ts', 'is made of templates alone'],
    ),
  ),
  defence(
    'an import may name any folder as its account',
    ['src/imports/account-parts.ts', 'if (SAFE_ID.test(id) &&', 'if (SAFE_ID &&'],
    ['test/imports/hostile.test.ts', 'leads no file out of the lake'],
  ),
  defence(
    'an import follows links out of its folder',
    [
      'src/imports/find-files.ts',
      '.filter((entry) => entry.isFile())',
      '.filter((entry) => !entry.isDirectory())',
    ],
    ['test/imports/hostile.test.ts', 'is not followed out of a folder by a link'],
  ),
  defence(
    'entities of a workbook are opened',
    [
      'src/imports/sheet-xml.ts',
      "parser.on('doctype', () => {",
      "parser.on('doctype', () => {\n    if (bytes.length > 0) return;",
    ],
    ['test/imports/hostile.test.ts', 'is refused when it declares a document type'],
  ),
  defence(
    'a workbook may unpack to any size',
    [
      'src/imports/zip.ts',
      'maxOutputLength: Math.min(MAX_UNPACKED_BYTES, entry.unpacked + 1),',
      '',
    ],
    ['test/imports/hostile.test.ts', 'is refused when it unpacks to more than its directory says'],
  ),
  defence(
    'a workbook with macros is read',
    ['src/imports/xlsx.ts', '/vbaProject|macrosheets/i', '/neverSuchAName/'],
    ['test/imports/hostile.test.ts', 'is refused when it has macros'],
  ),
  defence(
    'an answer of any size is read into memory',
    ['src/pull/http.ts', 'if (size > MAX_BODY_BYTES) return false;', 'if (size < 0) return false;'],
    ['test/pull/http.test.ts', 'that does not end is given up'],
  ),
  defence(
    'a page is written over by the next one',
    [
      'src/platforms/meta/wire.ts',
      'return isLent ? { ...heard, bytes: Buffer.from(heard.bytes) } : heard;',
      'return isLent ? { ...heard } : heard;',
    ],
    ['test/platforms/meta/client.test.ts', 'gives pages that stay as they came'],
  ),
  defence(
    'a page with something behind its end is taken for whole',
    ['src/platforms/meta/list-answer.ts', ' && endOfSpace(bytes, at + 1) === bytes.length;', ';'],
    ['test/platforms/meta/list-answer.test.ts', 'what JSON.parse refuses is never taken'],
  ),
  quick(
    defence(
      'a dependency is not pinned',
      ['package.json', '"zx": "8.8.5"', '"zx": "^8.8.5"'],
      ['test/supply-chain.test.ts', 'is pinned to exact versions'],
    ),
  ),
];
