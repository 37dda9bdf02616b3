import { stat } from 'node:fs/promises';
import { OperationError } from '../errors.js';
import { runProgram, type Account } from './program.js';

/** PostgreSQL refuses to run as root, so an account that exists anyway is borrowed; none is ever created. */
const BORROWED_ACCOUNTS = ['postgres', '_postgres', 'nobody', 'daemon'] as const;

/**
 * The account the server must run as: undefined means the caller's own. As root it is the owner of the data
 * directory, if there is one, else the first of the well-known unprivileged accounts that works here.
 *
 * @throws OperationError DEV_NO_UNPRIVILEGED_ACCOUNT
 */
export async function serverAccount(dataDirectory: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await dataDirectoryOwner(dataDirectory);
  const accounts = owner === undefined ? await findAccounts(BORROWED_ACCOUNTS) : [owner];
  for (const account of accounts) if (await canRunAs(account)) return account;
  const tried =
    owner === undefined ? BORROWED_ACCOUNTS.join(', ') : `uid ${owner.uid}, the owner of ${dataDirectory}`;
  throw new OperationError('DEV_NO_UNPRIVILEGED_ACCOUNT', 'there is no account to run PostgreSQL as', {
    detail: `PostgreSQL does not run as root, and root cannot act here as ${tried}.`,
    hint: 'Run the command as an ordinary user.',
  });
}

/** As root: whom the data directory belongs to. Undefined for everyone else, and when there is none. */
export async function dataDirectoryOwner(dataDirectory: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const data = await stat(dataDirectory).catch(() => undefined);
  return data === undefined || data.uid === 0 ? undefined : { uid: data.uid, gid: data.gid };
}

async function findAccounts(names: readonly string[]): Promise<readonly Account[]> {
  const numberOf = async (name: string, which: '-u' | '-g'): Promise<number> => {
    const { exitCode, stdout } = await runProgram('id', [which, name]);
    return exitCode === 0 ? Number(stdout) : 0;
  };
  const accounts = await Promise.all(
    names.map(async (name) => ({ uid: await numberOf(name, '-u'), gid: await numberOf(name, '-g') })),
  );
  return accounts.filter(({ uid, gid }) => uid > 0 && gid > 0);
}

/** In a user namespace that maps root alone, no other account can be taken, though its name is known. */
async function canRunAs(account: Account): Promise<boolean> {
  return (await runProgram('/bin/sh', ['-c', ':'], { account })).exitCode === 0;
}

/** True when the account may enter `folder`: tried out, since modes alone say nothing of ACLs. */
export async function canReach(account: Account | undefined, folder: string): Promise<boolean> {
  if (account === undefined) return true;
  return (await runProgram('/bin/sh', ['-c', 'cd "$0"', folder], { account })).exitCode === 0;
}
