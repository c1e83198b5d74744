import { type Family, offer } from './family.ts';

/** The commands about the access token. */
export const addAuth: Family = (program, act) => {
  const auth = program
    .command('auth')
    .description('the access token: keep it, check it, make it live longer');
  const shared = ['lake', 'json'] as const;
  offer(
    auth.command('login'),
    'keep a token, encrypted; it is read from standard input',
    shared,
  ).action(act(async () => (await import('../commands/auth.ts')).authLogin));
  offer(auth.command('check'), 'what the token may do, and until when', shared).action(
    act(async () => (await import('../commands/auth.ts')).authCheck),
  );
  offer(
    auth.command('refresh'),
    'exchange the token for a long-lived one, and keep it',
    shared,
  ).action(act(async () => (await import('../commands/auth.ts')).authRefresh));
  offer(
    auth.command('permissions'),
    'what was granted to the token, and what was declined',
    shared,
  ).action(act(async () => (await import('../commands/auth.ts')).authPermissions));
};
