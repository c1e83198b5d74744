import { faultNamed, LIMITS, type SandboxOptions } from '../sandbox/index.ts';
import { countOption, type Typed, usage } from './context.ts';

/** What a person typed for a sandbox, as it is started. Throws `USAGE` for anything that is not one. */
export function sandboxOptions({ options }: Typed): SandboxOptions {
  const { port, seed, faultRate, fault, limits, dataLimit, reportPolls } = options;
  return {
    port: typeof port === 'string' ? portOption(port) : 0,
    ...(typeof seed === 'string' ? { seed: countOption('--seed', seed) } : {}),
    ...faultOptions((fault ?? []) as readonly string[]),
    ...(typeof faultRate === 'string' ? { faultRate: shareOf('--fault-rate', faultRate) } : {}),
    ...(typeof limits === 'string' ? { limits: oneOf('--limits', limits, LIMITS) } : {}),
    ...(typeof dataLimit === 'string' ? { dataLimit: countOption('--data-limit', dataLimit) } : {}),
    ...(typeof reportPolls === 'string'
      ? { reportPolls: countOption('--report-polls', reportPolls) }
      : {}),
    ...hows(options),
  };
}

function hows(options: Typed['options']): Partial<SandboxOptions> {
  const { mixedValues, expiredVersions } = options;
  return {
    ...(typeof mixedValues === 'string'
      ? { mixedValues: oneOf('--mixed-values', mixedValues, ['shown', 'hidden'] as const) }
      : {}),
    ...(typeof expiredVersions === 'string'
      ? {
          expiredVersions: oneOf('--expired-versions', expiredVersions, [
            'upgraded',
            'refused',
          ] as const),
        }
      : {}),
  };
}

/** `name` is a fault with the common rate, `name=0.2` one with its own. */
function faultOptions(
  typed: readonly string[],
): Required<Pick<SandboxOptions, 'faults' | 'faultRates'>> {
  const pairs = typed.map((text) => {
    const [name = '', rate] = text.split('=', 2);
    return [name, rate] as const;
  });
  return {
    faults: pairs.flatMap(([name, rate]) => (rate === undefined ? [faultNamed(name)] : [])),
    faultRates: Object.fromEntries(
      pairs.flatMap(([name, rate]) =>
        rate === undefined ? [] : [[faultNamed(name), shareOf('--fault', rate)]],
      ),
    ),
  };
}

const LAST_PORT = 65_535;

function portOption(text: string): number {
  const port = countOption('--port', text);
  if (port <= LAST_PORT) return port;
  throw usage(`--port must be at most ${LAST_PORT}, found ${port}.`, 'Give --port 8080, say.');
}

function shareOf(name: '--fault' | '--fault-rate', text: string): number {
  if (/^(\d+\.?\d*|\.\d+)$/.test(text) && Number(text) <= 1) return Number(text);
  const example = name === '--fault' ? '--fault transient=0.2' : '--fault-rate 0.2';
  throw usage(
    `The rate of ${name} must be a number from 0 to 1, found ${JSON.stringify(text)}.`,
    `Give ${example}, say: one request in five has a fault.`,
  );
}

function oneOf<T extends string>(name: string, text: string, known: readonly T[]): T {
  const found = known.find((one) => one === text);
  if (found !== undefined) return found;
  throw usage(
    `${name} must be one of ${known.join(', ')}, found ${JSON.stringify(text)}.`,
    `Give ${name} ${known[0]}, say.`,
  );
}
