// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { renderHtml } from '../../src/report/html/html.js';
import { connectFromOne, connectFromTwo, ping, reportOf, web0, web1 } from '../unit/report/sample-reports.js';
import { bigReport } from './big-report.js';
import { startBrowser } from './browser.js';
import contrasts from './contrast.browser.js';

let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netmachinery-html-'));
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

interface Shown {
  page: Page;
  /** What the page asked for, and what it complained of. */
  requests: string[];
  complaints: string[];
}

/** How many rows of the list are to be seen. */
const rowsShown = (page: Page) =>
  page.evaluate<number>(
    "[...document.querySelectorAll('.list tbody tr')].filter((row) => row.getClientRects().length > 0).length",
  );

let pages = 0;
async function show(
  report: Report,
  options: {
    viewport?: typeof desktop;
    colorScheme?: 'light' | 'dark';
    hash?: string;
    javaScriptEnabled?: boolean;
  } = {},
): Promise<Shown> {
  const { viewport = desktop, hash = '', ...rest } = options;
  const file = join(folder, `${pages++}.html`);
  await writeFile(file, renderHtml(report));
  const page = await browser.newPage({ viewport, ...rest });
  onTestFinished(() => page.close());
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('dialog', (dialog) => complaints.push(dialog.message()));
  const { href } = pathToFileURL(file);
  await page.goto(`${href}${hash}`);
  expect(requests.filter((url) => !url.startsWith('data:')).map((url) => url.replace(/#.*/, ''))).toEqual([href]);
  return { page, requests, complaints };
}

const cell = (page: Page, source: string, column: number) =>
  page.locator(`.grid tbody tr:has(th [title="${source}"]) td >> nth=${column} >> button`);

describe.each([
  ['a desktop', desktop],
  ['a phone', phone],
] as const)('30 sources and destinations on %s', (_, viewport) => {
  it.each(['light', 'dark'] as const)(
    'are readable in the %s: contrast, and nothing wider than the window',
    async (colorScheme) => {
      const { page, complaints } = await show(bigReport(), { viewport, colorScheme });
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
      for (const mode of ['#by-verdict', '#by-time']) {
        await page.locator(`label:has(${mode})`).click();
        expect(await page.evaluate<string[]>(contrasts)).toEqual([]);
      }
      expect(complaints).toEqual([]);
    },
  );

  it('keep their headers in sight, and open what a cell stands for', async () => {
    const { page } = await show(bigReport(), { viewport });
    const scroll = page.locator('.scroll').first();
    await scroll.scrollIntoViewIfNeeded();
    const wanted = page.locator('.grid').first().locator('tbody tr').nth(20).locator('td').nth(24).locator('button');
    await wanted.scrollIntoViewIfNeeded();
    const box = await scroll.boundingBox();
    const row = await page.locator('.grid').first().locator('tbody tr').nth(20).locator('th').boundingBox();
    const column = await page.locator('.grid').first().locator('thead th').nth(25).boundingBox();
    expect(Math.abs((row?.x ?? 0) - (box?.x ?? 0))).toBeLessThan(3);
    expect(Math.abs((column?.y ?? 0) - (box?.y ?? 0))).toBeLessThan(3);
    await wanted.click();
    const details = page.locator('#details');
    const label = (await wanted.getAttribute('aria-label')) ?? '';
    expect(label).toMatch(/^bank\/db-20 to bank\/pod\/db-25: pass/);
    expect(await details.locator('h3').textContent()).toBe('icmp bank/db-20 to bank/pod/db-25');
    const shown = await details.boundingBox();
    expect((shown?.x ?? -1) >= 0 && (shown?.x ?? 0) + (shown?.width ?? 0) <= viewport.width).toBe(true);
    await page.keyboard.press('Escape');
    expect(await details.isVisible()).toBe(false);
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe(label);
  });
});

describe('the matrix', () => {
  it('has real headers, and says in words what it says in colours', async () => {
    const { page } = await show(connectFromTwo);
    await expect(page.getByRole('columnheader', { name: 'svc/api:80' }).first().textContent()).resolves.toBe(
      'svc/api:80',
    );
    expect(await page.getByRole('rowheader', { name: 'web-0' }).count()).toBeGreaterThan(0);
    const button = page.getByRole('button', { name: 'web-1 to svc/api:80 (api-6d5f9c7b4-9vvtm): error', exact: true });
    expect(await button.textContent()).toContain('!');
  });

  it('shows times instead of verdicts, and says of which kind', async () => {
    const { page } = await show(bigReport());
    const one = cell(page, 'shop/db-1', 3).first();
    expect(await one.innerText()).toBe('✓');
    await page.locator('label:has(#by-time)').click();
    expect(await one.innerText()).toMatch(/^\.\d\d$/);
    expect(await page.locator('.legend.t').innerText()).toContain('p95 in ms');
  });

  it('is walked by arrow keys, one stop for the tab key', async () => {
    const { page } = await show(bigReport());
    const grid = page.locator('.grid').first();
    expect(await grid.locator('button[tabindex="0"]').count()).toBe(1);
    await grid.locator('button[tabindex="0"]').focus();
    const focused = () => page.locator(':focus').getAttribute('aria-label');
    const start = await focused();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).not.toBe(start);
    // The cell of a source and itself is passed over.
    expect(await focused()).toMatch(/^shop\/db-1 to shop\/pod\/db-2: pass/);
    await page.keyboard.press('ArrowLeft');
    expect(await focused()).toMatch(/^shop\/db-1 to /);
    await page.keyboard.press('Enter');
    expect(await page.locator('#details').isVisible()).toBe(true);
    expect(await grid.locator('button[tabindex="0"]').count()).toBe(1);
  });
});

describe('the list', () => {
  it('shows what did not pass, all of it when asked, and what is searched for', async () => {
    const { page } = await show(bigReport());
    expect(await rowsShown(page)).toBe(172);
    await page.locator('label:has(#rows-all)').click();
    expect(await rowsShown(page)).toBe(1740);
    await page.locator('#search').fill('db-17 refused');
    expect(await rowsShown(page)).toBe(29);
    expect(await page.locator('#found').textContent()).toBe('29 found');
    await page.locator('.list tr.fail:not([hidden]) td', { hasText: 'shop/db-4' }).click();
    expect(await page.locator('#details dd').first().textContent()).toContain('shop/db-4');
    expect(await page.locator('#details .hint').textContent()).toContain('NetworkPolicy bank/db-ingress');
  });

  it('can be linked to', async () => {
    const { page } = await show(connectFromOne, { hash: '#r4' });
    expect(await page.locator('#details h3').textContent()).toBe('tcp shop/web-0 to db/pod/db-0:5432');
    expect(await page.locator('.grid').count()).toBe(0);
  });

  it('and the matrix are there without JavaScript', async () => {
    const { page } = await show(bigReport(), { javaScriptEnabled: false });
    expect(await rowsShown(page)).toBe(172);
    await page.locator('label:has(#rows-all)').click();
    expect(await rowsShown(page)).toBe(1740);
    await page.locator('label:has(#by-time)').click();
    expect(await cell(page, 'shop/db-1', 3).first().innerText()).toMatch(/^\.\d\d$/);
  });
});

it('is printed: nothing to press, nothing cut off', async () => {
  const { page } = await show(bigReport());
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  expect(await page.locator('fieldset:visible, input:visible').count()).toBe(0);
  const cut = await page.evaluate<string[]>(
    "[...document.querySelectorAll('.scroll')].map((each) => getComputedStyle(each).overflowX)",
  );
  expect(new Set(cut)).toEqual(new Set(['visible']));
  expect(await page.evaluate<string>('getComputedStyle(document.body).color')).toBe('rgb(27, 36, 48)');
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
});

it('shows texts of other people as texts, and runs none', async () => {
  const hostile = [
    `</script><script>alert('script')</script>`,
    `"><img src=x onerror=alert('attribute')>`,
    `<style>*{display:none}</style>`,
    `<meta http-equiv="refresh" content="0;url=https://example.com/">`,
    `&lt;b&gt;`,
    `{{constructor.constructor('alert(1)')()}}`,
    `<a href="javascript:alert('link')">x</a>`,
    `<!--`,
    `]]>`,
  ];
  const results = hostile.flatMap((text) =>
    [web0, web1].map((source) =>
      ping(
        { ...source, pod: `${source.pod}${text}`, node: text },
        { ref: text, kind: 'pod', name: text, namespace: text, address: text },
        1,
        { verdict: 'fail', reason: 'NoReply', message: text, labels: { x: text }, test: text, suite: 'one' },
      ),
    ),
  );
  const report = reportOf('ping', results, { warnings: hostile });
  const { page, complaints, requests } = await show({
    ...report,
    hints: [{ results: ['r1', 'r2'], text: hostile.join(' ') }],
  });
  for (const button of await page.locator('.grid button').all()) {
    await button.dispatchEvent('click');
  }
  for (const text of hostile) {
    expect(await page.locator('.list td').filter({ hasText: text }).first().isVisible()).toBe(true);
  }
  expect(await page.locator('img, meta[http-equiv="refresh"], .list a, aside a, main style').count()).toBe(0);
  expect(complaints).toEqual([]);
  expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
});
