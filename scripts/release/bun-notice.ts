// SPDX-License-Identifier: Apache-2.0
import { mitText } from './mit-text.js';

/** What Bun's executable is made of beside Bun, by licence (oven-sh/bun, LICENSE.md). */
const linked: Record<string, string> = {
  'LGPL-2.0': 'JavaScriptCore and WebCore of WebKit',
  'LGPL-2.1': 'TinyCC',
  MIT: 'brotli, ls-hpack, ls-qpack, lsquic (parts BSD-3-Clause), mimalloc, picohttpparser, c-ares, libdeflate, uucode, libuv (Windows)',
  'Apache-2.0': 'simdutf, uSockets, uWebSockets, highway, parts of TigerBeetle',
  'BSD-2-Clause': 'libbase64, libspng',
  'BSD-3-Clause': 'lol-html, libwebp, zstd',
  Zlib: 'zlib-ng',
  'licences of their own':
    'BoringSSL, libarchive, ICU (Unicode-3.0), libjpeg-turbo (IJG), libc++abi of LLVM (Apache-2.0 with LLVM exception)',
};

/** What is to be said of the runtime that a single executable contains. */
export function bunNotice(version: string): string {
  const table = Object.entries(linked).map(([licence, names]) => `  ${licence}: ${names}`);
  return [
    `The single executable contains Bun ${version}, unchanged. Its licences in full: LICENSE.md of github.com/oven-sh/bun,`,
    `tag bun-v${version}. Bun links statically with these, and embeds ports of Node.js modules under the MIT licence:`,
    '',
    ...table,
    '',
    'WebKit as Bun uses it is at github.com/oven-sh/WebKit; how to change it and link Bun again is said in LICENSE.md above.',
    'The archive without a platform in its name holds the same program as JavaScript, which can be compiled with such a Bun.',
    '',
    mitText('Oven and the authors of Bun'),
  ].join('\n');
}
