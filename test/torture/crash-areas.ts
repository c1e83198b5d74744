import { type Area, type Cases, spread } from './area.ts';
import { disturb, fullRun, incrementalRun, pullingRun, type Scenario } from './scenario.ts';
import { type States, statesOf } from './states.ts';

const made = new Map<string, Promise<Scenario>>();

/** Each scenario is made once, whoever needs it. */
function scenario(name: string): Promise<Scenario> {
  const make = SCENARIOS[name];
  if (make === undefined) throw new Error(`There is no scenario ${name}.`);
  const known = made.get(name) ?? make();
  made.set(name, known);
  return known;
}

const SCENARIOS: Readonly<Record<string, () => Promise<Scenario>>> = {
  full: () => fullRun(),
  incremental: () => incrementalRun(),
  pull: pullingRun,
};

/** Folders of the scenarios that were made. */
export async function scenarioFolders(): Promise<readonly string[]> {
  const all = await Promise.all([...made.values()]);
  return all.map(({ template }) => template);
}

/** Areas about ends that nobody announced. */
export const CRASH_AREAS: readonly Area[] = [
  {
    name: 'state',
    about:
      'Begins a run anew from every state that the lake passes through in a full and an incremental run: what a kill there leaves.',
    share: 4,
    lane: 'here',
    prepare: prepareStates,
  },
  {
    name: 'kill',
    about:
      'Kills a process (SIGKILL) before or after an operation of a full run, an incremental run and a first pull, and runs again.',
    share: 2,
    lane: 'processes',
    prepare: (seed) => preparePoints(seed, { runs: ['full', 'incremental', 'pull'], of: killed }),
  },
  {
    name: 'power',
    about:
      'Cuts the power: kills, and takes away a drawn part of what was not synced; then runs again.',
    share: 2,
    lane: 'processes',
    prepare: (seed) => preparePoints(seed, { runs: ['full', 'incremental'], of: withoutPower }),
  },
  {
    name: 'disk',
    about:
      'Has the disk refuse an operation and all after it: the run ends with 74 and a remedy, and the next one makes it good.',
    share: 1,
    lane: 'processes',
    prepare: prepareDisk,
  },
];

async function prepareStates(seed: number): Promise<Cases> {
  const runs = ['full', 'incremental'];
  const states = new Map<string, States>();
  for (const name of runs) states.set(name, await statesOf(await scenario(name)));
  const counts = runs.map((name) => states.get(name)?.count ?? 0);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return {
    possible: all,
    idAt: (n) => {
      const place = spread(n, all, seed);
      const [first = 0] = counts;
      return place < first ? `full:${place}` : `incremental:${place - first}`;
    },
    run: async (id) => {
      const [name = '', at] = id.split(':');
      const difference = (await states.get(name)?.resume(Number(at))) ?? null;
      return { difference, counts: { [`states of a ${name} run`]: 1 } };
    },
    close: () => {
      for (const one of states.values()) one.close();
    },
  };
}

/** What is done at a point of a scenario. `draw` is a number of the seed. */
type Disturbance = (
  of: Scenario,
  at: { readonly point: number; readonly draw: number },
) => Promise<string | null>;

const killed: Disturbance = (of, { point }) => disturb(of, { kill: point });
const withoutPower: Disturbance = (of, { point, draw }) => disturb(of, { kill: point, lose: draw });

/** Ids are `<scenario>:<point>:<draw>`; each operation has a point before and one after it. */
async function preparePoints(
  seed: number,
  what: { readonly runs: readonly string[]; readonly of: Disturbance },
): Promise<Cases> {
  const points = new Map<string, number>();
  for (const name of what.runs) {
    points.set(name, (await scenario(name)).operations.length * 2);
  }
  return {
    possible: [...points.values()].reduce((sum, count) => sum + count, 0),
    idAt: (n) => {
      const name = what.runs[n % what.runs.length] ?? '';
      const turn = Math.floor(n / what.runs.length);
      return `${name}:${spread(turn, points.get(name) ?? 1, seed)}:${seed + turn}`;
    },
    run: async (id) => {
      const [name = '', point, draw] = id.split(':');
      const at = { point: Number(point), draw: Number(draw) };
      const difference = await what.of(await scenario(name), at);
      return { difference, counts: { [`points of a ${name} run`]: 1 } };
    },
  };
}

const REFUSALS = ['ENOSPC', 'EROFS', 'EACCES', 'EIO', 'EDQUOT', 'EPERM'] as const;

async function prepareDisk(seed: number): Promise<Cases> {
  const { length } = (await scenario('full')).operations;
  return {
    possible: length * REFUSALS.length,
    idAt: (n) =>
      `full:${REFUSALS[n % REFUSALS.length]}:${spread(Math.floor(n / REFUSALS.length), length, seed)}`,
    run: async (id) => {
      const [name = '', refuse = '', at] = id.split(':');
      const difference = await disturb(await scenario(name), { refuse, at: Number(at) });
      return { difference, counts: { [`refusals with ${refuse}`]: 1 } };
    },
  };
}
