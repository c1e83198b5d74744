import type { Dataset } from '../dataset.ts';
import { readIfThere, writeAtomically } from '../file.ts';
import { cacheFile, type Lake } from '../zone.ts';
import type { DayShape, Kind } from './shape.ts';

/** What the records of a dataset have looked like. */
export interface Survey {
  /** SHA-256 of the contract whose forms text was held against. */
  readonly contract: string;
  /** `<account>/<batch id>` of every answer that is in it. */
  readonly batches: Set<string>;
  /** Account, then the account's own day on which was asked. */
  readonly accounts: Map<string, Map<string, DayShape>>;
}

/** A survey of nothing. */
export function emptySurvey(contract: string): Survey {
  return { contract, batches: new Set(), accounts: new Map() };
}

/** What was kept of a dataset; of another contract or format, or not readable, it is as good as none. */
export function readSurvey(lake: Lake, dataset: Dataset, contract: string): Survey {
  try {
    const text = readIfThere(fileOf(lake, dataset))?.toString('utf8') ?? 'null';
    const kept = JSON.parse(text) as Kept | null;
    if (kept?.format === FORMAT && kept.contract === contract) return unpacked(kept);
  } catch {
    // What cannot be read is made anew.
  }
  return emptySurvey(contract);
}

/** Keeps a survey in `cache/drift/<dataset>.json`. */
export function writeSurvey(lake: Lake, dataset: Dataset, survey: Survey): void {
  const kept: Kept = {
    format: FORMAT,
    contract: survey.contract,
    batches: [...survey.batches],
    accounts: [...survey.accounts].map(([account, days]) => [
      account,
      [...days].map(([day, shape]) => [day, packed(shape)]),
    ]),
  };
  writeAtomically(fileOf(lake, dataset), Buffer.from(JSON.stringify(kept)));
}

const FORMAT = 1;

/** Lists of pairs: a field may have any name, `__proto__` too. */
interface Kept {
  readonly format: number;
  readonly contract: string;
  readonly batches: readonly string[];
  readonly accounts: ReadonlyArray<
    readonly [account: string, days: ReadonlyArray<readonly [day: string, shape: KeptShape]>]
  >;
}

interface KeptShape {
  readonly records: number;
  readonly fields: ReadonlyArray<
    readonly [field: string, kinds: ReadonlyArray<readonly [Kind, number]>]
  >;
  readonly actions: ReadonlyArray<readonly [type: string, records: number]>;
}

function packed({ records, fields, actions }: DayShape): KeptShape {
  return {
    records,
    fields: [...fields].map(([field, kinds]) => [field, [...kinds]]),
    actions: [...actions],
  };
}

function unpacked(kept: Kept): Survey {
  const accounts = kept.accounts.map(([account, days]) => {
    const shapes = days.map(([day, { records, fields, actions }]) => {
      const kinds = fields.map(([field, list]) => [field, new Map(list)] as const);
      return [day, { records, fields: new Map(kinds), actions: new Map(actions) }] as const;
    });
    return [account, new Map(shapes)] as const;
  });
  return {
    contract: kept.contract,
    batches: new Set(kept.batches),
    accounts: new Map(accounts),
  };
}

function fileOf(lake: Lake, dataset: Dataset): string {
  return cacheFile(lake, 'drift', `${dataset.name}.json`);
}
