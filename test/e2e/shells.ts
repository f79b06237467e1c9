// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPackages } from '../cluster/packages.js';

/** The shells that users type in; Debian's packages, each with a file that tells whether it is there. */
const packages = {
  'bash-completion': '/usr/share/bash-completion/bash_completion',
  zsh: '/usr/bin/zsh',
  fish: '/usr/bin/fish',
};

/** Installs the shells that are missing. Throws a Failure where that fails. */
export function ensureShells(): Promise<void> {
  return installPackages(packages, (line) => process.stderr.write(`${line}\n`));
}

/** Runs a program to its end; throws with its stderr when it fails. */
export function outputOf(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const [command = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${command} ended with ${String(code)}: ${stdout}${stderr}`));
    });
  });
}

/** What makes Ctrl-T write the line that stands at the prompt to $TYPED. */
const showLine = {
  bash: `bind -x '"\\C-t": printf "%s\\n" "$READLINE_LINE" >>"$TYPED"; echo SHOWN'`,
  zsh: 'show() { print -r -- "$BUFFER" >>"$TYPED"; echo SHOWN >/dev/tty }; zle -N show; bindkey "^T" show; bindkey "^I" complete-word',
};

/** Types lines with a TAB at a shell's prompt on a terminal of their own (zsh/zpty). */
const typist = `
zmodload zsh/zpty
shell=$1 setup=$2
shift 2
zpty typed $shell
zpty -w typed "$setup; echo READY\\$((1))"
# What it echoes of this line is not yet the answer.
zpty -r typed shown '*READY1*'
for line; do
  # What is typed while the shell is busy may be read by the terminal, and not by it.
  zpty -n -w typed "$line"$'\\t\\C-t'
  zpty -r typed shown '*SHOWN*'
  zpty -n -w typed $'\\C-u'
done
zpty -w typed "echo DONE\\$((1))"
zpty -r typed shown '*DONE1*'
zpty -d typed
`;

/** The lines as they stand at the prompt of an interactive shell after each was typed, and TAB pressed once. */
export async function afterTab(
  shell: 'bash' | 'zsh',
  setup: string,
  lines: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'netmachinery-typed-'));
  try {
    const typed = join(folder, 'typed');
    const program = shell === 'bash' ? 'bash --norc --noprofile -i' : 'zsh -f -i';
    const environment = { ...env, TYPED: typed, TERM: 'xterm', PS1: '> ', HOME: folder, HISTFILE: '' };
    await outputOf(['zsh', '-f', '-c', typist, 'zsh', program, `${setup}; ${showLine[shell]}`, ...lines], environment);
    return (await readFile(typed, 'utf8')).split('\n').slice(0, -1);
  } finally {
    await rm(folder, { recursive: true, maxRetries: 5 });
  }
}
