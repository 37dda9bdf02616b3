import { Option, type Command } from 'commander';
import { UsageError } from '../../errors.js';
import type { Major } from '../../dev/server-directory.js';
import type { StartedServer, StartOptions } from '../../dev/start-server.js';
import type { ServerStatus } from '../../dev/server-status.js';
import type { StoppedServer } from '../../dev/stop-server.js';
import { EXIT } from '../exit-codes.js';
import { withOutput } from '../options.js';
import type { Column, Outcome } from '../output.js';
import type { Progress } from '../progress.js';
import { runCommand, type SetExitCode, type CommandContext, type OutputFlags } from '../run-command.js';

interface Flags extends OutputFlags {
  readonly pg?: string;
  readonly port?: string;
  readonly system?: boolean | string;
  readonly directory?: string;
  readonly exitCode?: boolean;
}

export function registerDev(program: Command, setExitCode: SetExitCode): void {
  const dev = program
    .command('dev')
    .description('a real PostgreSQL for development, from npm, with its data in .studymate')
    .addHelpText(
      'after',
      `
Examples:
  export $(studymate-db dev start)     start it, or find it running, and set DATABASE_URL
  studymate-db dev start --pg 15       another major, beside the first
  studymate-db dev start --system      with the PostgreSQL of this system
  studymate-db dev stop                stop what runs here; the data stays`,
    );
  const act = (
    command: Command,
    action: (flags: Flags, context: CommandContext) => Promise<Outcome>,
  ): Command =>
    withOutput(command)
      .addOption(new Option('--pg <major>', 'PostgreSQL major').choices(['15', '16', '17', '18']))
      .option('--directory <dir>', 'where the servers of this project are kept (default: .studymate)')
      .action(async (flags: Flags) =>
        setExitCode(await runCommand(flags, (context) => action(flags, context))),
      );

  act(
    dev.command('start').description('start a server, or find it running, and print its DATABASE_URL'),
    async (flags, { signal, progress }) => {
      const { startServer } = await import('../../dev/start-server.js');
      const options = startOptions(flags, signal);
      const server = await startServer(options);
      reportStart(progress, server, options);
      return showStart(server, flags);
    },
  )
    .option('--port <port>', 'port to ask for; another is used when it is taken (default: as last time)')
    .option('--system [dir]', 'use a PostgreSQL of this system, 15 or later, or the one in DIR');

  act(dev.command('stop').description('stop the servers of this project'), async (flags, { signal }) => {
    const { stopServer } = await import('../../dev/stop-server.js');
    const stopped: StoppedServer[] = [];
    for (const major of await majorsOf(flags)) {
      stopped.push(await stopServer({ directory: flags.directory, major, signal }));
    }
    return showStop(stopped);
  });

  act(dev.command('status').description('tell what runs here'), async (flags) => {
    const { serverStatus } = await import('../../dev/server-status.js');
    const servers: ServerStatus[] = [];
    for (const major of await majorsOf(flags)) {
      servers.push(await serverStatus({ directory: flags.directory, major }));
    }
    return showStatus(servers, flags);
  }).option('--exit-code', 'exit 3 unless every server listed is running, and there is one');
}

function startOptions(flags: Flags, signal: AbortSignal): StartOptions {
  return {
    directory: flags.directory,
    major: flags.pg === undefined ? undefined : asMajor(flags.pg),
    port: flags.port === undefined ? undefined : asPort(flags.port),
    systemBinaries: flags.system,
    signal,
  };
}

/** Those that were named, else those that are there. */
async function majorsOf(flags: Flags): Promise<readonly Major[]> {
  if (flags.pg !== undefined) return [asMajor(flags.pg)];
  const { listMajors } = await import('../../dev/server-directory.js');
  return listMajors(flags.directory);
}

/** Commander has already refused what is none of the choices. */
function asMajor(text: string): Major {
  return Number(text) as Major;
}

function asPort(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new UsageError('USAGE_INVALID_OPTION', `--port: «${text}» is not a port`, {
    hint: 'Give a whole number from 1 to 65535.',
  });
}

function reportStart(progress: Progress, server: StartedServer, { port }: StartOptions): void {
  const { serverVersion, state, pid, dataDirectory } = server;
  progress.report(
    { type: 'dev-server', state, serverVersion, pid, port: server.port, dataDirectory },
    `PostgreSQL ${serverVersion} ${state}: process ${pid}, port ${server.port}, data in ${dataDirectory}`,
  );
  if (port !== undefined && port !== server.port) {
    const reason = state === 'started' ? 'is taken' : 'was not used: the server already runs on another';
    progress.report({ type: 'port-changed', wished: port, port: server.port }, `port ${port} ${reason}`);
  }
  if (server.setAside !== undefined) {
    progress.report(
      { type: 'set-aside', path: server.setAside },
      `the data directory could not be used; it was moved to ${server.setAside}, and a new one made`,
    );
  }
}

/** On the table format one line for the shell: as «export $(…)» wants it. */
function showStart(server: StartedServer, flags: Flags): Outcome {
  const { connectionString, state, serverVersion, port, pid, dataDirectory } = server;
  const rows = [{ connectionString, state, serverVersion, port, pid, dataDirectory }];
  return {
    data: server,
    columns: [{ key: 'connectionString', label: 'DATABASE_URL' }, ...serverColumns],
    rows: flags.format === 'table' ? [] : rows,
    summary: `DATABASE_URL=${connectionString}`,
  };
}

function showStop(servers: readonly StoppedServer[]): Outcome {
  const stopped = servers.filter(({ state }) => state === 'stopped');
  return {
    data: servers,
    columns: [
      { key: 'major', label: 'PostgreSQL' },
      { key: 'state', label: 'state' },
      { key: 'pid', label: 'pid', align: 'right' },
      { key: 'mode', label: 'shutdown' },
    ],
    rows: servers.map(({ major, state, pid, mode }) => ({
      major,
      state,
      pid: pid ?? null,
      mode: mode ?? null,
    })),
    summary: stopped.length === 0 ? 'nothing was running here' : undefined,
  };
}

function showStatus(servers: readonly ServerStatus[], flags: Flags): Outcome {
  const allRun = servers.length > 0 && servers.every(({ state }) => state === 'running');
  return {
    data: servers,
    columns: [{ key: 'major', label: 'PostgreSQL' }, ...serverColumns],
    rows: servers.map((server) => ({
      major: server.major,
      state: server.state,
      serverVersion: server.state === 'running' ? server.serverVersion : null,
      port: server.state === 'running' ? server.port : null,
      pid: server.pid ?? null,
      dataDirectory: server.dataDirectory,
    })),
    summary: servers.length === 0 ? 'no server was ever started here' : undefined,
    exitCode: flags.exitCode === true && !allRun ? EXIT.found : EXIT.done,
  };
}

const serverColumns: readonly Column[] = [
  { key: 'state', label: 'state' },
  { key: 'serverVersion', label: 'version' },
  { key: 'port', label: 'port', align: 'right' },
  { key: 'pid', label: 'pid', align: 'right' },
  { key: 'dataDirectory', label: 'data' },
];
