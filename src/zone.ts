import { join } from 'node:path';
import type { Dataset } from './dataset.ts';

/** The lake's home: the folder that holds `zones/` and `cache/`. */
export interface Lake {
  readonly home: string;
}

/** The five zones, in the order data moves through them; quarantine stands beside. */
export type Zone = 'landing' | 'raw' | 'staging' | 'curated' | 'quarantine';

/** The month of an account's facts (`YYYY-MM`), or `all` for datasets without days. */
export type Month = string;

/**
 * The unit of work and of replacement: one dataset's rows of one account and month.
 * `account_id` is digits without `act_`, or `all` for data that belongs to no account.
 */
export interface Partition {
  readonly account_id: string;
  readonly month: Month;
}

/** Folder of a zone. */
export function zoneDir(lake: Lake, zone: Zone): string {
  return join(lake.home, 'zones', zone);
}

/** Folder that holds the landing batches of one dataset and account. */
export function landingDir(lake: Lake, dataset: Dataset, accountId: string): string {
  return join(zoneDir(lake, 'landing'), dataset.platform, dataset.name, `account_id=${accountId}`);
}

/** Folder of one landing batch. */
export function batchDir(lake: Lake, dataset: Dataset, batch: BatchAddress): string {
  return join(landingDir(lake, dataset, batch.account_id), batch.batch_id);
}

/** What is needed to find a batch on disk. */
export interface BatchAddress {
  readonly account_id: string;
  readonly batch_id: string;
}

/** Folder a person drops files of an internal dataset into, for example exchange rates. */
export function dropDir(lake: Lake, datasetName: string): string {
  return join(zoneDir(lake, 'landing'), 'internal', datasetName);
}

/** Raw NDJSON file of a partition: one record per line, as it was sent. */
export function rawFile(lake: Lake, dataset: Dataset, partition: Partition): string {
  return join(zoneDir(lake, 'raw'), partitionPath(dataset, partition, 'ndjson'));
}

/** Lineage sidecar of a raw file: line n tells where raw line n came from. */
export function lineageFile(lake: Lake, dataset: Dataset, partition: Partition): string {
  return join(zoneDir(lake, 'raw'), partitionPath(dataset, partition, 'lineage.csv'));
}

/** Staging CSV file of a partition. */
export function stagingFile(lake: Lake, dataset: Dataset, partition: Partition): string {
  return join(zoneDir(lake, 'staging'), partitionPath(dataset, partition, 'csv'));
}

/** Quarantine file: what the contract of `zone` refused of a partition. */
export function quarantineFile(lake: Lake, zone: 'raw' | 'staging', at: QuarantineAddress): string {
  return join(zoneDir(lake, 'quarantine'), zone, partitionPath(at.dataset, at.partition, 'ndjson'));
}

/** What is needed to find a quarantine file. */
export interface QuarantineAddress {
  readonly dataset: Dataset;
  readonly partition: Partition;
}

/** A file under the curated zone; `parts` are names, never data. */
export function curatedFile(lake: Lake, ...parts: readonly string[]): string {
  return join(zoneDir(lake, 'curated'), ...parts);
}

/** A file under `cache/`: may be deleted at any time, costs time, never data. */
export function cacheFile(lake: Lake, ...parts: readonly string[]): string {
  return join(lake.home, 'cache', ...parts);
}

/** The partition's label in messages and task ids. */
export function partitionLabel(partition: Partition): string {
  return `account_id=${partition.account_id}/month=${partition.month}`;
}

/** Name of a partition's file in its account's folder. */
export function partitionFileName(partition: Partition, extension: FileExtension): string {
  return `month=${partition.month}.${extension}`;
}

/** `ndjson` and `lineage.csv` in raw, `csv` in staging. */
export type FileExtension = 'ndjson' | 'lineage.csv' | 'csv';

function partitionPath(dataset: Dataset, partition: Partition, extension: FileExtension): string {
  return join(
    dataset.platform,
    dataset.name,
    `account_id=${partition.account_id}`,
    partitionFileName(partition, extension),
  );
}
