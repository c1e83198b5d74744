// A thread that does tasks, for code that runs as it is in src/.
import { load } from './load.mjs';

await load('task-worker');
