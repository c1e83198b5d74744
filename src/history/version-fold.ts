import { type Contract, contractAt } from '../contract.ts';
import type { Dataset } from '../dataset.ts';
import type { Engine } from '../engine.ts';
import { judgePageFast } from '../fast/judged.ts';
import { hashOf } from '../file.ts';
import { byKey, type Folded, type FoldStart, type LoadedBatch } from '../fold/fold.ts';
import type { Judged, RawRow } from '../fold/judge.ts';
import { judgePage } from '../fold/judge-page.ts';
import { lineageOf } from '../fold/lineage.ts';
import { type Batch, campaignInScope } from '../landing/batch.ts';
import { flattenInsight } from '../platforms/meta/insight.ts';
import { NO_ROWS } from '../stage.ts';
import type { Partition } from '../zone.ts';
import { VERSION_FIGURES, type VersionFigures, type VersionRecord } from './version.ts';

/** What versions are made of. */
export interface VersionInput {
  readonly partition: Partition;
  /** The dataset whose answers are read, and its raw contract. */
  readonly source: Dataset;
  readonly contract: Contract;
  readonly engine?: Engine;
}

/**
 * Folds the answers of a dataset, oldest first, into every version of its figures. An answer adds a
 * row for each campaign day whose figures are new or different in it, and one without figures for each
 * that it withdraws, by the rule of `fold`. With `start`, what folding all earlier answers gave, the
 * result is that of folding all of them. Records are counted and refused where the dataset itself is
 * folded: here rows are added, and those that say nothing new are superseded.
 */
export function foldVersions(
  input: VersionInput,
  batches: Iterable<LoadedBatch>,
  start: FoldStart | null = null,
): Folded {
  const history = new History(input, start);
  for (const loaded of batches) history.take(loaded);
  return history.result();
}

/** A campaign day as last known. */
interface Last {
  readonly date: string;
  readonly campaign: string;
  /** The object whose edge it came from, where that is not the account; else empty. */
  readonly object: string;
  readonly record: VersionRecord;
}

/** What one answer says of the partition's campaign days. */
interface Said {
  readonly rows: Map<string, RawRow>;
  /** Of records that were sent and refused: what is known of them stays. */
  readonly protectedDays: Set<string>;
  mayWithdraw: boolean;
}

class History {
  private readonly input: VersionInput;
  private readonly patterns: ReadonlyMap<string, RegExp>;
  private readonly rows: RawRow[];
  private readonly last: Map<string, Last> = new Map();
  private superseded: number;

  constructor(input: VersionInput, start: FoldStart | null) {
    this.input = input;
    this.patterns = patternsOf(contractAt(`staging/${input.source.name}.schema.json`));
    this.rows = [...(start?.rows ?? [])];
    this.superseded = start?.counts.superseded ?? 0;
    for (const row of this.rows) {
      const record = JSON.parse(row.line) as VersionRecord;
      const last = lastOf(record, row.lineage.object_id);
      this.last.set(nameOf(last.date, last.campaign), last);
    }
  }

  take(loaded: LoadedBatch): void {
    const said = this.read(loaded);
    if (said.mayWithdraw && loaded.batch.scope.complete) this.withdraw(said, loaded.batch);
    for (const [name, row] of said.rows) this.add(name, row, loaded.batch);
  }

  result(): Folded {
    const rows = this.rows.sort(byKey);
    const { superseded } = this;
    const counts = { ...NO_ROWS, added: rows.length + superseded, out: rows.length, superseded };
    return { rows, quarantined: [], pending: [], counts, drift: new Map() };
  }

  private read({ batch, pages }: LoadedBatch): Said {
    const said: Said = { rows: new Map(), protectedDays: new Set(), mayWithdraw: true };
    const { source: dataset, contract, engine } = this.input;
    const judgeIt = engine === 'plain' ? judgePage : judgePageFast;
    for (const page of pages) {
      const content = judgeIt({ dataset, contract }, batch, page);
      if (!content.ok) said.mayWithdraw = false;
      else for (const judged of content.judged) this.hear(said, judged);
    }
    return said;
  }

