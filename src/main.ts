// SPDX-License-Identifier: Apache-2.0
import { exitCodeOfFailure } from './errors/exit-code.js';
import { version } from './version.js';

/** Everything written so far has left the process, or its reader is gone. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0 || stream.destroyed) resolve();
    else stream.write('', () => resolve());
  });
}

async function main(argv: string[]): Promise<number> {
  // The one answer that scripts ask for in loops; it needs no framework.
  if (argv.length === 2 && argv[0] === 'version' && argv[1] === '--client') {
    process.stdout.write(`Client Version: v${version}\n`);
    return 0;
  }
  try {
    const { runProgram } = await import('./program.js');
    await runProgram(argv);
    return Number(process.exitCode ?? 0);
  } catch (thrown) {
    const { failureOf, failureText } = await import('./commands/failure-text.js');
    const failure = failureOf(thrown);
    process.stderr.write(failureText(failure));
    return exitCodeOfFailure(failure);
  }
}

// `| head -1` closes our stdout; that is the reader's right and no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

void main(process.argv.slice(2)).then(async (code) => {
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(code);
});
