import { type Defence, defence, quick } from './defence.ts';

/** What keeps rows right and counted: scopes, keys, order, contracts, accounting. */
export const ROW_DEFENCES: readonly Defence[] = [
  quick(
    defence(
      'an answer that was asked for some campaigns replaces whole days',
      ['src/fold/fold.ts', 'campaignInScope(campaigns, row.campaign) &&', 'campaigns !== null &&'],
      ['test/fold/fold.test.ts', 'keeps a campaign that was filtered out of the request'],
    ),
  ),
  defence(
    'an answer withdraws days that it did not ask for',
    ['src/fold/fold.ts', 'row.day >= since &&\n    row.day <= until &&', 'row.day !== "" &&'],
    ['test/fold/fold.test.ts', 'keeps days outside the days asked for'],
  ),
  defence(
    'pages that somebody saved withdraw what they lack',
    ['src/fold/fold.ts', 'mayWithdraw && batch.scope.complete &&', 'mayWithdraw &&'],
    ['test/fold/fold.test.ts', 'withdraws nothing on the word of captured pages'],
  ),
  defence(
    'an answer with a page that cannot be read withdraws',
    ['src/fold/fold.ts', 'mayWithdraw = false;\n      tally.refusePage', 'tally.refusePage'],
    ['test/fold/fold.test.ts', 'withdraws nothing when a page of the answer cannot be read'],
  ),
  quick(
    defence(
      'rows of raw are not sorted',
      [
        'src/fold/fold.ts',
        'return isSorted ? rows : rows.sort(byKey);',
        'return isSorted ? rows : rows;',
      ],
      ['test/fold/fold.test.ts', 'does not depend on the order of pages'],
    ),
  ),
  defence(
    'rows of staging are not sorted',
    [
      'src/staging/staged.ts',
      'return isSorted ? rows : rows.sort((left, right) => compareKeys(left.key, right.key));',
      'return isSorted ? rows : rows;',
    ],
    ['test/stages/raw-to-staging.test.ts', 'gives the same bytes for raw records in any order'],
  ),
  quick(
    defence(
      'records are not held against their contract',
      ['src/fold/judge.ts', '...input.contract.check(value),', ''],
      ['test/fold/fold.test.ts', 'quarantine takes'],
    ),
  ),
  defence(
    'records of another account are taken',
    [
      'src/fold/judge.ts',
      "if (account !== null && account.replace(/^act_/, '') !== batch.account_id) {",
      'if (account === "") {',
    ],
    ['test/fold/fold.test.ts', 'quarantine takes another account'],
  ),
  defence(
    'of two different rows with one key both are kept',
    [
      'src/staging/staged.ts',
      'if (last === undefined || compareKeys(last.key, row.key) !== 0) kept.push(row);',
      'if (last === undefined || last !== row) kept.push(row);',
    ],
    ['test/stages/raw-to-staging.test.ts', 'refuses a second row with the same key'],
  ),
  defence(
    'a table may have two rows with one key',
    [
      'src/curated/row-check.ts',
      'if (Number(found?.keys ?? 0) < seen.rows) await',
      'if (Number(found?.keys ?? 0) < 0) await',
    ],
    ['test/stages/staging-to-curated.test.ts', 'refuses two rows for one key'],
  ),
  defence(
    'what raw refused is dropped without a word',
    [
      'src/stages/landing-to-raw.ts',
      "writeQuarantine(context.lake, 'raw', { ...work, records: made.quarantined });",
      '',
    ],
    ['test/landing/land.test.ts', 'that are broken go to quarantine'],
  ),
  defence(
    'what staging refused is dropped without a word',
    [
      'src/stages/raw-to-staging.ts',
      "writeQuarantine(lake, 'staging', { ...work, records: staged.quarantined });",
      '',
    ],
    ['test/stages/raw-to-staging.test.ts', 'quarantines what the staging contract refuses'],
  ),
  quick(
    defence(
      'rows are not added up',
      ['src/task/run.ts', 'if (addsUp(counts)) return;', 'if (counts !== null) return;'],
      ['test/task/run.test.ts', 'whose rows do not add up fails'],
    ),
  ),
  defence(
    'any share of records may be refused',
    [
      'src/commands/finish.ts',
      'if (share.share <= share.allowed) return null;',
      'if (share.share <= 2) return null;',
    ],
    ['test/commands/finish.test.ts', 'ends with 65'],
  ),
  defence(
    'a run goes on over answers of another shape, whatever the policy says',
    ['src/run.ts', 'stopOnDrift(lake, chosen, drift);', 'void [stopOnDrift, lake, chosen];'],
    ['test/drift/drift.test.ts', 'stop ends a run before anything after landing is touched'],
  ),
  defence(
    'synthetic and real data get into one lake',
    [
      'src/lake-origin.ts',
      'if (found === null || found === source) return;',
      'if (found !== undefined) return;',
    ],
    ['test/lake-origin.test.ts', 'is refused'],
  ),
  defence(
    'old details wait for ever',
    [
      'src/platforms/meta/insight-plan.ts',
      'lastAsked >= addDays(day, weekly.fromAge) && lastAsked >= weekly.turn;',
      'lastAsked >= addDays(day, weekly.fromAge);',
    ],
    ['test/platforms/meta/insight-plan.test.ts', 'are asked for once a week'],
  ),
  defence(
    'a small account waits for its old details',
    [
      'src/platforms/meta/weekly.ts',
      'if (rows <= MOST_DAILY_PAGES * PAGE_LIMIT) return null;',
      'if (rows < 0) return null;',
    ],
    ['test/platforms/meta/insight-plan.test.ts', 'are asked for daily, all of them'],
  ),
  defence(
    'rows that old ads lack are forgotten while they wait',
    [
      'src/sql/curated/reconciliation_day.sql',
      'when is_in_motion then abs(difference) <= rounding + unlisted + motion',
      'when is_in_motion then null',
    ],
    ['test/sql/reconciliation.test.ts', 'also where one level waits for its turn'],
  ),
];
