import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { packageRoot } from '../../src/package-root.js';
import { runCli } from '../support/cli.js';
import { createDatabase } from '../support/database.js';
import { startPingServer } from '../support/ping-server.js';
import { makeTemporaryFolder } from '../support/server.js';

const run = promisify(execFile);
const document = await readFile(join(packageRoot(), 'docs', 'operations.md'), 'utf8');

/** The code block of docs/operations.md that holds the text. */
function recipe(text: string): string {
  const block = document.split(/^```\w*$/m).find((part, index) => index % 2 === 1 && part.includes(text));
  if (block === undefined) throw new Error(`docs/operations.md has no block with «${text}»`);
  return block.trim();
}

async function databaseUrl(): Promise<string> {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  return database.url;
}

/** A folder with `studymate-db`, as an installed package would put it on the path. */
async function installFor(folder: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await symlink(join(packageRoot(), 'bin', 'studymate-db.js'), join(bin, 'studymate-db'));
  return bin;
}

describe('the line for cron', () => {
  const block = recipe('/etc/cron.d/studymate-db');
  const command = /^17 3 \* \* \* studymate (.+)$/m.exec(block)?.[1] ?? '';

  async function asCron(
    url: string,
  ): Promise<{ mail: string; textfile: string; pinged: readonly { path: string }[] }> {
    const folder = await makeTemporaryFolder();
    const { url: ping, pinged } = await startPingServer();
    const textfile = join(folder, 'studymate.prom');
    // As cron runs it: /bin/sh, and no environment but what the file says.
    const { stdout, stderr } = await run(
      '/bin/sh',
      [
        '-c',
        command
          .replace('/var/lib/prometheus/node-exporter/studymate.prom', textfile)
          .replace('https://hc-ping.com/UUID', ping),
      ],
      {
        env: {
          PATH: `${await installFor(folder)}:${dirname(process.execPath)}:/usr/bin:/bin`,
          HOME: folder,
          DATABASE_URL: url,
        },
      },
    );
    return { mail: stdout + stderr, textfile, pinged };
  }

  it('maintains, and mails nothing when all is well', async () => {
    const { mail, textfile, pinged } = await asCron(await databaseUrl());
    expect(mail).toBe('');
    expect(await readFile(textfile, 'utf8')).toMatch(/^studymate_db_maintain_last_exit_code\{.*\} 0$/m);
    expect(pinged.map(({ path }) => path)).toEqual(['/check/start', '/check']);
  });

  it('mails what went wrong', async () => {
    const { mail, pinged } = await asCron('postgres://studymate_maint@127.0.0.1:1/studymate');
    expect(mail).toContain('[CONNECT_REFUSED]');
    expect(pinged.at(-1)?.path).toBe('/check/4');
  });
});

const hasSystemd = await run('systemd-analyze', ['--version']).then(
  () => true,
  () => false,
);

describe.runIf(hasSystemd)('the units for systemd', () => {
  it('are what systemd takes, without a warning', async () => {
    const folder = await makeTemporaryFolder();
    const program = join(await installFor(folder), 'studymate-db');
    for (const kind of ['service', 'timer']) {
      const unit = recipe(`/etc/systemd/system/studymate-maintain.${kind}`);
      await writeFile(
        join(folder, `studymate-maintain.${kind}`),
        unit.replace('/usr/local/bin/studymate-db', program),
      );
    }
    const units = ['service', 'timer'].map((kind) => join(folder, `studymate-maintain.${kind}`));
    const { stdout, stderr } = await run('systemd-analyze', ['verify', ...units]);
    expect(stdout + stderr).toBe('');
  });
});

it.skipIf(hasSystemd)(
  'the units for systemd are NOT checked: systemd-analyze is not installed',
  () => undefined,
);

describe('the container for Kubernetes', () => {
  it('runs with the arguments and the environment of the manifest', async () => {
    const manifest = recipe('kind: CronJob');
    const quoted = /args: \[(.+)\]/.exec(manifest)?.[1] ?? '';
    const { url: ping, pinged } = await startPingServer();
    // Kubernetes puts the variables of `env` in place of $(NAME).
    const [program, ...args] = quoted
      .split(', ')
      .map((text) => text.slice(1, -1).replace('$(PING_URL)', ping));
    expect(program).toBe('studymate-db');
    const names = [...manifest.matchAll(/- name: ([A-Z_]+)$/gm)].map(([, name]) => name);
    expect(names).toEqual(['DATABASE_URL', 'PING_URL']);
    const result = await runCli(args, { DATABASE_URL: await databaseUrl(), PING_URL: ping });
    expect(result.code, result.stderr).toBe(0);
    expect(pinged).toHaveLength(2);
  });
});
