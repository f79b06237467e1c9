// SPDX-License-Identifier: Apache-2.0

/** The longest head of a response that is read, in bytes: Node.js' own limit. */
export const longestHeadBytes = 16 * 1024;

const opening = 'HTTP/1.';
const statusLine = /^HTTP\/1\.\d (\d{3})(?: |$)/;
const lineFeed = 10;
const carriageReturn = 13;

/**
 * Reads the head of an HTTP/1 response (RFC 9112) as its bytes come in, however they are cut, and keeps nothing of it but
 * the status: a whole client costs a prober more than its probes. Fields are not looked at.
 */
export class ResponseHead {
  private bytes = 0;
  private line = '';
  /** Of the head that is being read, once its first line is. */
  private status: number | undefined;
  private isBlankLine = true;

  /**
   * Takes the next bytes. Returns the status once the head is whole, `invalid` for what is not HTTP/1 or too long, and
   * undefined while there must come more. Interim responses (1xx, but for 101) are skipped.
   */
  take(bytes: Uint8Array): number | 'invalid' | undefined {
    for (const byte of bytes) {
      if (++this.bytes > longestHeadBytes) return 'invalid';
      if (this.status === undefined) {
        if (!this.takeOfStatusLine(byte)) return 'invalid';
      } else if (byte !== lineFeed) {
        if (byte !== carriageReturn) this.isBlankLine = false;
      } else if (!this.isBlankLine) {
        this.isBlankLine = true;
      } else if (this.status >= 200 || this.status === 101) {
        return this.status;
      } else {
        this.status = undefined;
      }
    }
    return undefined;
  }

  /** Whether it may still be HTTP/1. What is not is told at once: it may be of a server that waits for us to go on. */
  private takeOfStatusLine(byte: number): boolean {
    if (byte !== lineFeed) {
      this.line += String.fromCharCode(byte);
      return this.line.length > opening.length || opening.startsWith(this.line);
    }
    const status = statusLine.exec(this.line.trimEnd())?.[1];
    this.line = '';
    if (status === undefined) return false;
    this.status = Number(status);
    return true;
  }
}
