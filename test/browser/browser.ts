// SPDX-License-Identifier: Apache-2.0
import { chromium, type Browser } from 'playwright-core';

const executablePath = '/usr/bin/chromium-headless-shell';

/** Debian's Chromium without what a screen needs, and a font with the symbols of verdicts. */
export const browserPackages: Record<string, string> = {
  'chromium-headless-shell': executablePath,
  'fonts-dejavu-core': '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
};

/** Chromium as root of a container has no sandbox of its own; it shows our own pages only. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}
