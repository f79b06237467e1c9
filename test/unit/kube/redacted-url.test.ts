// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { redactedText, redactedUrl } from '../../../src/kube/redacted-url.js';

test.each([
  ['http://jane:secret@proxy.example:3128/x', 'http://jane:xxxxx@proxy.example:3128/x'],
  ['socks5://:secret@proxy.example', 'socks5://:xxxxx@proxy.example'],
  ['jane:secret@proxy.example:3128', 'jane:xxxxx@proxy.example:3128'],
  ['http://jane:se@cret@ bad host', 'http://jane:xxxxx@ bad host'],
  ['http://jane@proxy.example', 'http://jane@proxy.example'],
  ['https://api.example:6443/a:b@c', 'https://api.example:6443/a:b@c'],
])('the password of %s is not shown', (url, shown) => {
  expect(redactedUrl(url)).toBe(shown);
});

test.each([
  ['http://bob:s3cr/et@proxy.example:3128', 'http://bob:xxxxx@proxy.example:3128'],
  ['http://bob:s3cr@et/@proxy.example:3128', 'http://bob:xxxxx@proxy.example:3128'],
  ['http://bob/jane:s3cret@proxy.example', 'http://bob/jane:xxxxx@proxy.example'],
  ['bob:s3c?r#et@proxy.example', 'bob:xxxxx@proxy.example'],
  ['http:/bob:s3cret@proxy.example', 'http:xxxxx@proxy.example'],
  ['http://jane:s3c\nret@bad host', 'http://jane:xxxxx@bad host'],
  ['http://bad host', 'http://bad host'],
])('of %j, which is no URL, no password is shown', (text, shown) => {
  expect(redactedText(text)).toBe(shown);
});
