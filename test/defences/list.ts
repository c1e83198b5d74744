import type { Defence } from './defence.ts';
import { DISK_DEFENCES } from './disk.ts';
import { REACH_DEFENCES } from './reach.ts';
import { ROW_DEFENCES } from './rows.ts';
import { SECRET_DEFENCES } from './secrets.ts';

/** Every defence that is seen to fail when it is taken out. */
export const DEFENCES: readonly Defence[] = [
  ...DISK_DEFENCES,
  ...ROW_DEFENCES,
  ...SECRET_DEFENCES,
  ...REACH_DEFENCES,
];
