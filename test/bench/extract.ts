import { parseArgs } from 'node:util';
import type { WorldSize } from '../../src/sandbox/index.ts';
import { callsSection } from './extract-calls.ts';
import { limitsSection } from './extract-limits.ts';
import { memorySection } from './extract-memory.ts';
import { type Goal, verdictOf } from './goal.ts';

/** What the benchmark of extraction is about. */
export interface ExtractBench {
  readonly size: WorldSize;
  /** Days of a first pull. */
  readonly days: number;
  /** Campaigns of the one account whose rows are pulled while memory is watched, at most. */
  readonly memoryCampaigns: number;
}

/** One pull and what it took. */
export interface ExtractLine {
  readonly what: string;
  readonly calls: number;
  /** The fewest calls there could be; null where the section is not about that. */
  readonly fewest: number | null;
  readonly requests: number;
  readonly rows: number;
  /** Calls as a share of those for everybody; null where it is not about that. */
  readonly share: number | null;
  readonly 'waited h': number;
}

/** What a section has found. */
export interface ExtractFound {
  readonly lines: readonly ExtractLine[];
  readonly goals: readonly Goal[];
  readonly tables?: readonly {
    readonly title: string;
    readonly rows: Readonly<Record<string, Readonly<Record<string, number>>>>;
  }[];
  /** What there is to say of the world, and what went wrong in a pull. */
  readonly notes: readonly string[];
}

const SECTIONS: Readonly<Record<string, (bench: ExtractBench) => Promise<ExtractFound>>> = {
  calls: callsSection,
  limits: limitsSection,
  memory: memorySection,
};

/**
 * The benchmark of extraction: `npm run bench:extract -- --only calls --accounts 10 --campaigns 500
 * --days 90`. Prints calls against the fewest there could be, waits under Meta's quotas, and memory.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: Object.keys(SECTIONS).join(',') },
      accounts: { type: 'string', default: '10' },
      campaigns: { type: 'string', default: '500' },
      days: { type: 'string', default: '90' },
      'memory-campaigns': { type: 'string', default: '1120' },
    },
  });
  const bench: ExtractBench = {
    size: {
      accounts: Number(values.accounts),
      campaigns: Number(values.campaigns),
      inactive: 0.6,
      on: '2026-11-20',
    },
    days: Number(values.days),
    memoryCampaigns: Number(values['memory-campaigns']),
  };
  const found: ExtractFound[] = [];
  for (const name of values.only.split(',')) {
    const section = SECTIONS[name];
    if (section === undefined) {
      throw new Error(`no section ${name}; there are ${Object.keys(SECTIONS).join(', ')}`);
    }
    process.stderr.write(`${name} …\n`);
    found.push(await section(bench));
  }
  print(bench, found);
}

function print({ size, days }: ExtractBench, found: readonly ExtractFound[]): void {
  const { accounts, campaigns } = size;
  process.stdout.write(`${accounts} accounts, ${campaigns} campaigns, ${days} days\n`);
  console.table(
    found.flatMap(({ lines }) =>
      lines.map((line) => ({
        ...line,
        share: line.share === null ? null : Number(line.share.toFixed(2)),
        'waited h': Number(line['waited h'].toFixed(2)),
      })),
    ),
  );
  console.table(
    found.flatMap(({ goals }) =>
      goals.map((goal) => ({
        what: goal.what,
        must: goal.must,
        measured: Number(goal.measured.toFixed(2)),
        unit: goal.unit,
        verdict: verdictOf(goal),
      })),
    ),
  );
  for (const { title, rows } of found.flatMap(({ tables }) => tables ?? [])) {
    process.stdout.write(`${title}\n`);
    console.table(rows);
  }
  for (const note of found.flatMap(({ notes }) => notes)) process.stdout.write(`${note}\n`);
}

await main();
