// SPDX-License-Identifier: Apache-2.0

/** Takes one line that says what has just been done or is about to be. */
export type Progress = (line: string) => void;

/** Progress lines on stderr, each with the seconds since the start. */
export function progressOnStderr(): Progress {
  const startedMs = performance.now();
  return (line) => {
    const elapsedS = (performance.now() - startedMs) / 1000;
    process.stderr.write(`${elapsedS.toFixed(1).padStart(6)} s  ${line}\n`);
  };
}
