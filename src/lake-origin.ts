import { join } from 'node:path';
import { AdlakeError } from './errors.ts';
import { readIfThere, writeIfChanged } from './file.ts';
import { accountsLanded } from './landing/batch.ts';
import { DATASETS } from './pipeline.ts';
import { type Lake, zoneDir } from './zone.ts';

/** Whether answers come from real accounts or from the sandbox. */
export type LakeOrigin = 'real' | 'sandbox';

const MARK = 'SANDBOX.txt';
const MARK_TEXT = `Everything in this lake is synthetic: it was pulled from adlake's sandbox, a local Marketing API
without real accounts behind it. A lake holds either synthetic or real data, never both.
`;

/** Where the data of the lake came from; null when nothing has landed yet. */
export function originOf(lake: Lake): LakeOrigin | null {
  if (readIfThere(markFile(lake)) !== null) return 'sandbox';
  const isFed = DATASETS.some(
    (dataset) => dataset.platform !== 'internal' && accountsLanded(lake, dataset).length > 0,
  );
  return isFed ? 'real' : null;
}

/**
 * Refuses to mix synthetic and real data in one lake, which nobody could take apart again. Throws
 * `CONFIG_INVALID`.
 */
export function checkOrigin(lake: Lake, source: LakeOrigin): void {
  const found = originOf(lake);
  if (found === null || found === source) return;
  const [message, remedy] =
    found === 'sandbox'
      ? [
          `The lake ${lake.home} holds synthetic data of the sandbox, and now a token for real accounts is set.`,
          'Give real data a lake of its own: --lake DIR, or PROJECT_ROOT. Or empty zones and cache first.',
        ]
      : [
          `The lake ${lake.home} holds data of real accounts, and without a token the synthetic data of the sandbox would be added to it.`,
          'Set META_ACCESS_TOKEN to go on with this lake, use --offline, or give the sandbox another lake with --lake DIR.',
        ];
  throw new AdlakeError({ code: 'CONFIG_INVALID', message, remedy });
}

/** Marks a lake as synthetic, so that real data never gets in by mistake. */
export function markSandbox(lake: Lake): void {
  writeIfChanged(markFile(lake), Buffer.from(MARK_TEXT));
}

function markFile(lake: Lake): string {
  return join(zoneDir(lake, 'landing'), MARK);
}
