import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig, SECRETS } from '../../src/config.ts';
import { AdlakeError } from '../../src/errors.ts';
import { type Draw, pick } from '../helpers/hostile-page.ts';
import { mutatedBytes } from './mutation.ts';
import { type Target, unexpected } from './target.ts';

/** Settings that mean nothing, in the environment or in `.env`: they are refused, and no secret is shown. */
export const SETTINGS: Target = { name: 'config', batch: 50, feed: feedSettings };

const EXAMPLE = readFileSync(fileURLToPath(new URL('../../.env.example', import.meta.url)), 'utf8');
const DOTENV = EXAMPLE.replaceAll(/^# (?=[A-Z_]+=)/gm, '');
const NAMES = [...DOTENV.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1] ?? '');
const CWD = mkdtempSync(join(tmpdir(), 'adlake-fuzz-'));
const CANARY = 'canary-9f1c';

function feedSettings(draw: Draw): string | null {
  const name = pick(draw, NAMES);
  const drawn = mutatedBytes(draw, Buffer.from(pick(draw, DOTENV.split('\n')))).toString();
  const value = SECRETS.has(name) ? `${CANARY}\n${drawn}` : drawn;
  const isFile = draw(2) === 0;
  writeFileSync(join(CWD, '.env'), isFile ? mutatedBytes(draw, Buffer.from(DOTENV)) : '');
  try {
    loadConfig({ cwd: CWD, env: isFile ? {} : { [name]: value.slice(0, 5000) } });
    return null;
  } catch (error) {
    if (error instanceof AdlakeError && `${error.message}${error.remedy}`.includes(CANARY)) {
      return `shows a secret: ${error.message}`;
    }
    return unexpected(error);
  }
}
