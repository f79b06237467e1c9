// SPDX-License-Identifier: Apache-2.0
import { exitCodeOfFailure } from './errors/exit-code.js';
import { version } from './version.js';

/**
 * Everything written so far has left the process, or its reader is gone. Bun says of a pipe with a slow reader that nothing
 * is left to be written: only the end is known to be reached when it is. Node.js must not end it: where it is a socket (what
 * a parent of Node.js calls a pipe) that shuts it down for every process that shares it.
 */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) resolve();
    stream.once('error', () => resolve());
    stream.once('close', () => resolve());
    if (process.versions['bun'] === undefined) stream.write('', () => resolve());
    else stream.end(() => resolve());
  });
}

let lostOutput: NodeJS.ErrnoException | undefined;

/** `| head -1` closes our stdout; that is the reader's right and no error. A full disk is one. */
function noteLostOutput(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') lostOutput = error;
}

async function main(argv: string[]): Promise<number> {
  // The one answer that scripts ask for in loops; it needs no framework.
  if (argv.length === 2 && argv[0] === 'version' && argv[1] === '--client') {
    process.stdout.write(`Client Version: v${version}\n`);
    return 0;
  }
  try {
    const { runProgram } = await import('./program.js');
    // The framework has set a listener of its own, which throws.
    process.stdout.removeAllListeners('error').on('error', noteLostOutput);
    await runProgram(argv);
    return Number(process.exitCode ?? 0);
  } catch (thrown) {
    const { failureOf, failureText } = await import('./commands/failure-text.js');
    const failure = failureOf(thrown);
    process.stderr.write(failureText(failure));
    return exitCodeOfFailure(failure);
  }
}

process.stdout.on('error', noteLostOutput);
// Nobody has to read notes; what was found and the exit code do not depend on it.
process.stderr.on('error', () => undefined);

void main(process.argv.slice(2)).then(async (code) => {
  await flushed(process.stdout);
  if (lostOutput !== undefined) process.stderr.write(`error: writing the output: ${lostOutput.message}\n`);
  await flushed(process.stderr);
  process.exit(lostOutput === undefined ? code : 3);
});
