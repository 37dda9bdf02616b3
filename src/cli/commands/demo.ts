import type { Command } from 'commander';
import { withOutput } from '../options.js';
import { runCommand, type SetExitCode, type OutputFlags } from '../run-command.js';

export function registerDemo(program: Command, setExitCode: SetExitCode): void {
  withOutput(
    program.command('demo').description('show the main job end to end on a real PostgreSQL of its own'),
  ).action(async (flags: OutputFlags) => {
    setExitCode(
      await runCommand(flags, async ({ signal, progress }) => {
        const { runDemo } = await import('../../demo/demo.js');
        const { demoOutcome } = await import('../demo-output.js');
        return demoOutcome(
          await runDemo({ signal, onStep: (step) => progress.report({ type: 'step', step }, `… ${step}`) }),
        );
      }),
    );
  });
}
