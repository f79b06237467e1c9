// SPDX-License-Identifier: Apache-2.0
import os from 'node:os';
import { enableCompileCache } from './compile-cache.js';
import { imageWithoutFile } from './config-path.js';
import { exitCodeOfFailure } from './errors/exit-code.js';
import { clientVersionText } from './tool-image.js';

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

/**
 * The framework asks for the home folder and the login shell while it loads. A user id without a passwd entry has neither,
 * and the system call throws for both.
 */
function ensureHomeAndShell(): void {
  try {
    os.homedir();
  } catch {
    process.env['HOME'] = '/';
    // Bun looks at the variables that the process was started with.
    Object.assign(os, { homedir: () => '/' });
  }
  try {
    if (process.env['SHELL'] === undefined) os.userInfo();
  } catch {
    process.env['SHELL'] = '/bin/sh';
  }
}

/** Any other command line is not looked at by what knows all commands and flags: that would take 5 ms. */
function mayAskForHelp(argv: readonly string[]): boolean {
  return argv.length < 2 || argv[0] === 'help' || argv.includes('-h') || argv.includes('--help');
}

async function main(argv: string[]): Promise<number> {
  // The one answer that scripts ask for in loops; it needs no framework.
  if (argv.length === 2 && argv[0] === 'version' && argv[1] === '--client') {
    const image = imageWithoutFile(process.env);
    if (image !== undefined) {
      process.stdout.write(clientVersionText(image));
      return 0;
    }
  }
  ensureHomeAndShell();
  enableCompileCache(process.env);
  if (argv[0] === '__complete') {
    const { completionText } = await import('./completion/complete.js');
    process.stdout.write(await completionText(argv.slice(1), process.env));
    // Node.js, unlike Bun, does not end before the system's resolver gives a name up, which takes half a minute.
    if (process.versions['bun'] === undefined && process.getActiveResourcesInfo().includes('GetAddrInfoReqWrap')) {
      await flushed(process.stdout);
      process.kill(process.pid, 'SIGKILL');
    }
    return 0;
  }
  try {
    const asked = mayAskForHelp(argv) ? (await import('./help/asked-help.js')).askedHelp(argv) : undefined;
    if (asked !== undefined) {
      (await import('./commands/answer-help.js')).answerHelp(asked);
      return 0;
    }
    const { runProgram } = await import('./program.js');
    // The framework sets a listener of its own while it loads, which throws.
    await runProgram(argv, () => process.stdout.removeAllListeners('error').on('error', noteLostOutput));
    return Number(process.exitCode ?? 0);
  } catch (thrown) {
    const { failureOf, failureText } = await import('./commands/failure-text.js');
    let failure = failureOf(thrown, argv);
    if (failure.code === 'forbidden') {
      const { withMissingRole } = await import('./commands/forbidden.js');
      failure = withMissingRole(failure, argv);
    }
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
