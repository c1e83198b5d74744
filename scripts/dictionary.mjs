#!/usr/bin/env node
// Writes the data dictionary of README.md from the contracts in schemas/. With --check it writes
// nothing and ends with 1 when the dictionary is not current.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { register } from 'tsx/esm/api';

const BEGIN =
  '<!-- dictionary: begin. Written by `npm run dictionary` from schemas/, do not edit. -->';
const SHARED = 'those [that insight datasets share](#columns-that-insight-datasets-share)';
const END = '<!-- dictionary: end -->';

register({ tsconfig: false });
const { folderOf, MODELS, splitOf } = await import('../src/model.ts');
const { DATASETS } = await import('../src/pipeline.ts');

const readme = new URL('../README.md', import.meta.url);
const text = readFileSync(readme, 'utf8');
const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
if (from < 0 || to < from) throw new Error('README.md has no place for the data dictionary.');
const current = `${text.slice(0, from)}${BEGIN}\n\n${dictionary()}\n${text.slice(to)}`;
if (!process.argv.includes('--check')) writeFileSync(readme, current);
else if (current !== text) {
  console.error('The data dictionary in README.md is not current. Run `npm run dictionary`.');
  process.exitCode = 1;
}

function dictionary() {
  const insights = DATASETS.filter((dataset) => dataset.request?.kind === 'insights');
  const others = DATASETS.filter((dataset) => dataset.request?.kind !== 'insights');
  const shared = sharedColumns(insights);
  return [
    '### Curated tables\n',
    ...MODELS.map(curatedSection),
    '### Raw and staging datasets\n',
    'A raw file holds the records as they were sent. A staging file holds the columns below.\n',
    ...insights.map((dataset) => datasetSection(dataset, shared)),
    '#### Columns that insight datasets share\n',
    columnTable([...shared.values()]),
    ...others.map((dataset) => datasetSection(dataset, new Map())),
    ...personalSection(),
  ].join('\n');
}

function curatedSection(model) {
  return [
    `#### \`${model.name}\`\n`,
    `${contract('curated', model.name).description}\n`,
    `- Key: ${codes(model.key)}`,
    `- Files: ${curatedFiles(model)
      .map((path) => `\`${path}\``)
      .join(', ')}\n`,
    columnTable(columnsOf('curated', model.name)),
  ].join('\n');
}

function curatedFiles(model) {
  const path = `zones/curated/${folderOf(model).join('/')}/${model.name}`;
  if (model.layout === 'partitions') return [`${path}/${splitOf(model)}=…/month=….parquet`];
  return model.layout === 'parquet' ? [`${path}.parquet`] : [`${path}.csv`, `${path}.parquet`];
}

function datasetSection(dataset, shared) {
  const columns = columnsOf('staging', dataset.name);
  const own = columns.filter(({ key }) => !shared.has(key));
  const names = new Set(columns.map(({ column }) => column));
  const lacking = [...shared.values()]
    .map(({ column }) => column)
    .filter((name) => !names.has(name));
  const but = lacking.length > 0 ? `, but without ${codes(lacking)}` : '';
  const twin = sameAs(dataset.name);
  const account = ofNoAccount(dataset) ? 'all' : '…';
  const month = dataset.fold === 'entity' ? 'all' : '…';
  const file = `${dataset.platform}/${dataset.name}/account_id=${account}/month=${month}`;
  return [
    `#### \`${dataset.name}\`${isCurated(dataset) ? ' (raw and staging)' : ''}\n`,
    `${dataset.grain}\n`,
    `- Key: ${codes(dataset.stagingKey)}`,
    `- Files: \`zones/raw/${file}.ndjson\`, \`zones/staging/${file}.csv\``,
    ...(shared.size > 0
      ? [`- Columns: ${own.length > 0 ? 'these, and ' : ''}${SHARED}${but}`]
      : []),
    ...(twin === null ? [] : [`- Columns: those of [${twin}](#${twin})`]),
    '',
    ...(own.length > 0 && twin === null ? [columnTable(own)] : []),
  ].join('\n');
}

