import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../checkout.ts';
import { MAPPINGS } from './datasets.ts';
import { type Field, isField } from './fields.ts';
import { headerKey } from './header-key.ts';
import { refusal } from './refusal.ts';

/** One name of a column, with what else there is to say of it. */
type Name = string | { readonly name: string; readonly unit?: 'micros'; readonly segment?: string };

/** A mapping file: which headers mean what. */
interface MappingFile {
  /** The platform's name for people. */
  readonly label?: string;
  /** Other names of the platform, as they stand in columns of channels and in names of files. */
  readonly aliases?: readonly string[];
  readonly attribution_rule?: string;
  /** Where rows lie in answers that were saved as JSON. */
  readonly rows?: readonly string[];
  /** Headers by field, the best first: of several that are there, the first is taken. */
  readonly columns?: Readonly<Record<string, readonly Name[]>>;
  /** Headers that are known and have no column of their own. */
  readonly known?: readonly string[];
}

/** What a header means. */
export interface Meaning {
  readonly field: Field | null;
  readonly unit?: 'micros';
  readonly segment?: string;
  /** Place among the names of its field: of two columns for one field, the smaller counts. */
  readonly rank: number;
  /** The language of the dictionary it stands in; null: the platform's own names. */
  readonly language: string | null;
}

/** Everything known of one platform's exports. */
export interface Mapping {
  readonly platform: string;
  readonly label: string;
  readonly aliases: readonly string[];
  readonly attributionRule: string | null;
  readonly rows: readonly string[];
  /** By header key; several where languages differ. */
  readonly meanings: ReadonlyMap<string, readonly Meaning[]>;
  /** Headers as they are spelled: platforms differ in capitals where they do not in words. */
  readonly spellings: ReadonlySet<string>;
}

const FOLDER = join(CHECKOUT, 'src', 'imports');
/** Names that programs and analysts use whatever the platform: campaign_name, spend and so on. */
const GENERIC = join(FOLDER, 'names.json');
/** Header dictionaries of Meta's Ads Manager, one for each language. */
const LANGUAGES = join(FOLDER, 'languages');

let loaded: readonly Mapping[] | null = null;

/** Every platform's mapping, read once per process. Throws `IMPORT_REFUSED` when one is broken. */
export function mappings(): readonly Mapping[] {
  loaded ??= readdirSync(MAPPINGS)
    .filter((name) => name.endsWith('.json'))
    .map((name) => load(name.slice(0, -'.json'.length)));
  return loaded;
}

/** The mapping with a person's own names (a mapping file of the same form) before its own. */
export function withOwnNames(mapping: Mapping, path: string): Mapping {
  const own = readMapping(path);
  const meanings = new Map(mapping.meanings);
  const spellings = new Set(mapping.spellings);
  addNames({ meanings, spellings }, own, { language: null, isFirst: true });
  return {
    ...mapping,
    attributionRule: own.attribution_rule ?? mapping.attributionRule,
    rows: [...(own.rows ?? []), ...mapping.rows],
    meanings,
    spellings,
  };
}

function load(platform: string): Mapping {
  const file = readMapping(join(MAPPINGS, `${platform}.json`));
  const meanings = new Map<string, readonly Meaning[]>();
  const to = { meanings, spellings: new Set<string>() };
  addNames(to, file, { language: null, isFirst: false });
  if (platform === 'meta') {
    for (const name of readdirSync(LANGUAGES)) {
      const language = name.slice(0, -'.json'.length);
      addNames(to, readMapping(join(LANGUAGES, name)), { language, isFirst: false });
    }
  }
  addNames(to, readMapping(GENERIC), { language: null, isFirst: false });
  return {
    platform,
    label: file.label ?? platform,
    aliases: file.aliases ?? [platform],
    attributionRule: file.attribution_rule ?? null,
    rows: file.rows ?? [],
    ...to,
  };
}

function addNames(
  to: { readonly meanings: Map<string, readonly Meaning[]>; readonly spellings: Set<string> },
  file: MappingFile,
  how: { readonly language: string | null; readonly isFirst: boolean },
): void {
  const add = (text: string, meaning: Meaning): void => {
    const { key, name } = headerKey(text);
    const before = to.meanings.get(key) ?? [];
    to.spellings.add(name);
    to.meanings.set(key, how.isFirst ? [meaning, ...before] : [...before, meaning]);
  };
  for (const [field, names] of Object.entries(file.columns ?? {})) {
    for (const [rank, name] of names.entries()) {
      const { name: text, ...more } = typeof name === 'string' ? { name } : name;
      add(text, { field: field as Field, rank, language: how.language, ...more });
    }
  }
  for (const text of file.known ?? []) add(text, { field: null, rank: 0, language: how.language });
}

function readMapping(path: string): MappingFile {
  const file = parse(path);
  const unknown = Object.keys(file.columns ?? {}).filter((name) => !isField(name));
  const isList = Object.values(file.columns ?? {}).every((names) => Array.isArray(names));
  if (unknown.length === 0 && isList) return file;
  const found = unknown.length > 0 ? `it names ${unknown.join(', ')}` : 'its names are no lists';
  throw refusal(
    `The mapping ${path} cannot be used: ${found}.`,
    'Write it as {"columns": {"spend": ["Header"], …}}, with fields that the README lists.',
  );
}

function parse(path: string): MappingFile {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as MappingFile;
  } catch (cause) {
    throw refusal(
      `The mapping ${path} cannot be read: ${cause instanceof Error ? cause.message : cause}.`,
      'Give --mapping a JSON file like {"columns": {"spend": ["Header"]}}.',
    );
  }
}
