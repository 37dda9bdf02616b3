import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { randomBytes } from 'node:crypto';
import type pg from 'pg';

export interface TinyDisk {
  /** Of a tablespace that holds this much and no more. */
  readonly tablespace: string;
  /** Once nothing is in it any more. */
  drop(): Promise<void>;
}

/** A tablespace on a small file system in memory; undefined where this account may not mount one. */
export async function mountTinyDisk(
  superuser: pg.ClientBase,
  sizeBytes: number,
): Promise<TinyDisk | undefined> {
  const { rows } = await superuser.query<{ data_directory: string }>('show data_directory');
  const owner = statSync(rows[0]?.data_directory ?? '').uid;
  const name = `tiny_${randomBytes(4).toString('hex')}`;
  const folder = join(tmpdir(), `studymate-test-${name}`);
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes},uid=${owner},mode=700`, 'tmpfs', folder], {
      stdio: 'ignore',
    });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const unmount = (): void => {
    execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  };
  try {
    await superuser.query(`create tablespace ${name} location '${folder}'`);
  } catch (error) {
    unmount();
    throw error;
  }
  return {
    tablespace: name,
    async drop() {
      await superuser.query(`drop tablespace ${name}`);
      unmount();
    },
  };
}
