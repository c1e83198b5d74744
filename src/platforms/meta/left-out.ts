import type { CampaignScope, MissingPart } from '../../batch.ts';
import { addDays, type Window } from '../../window.ts';
import type { Gap } from './answer.ts';
import { wanted } from './chosen.ts';
import { idleOf, type Standing } from './idle.ts';
import { entityQuestions, insightQuestionsOf, type PullScope } from './pull-plan.ts';

/** Days of a dataset that an account's pull did not come to. */
export interface NotAsked {
  readonly dataset: string;
  /** Account days, both inclusive; null for datasets without days. */
  readonly window: Window | null;
}

/** What of an account is still due, from landing alone: what a pull that failed has left out. */
export function notAsked(scope: PullScope, standing: Standing): readonly NotAsked[] {
  const idle = idleOf(standing);
  const days = wanted(scope, 'insights').flatMap((dataset) =>
    joined(insightQuestionsOf(scope, dataset, idle).map(({ window }) => window)).map((window) => ({
      dataset: dataset.name,
      window,
    })),
  );
  const lists = entityQuestions(scope).map(({ dataset }) => ({
    dataset: dataset.name,
    window: null,
  }));
  return [...lists, ...days];
}

/** A sentence for people: datasets with their days. */
export function notAskedText(left: readonly NotAsked[]): string {
  const texts = left.map(({ dataset, window }) => `${dataset}${daysText(window)}`);
  return `Left out: ${texts.join('; ')}.`;
}

/** A sentence for people about what Meta did not give. */
export function gapText({ dataset, window, part }: Gap): string {
  const what = part.fields === null ? 'rows' : `the fields ${part.fields.join(', ')}`;
  return `${dataset}${daysText(window)}: ${what} of ${objectsText(part)} (${part.why})`;
}

/** Windows that touch or overlap, joined, oldest first. */
function joined(windows: readonly (Window | null)[]): readonly Window[] {
  const sorted = windows
    .filter((window): window is Window => window !== null)
    .toSorted((a, b) => (a.since < b.since ? -1 : 1));
  const runs: Window[] = [];
  for (const window of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && window.since <= addDays(last.until, 1)) {
      const until = last.until > window.until ? last.until : window.until;
      runs[runs.length - 1] = { since: last.since, until };
    } else runs.push(window);
  }
  return runs;
}

function daysText(window: Window | null): string {
  if (window === null) return '';
  const { since, until } = window;
  return since === until ? ` ${since}` : ` ${since} to ${until}`;
}

function objectsText({ campaigns, ad_sets, ads }: MissingPart): string {
  const texts = [
    scopeText('ad', ads),
    scopeText('ad set', ad_sets),
    scopeText('campaign', campaigns),
  ].filter((text) => text !== '');
  return texts.length === 0 ? 'the account' : texts.join(' of ');
}

/** A scope in words; one that leaves others out stands for objects that no list has. */
function scopeText(noun: string, scope: CampaignScope): string {
  switch (scope.kind) {
    case 'all':
      return '';
    case 'in':
      return scope.ids.length === 1
        ? `${noun} ${scope.ids[0]}`
        : `${scope.ids.length} ${noun}s from ${scope.ids[0]} on`;
    case 'not_in':
      return `${noun}s that are not listed`;
  }
}