  private hear(said: Said, judged: Judged): void {
    if (judged.kind === 'refused') {
      if (judged.key === null) said.mayWithdraw = false;
      else said.protectedDays.add(dayIn(JSON.parse(judged.key) as RawRow['key']));
      return;
    }
    if (judged.month !== this.input.partition.month) return;
    const name = dayIn(judged.row.key);
    const twin = said.rows.get(name);
    if (twin !== undefined) this.superseded++;
    if (twin === undefined || judged.row.line > twin.line) said.rows.set(name, judged.row);
  }

  private withdraw(said: Said, batch: Batch): void {
    const { since, until, campaigns } = batch.scope;
    if (since === null || until === null) return;
    for (const [name, { date, campaign, object, record }] of this.last) {
      const isSaid = said.rows.has(name) || said.protectedDays.has(name);
      if (isSaid || record.state === 'withdrawn' || date < since || date > until) continue;
      if (object !== (batch.object_id ?? '') || !campaignInScope(campaigns, campaign)) continue;
      const next = { ...record, ...NO_FIGURES, state: 'withdrawn', record_hash: null } as const;
      this.keep(name, { ...next, batch_id: batch.batch_id }, lineageOf(batch, '', 0));
    }
  }

  private add(name: string, row: RawRow, batch: Batch): void {
    const known = this.last.get(name);
    const last = known?.object === row.lineage.object_id ? known.record : undefined;
    const hash = hashOf(Buffer.from(row.line)).slice(0, HASH_DIGITS);
    const figures = last?.record_hash === hash ? last : this.figuresOf(row);
    const state = figures === null ? 'unreadable' : last === figures ? last.state : 'known';
    const told = figures ?? NO_FIGURES;
    if (last?.state === state && VERSION_FIGURES.every((one) => last[one] === told[one])) {
      this.superseded++;
      return;
    }
    const at = { date_start: row.day ?? '', campaign_id: row.campaign ?? '' };
    const record = { ...at, batch_id: batch.batch_id, state, ...told, record_hash: hash } as const;
    this.keep(name, record, row.lineage);
  }

  private keep(name: string, record: VersionRecord, lineage: RawRow['lineage']): void {
    const { date_start: day, campaign_id: campaign, batch_id } = record;
    const key = [this.input.partition.account_id, day, campaign, batch_id];
    this.rows.push({ key, line: JSON.stringify(record), day, campaign, lineage });
    this.last.set(name, lastOf(record, lineage.object_id));
  }

  /** The figures as the dataset's own staging has them; null when it would refuse one of them. */
  private figuresOf(row: RawRow): VersionFigures | null {
    const record = JSON.parse(row.line) as Readonly<Record<string, unknown>>;
    const accountId = this.input.partition.account_id;
    const parts = flattenInsight({ record, text: row.line, lineage: row.lineage, accountId });
    const flat: Record<string, unknown> = {};
    for (const part of parts) Object.assign(flat, part);
    const cells = VERSION_FIGURES.map((name) => [name, flat[name] ?? null] as const);
    return cells.every(([name, cell]) => this.takes(name, cell))
      ? (Object.fromEntries(cells) as VersionFigures)
      : null;
  }

  private takes(name: string, cell: unknown): boolean {
    if (cell === null) return true;
    return typeof cell === 'string' && this.patterns.get(name)?.test(cell) !== false;
  }
}

function patternsOf(contract: Contract): ReadonlyMap<string, RegExp> {
  const entries = Object.entries(contract.properties) as ReadonlyArray<
    readonly [string, { readonly pattern?: string }]
  >;
  return new Map(entries.map(([name, { pattern }]) => [name, new RegExp(pattern ?? '')]));
}

const HASH_DIGITS = 16;

const NO_FIGURES: VersionFigures = {
  currency: null,
  spend: null,
  impressions: null,
  clicks: null,
  purchases: null,
  purchase_value: null,
};

function lastOf(record: VersionRecord, object: string): Last {
  return { date: record.date_start, campaign: record.campaign_id, object, record };
}

/** Day and campaign of a natural key of the source: account, day, campaign. */
function dayIn(key: RawRow['key']): string {
  return nameOf(key[1] ?? '', key[2] ?? '');
}

function nameOf(day: string, campaign: string): string {
  return `${day} ${campaign}`;
}
