// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { asFailure } from '../../errors/failure.js';
import { readPeerList, type PeerList } from './peer-list.js';

/** What a look at the file brought; `failed` is told once for each new reason. */
export type Refresh =
  { kind: 'unchanged' } | { kind: 'changed'; list: PeerList } | { kind: 'failed'; message: string; isNew: boolean };

/**
 * The peer list in its file. The kubelet replaces a mounted ConfigMap by swapping a symbolic link, which inotify on the
 * file does not see: so it is read and compared. A file that cannot be read or understood changes nothing.
 */
export class PeerListFile {
  private text: string | undefined;
  private complaint: string | undefined;

  constructor(
    private readonly path: string,
    private readonly ownNamespace: string,
  ) {}

  refresh(): Refresh {
    try {
      const text = readFileSync(this.path, 'utf8');
      if (text === this.text) {
        this.complaint = undefined;
        return { kind: 'unchanged' };
      }
      const list = readPeerList(text, this.ownNamespace);
      this.text = text;
      this.complaint = undefined;
      return { kind: 'changed', list };
    } catch (thrown) {
      const message = `${this.path}: ${asFailure(thrown).message}`;
      const isNew = message !== this.complaint;
      this.complaint = message;
      return { kind: 'failed', message, isNew };
    }
  }
}