/** Which columns may hold something about a person, as the contracts say in `x-personal`. */
function personalSection() {
  const { description, additionalProperties } = schemaIn('.', 'personal_data.schema.json');
  const names = [...new Set([...DATASETS, ...MODELS].map(({ name }) => name))];
  const byStatement = new Map();
  for (const name of names) {
    const statement = personalText(name);
    byStatement.set(statement, [...(byStatement.get(statement) ?? []), name]);
  }
  const none = byStatement.get('') ?? [];
  byStatement.delete('');
  return [
    '### Personal data\n',
    `${description} A record that is refused lies in quarantine as it came, and so does an answer in landing.\n`,
    '| kind | what it is | what becomes of it |\n| --- | --- | --- |',
    ...additionalProperties.oneOf.map(
      (kind) => `| ${kind.const} | ${kind.title} | ${kind.description} |`,
    ),
    '\n| dataset | columns that may hold it |\n| --- | --- |',
    ...[...byStatement].map(([statement, of]) => `| ${codes(of)} | ${statement} |`),
    `\nNone: ${codes(none)}.\n`,
  ];
}

/** The columns of a dataset in all its zones, by kind. */
function personalText(name) {
  const kinds = new Map();
  for (const zone of ['raw', 'staging', 'curated']) {
    if (!existsSync(new URL(`../schemas/${zone}/${name}.schema.json`, import.meta.url))) continue;
    for (const [column, kind] of Object.entries(contract(zone, name)['x-personal'] ?? {})) {
      kinds.set(kind, new Set([...(kinds.get(kind) ?? []), column]));
    }
  }
  const told = [...kinds].sort(([left], [right]) => (left < right ? -1 : 1));
  return told.map(([kind, columns]) => `${kind}: ${codes([...columns].sort())}`).join('; ');
}

function isCurated(dataset) {
  return MODELS.some((model) => model.name === dataset.name);
}

function ofNoAccount(dataset) {
  return !dataset.stagingKey.includes('account_id');
}

/** Columns that mean the same in most of them, by name, type and words; by that key. */
function sharedColumns(datasets) {
  const all = datasets.flatMap((dataset) => columnsOf('staging', dataset.name));
  const counts = new Map();
  for (const { key } of all) counts.set(key, (counts.get(key) ?? 0) + 1);
  const most = all.filter(({ key }) => counts.get(key) > datasets.length / 2);
  return new Map(most.map((column) => [column.key, column]));
}

function columnsOf(zone, name) {
  return Object.entries(contract(zone, name).properties).map(([column, property]) => {
    const mayBeNull = [property.type].flat().includes('null');
    const type = `${property['x-sql']}${mayBeNull ? ' or NULL' : ''}`;
    const { description } = property;
    return { column, type, description, key: JSON.stringify([column, type, description]) };
  });
}

function contract(zone, name) {
  const { $ref, ...own } = schemaIn(zone, `${name}.schema.json`);
  return $ref === undefined ? own : { ...schemaIn(zone, $ref), ...own };
}

/** The dataset whose columns a dataset has, when its contract says no more than that. */
function sameAs(name) {
  return schemaIn('staging', `${name}.schema.json`).$ref?.replace('.schema.json', '') ?? null;
}

function schemaIn(zone, file) {
  return JSON.parse(readFileSync(new URL(`../schemas/${zone}/${file}`, import.meta.url), 'utf8'));
}

function columnTable(columns) {
  const rows = columns.map(
    ({ column, type, description }) =>
      `| \`${column}\` | ${type} | ${description.replaceAll('|', '\\|')} |`,
  );
  return ['| column | type | meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

function codes(names) {
  return names.map((name) => `\`${name}\``).join(', ');
}
