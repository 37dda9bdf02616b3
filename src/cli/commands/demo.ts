import type { Command } from 'commander';
import { withOutput } from '../options.js';
import type { SetExitCode } from '../program.js';

export function registerDemo(program: Command, _setExitCode: SetExitCode): void {
  withOutput(program.command('demo').description('show the main job on a real PostgreSQL of its own'));
}
