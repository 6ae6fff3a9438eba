// What every browser test needs: one Chromium, pages that remember what went wrong, axe, screenshots.
// Run by `cargo xtask test`, or one file alone: `node --test tests/e2e/<name>.test.mjs` after `cargo xtask build`.

import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export { dist, program, startPortal, startServer } from './server.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const axeScript = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** The two sizes that count: a phone in the hand, a desktop. */
export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1440, height: 900 };

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const args = [
  // WebGL without a graphics card.
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--no-sandbox', // root in a container has no other way
  // Nothing but the test speaks to anyone.
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--disable-dev-shm-usage',
];

let browser;

/** The one browser of this test file, started when first asked for. */
export async function openBrowser() {
  if (!existsSync(executablePath)) {
    throw new Error(`no Chromium at ${executablePath}. Run: cargo xtask install --tests`);
  }
  browser ??= chromium.launch({ executablePath, args, headless: true });
  return browser;
}

/** Closes it; call it in `after`. */
export async function closeBrowser() {
  const open = browser;
  browser = undefined;
  if (open) await (await open).close();
}

/**
 * A page in a context of its own (empty storage) that records whatever goes wrong in `page.faults`: console errors and
 * warnings of the policy, uncaught errors, requests that failed or were answered with 400 and more.
 * @param {{width?: number, height?: number, lang?: 'zh'|'en', theme?: 'light'|'dark', motion?: boolean,
 *   offsite?: string[]}} options `offsite`: origins besides loopback that may be asked (none).
 */
export async function newPage({
  width = PHONE.width,
  height = PHONE.height,
  lang = 'zh',
  theme = 'light',
  motion = false,
} = {}) {
  const context = await (await openBrowser()).newContext({
    viewport: { width, height },
    locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    colorScheme: theme,
    reducedMotion: motion ? 'no-preference' : 'reduce',
    hasTouch: width < 900,
    deviceScaleFactor: 1,
  });
  const page = await context.newPage();
  page.faults = [];
  watch(page, page.faults);
  return page;
}

function watch(page, faults) {
  page.on('console', (message) => {
    const text = message.text();
    const isPolicy = /content security policy|permissions policy/i.test(text);
    if (message.type() === 'error' || (message.type() === 'warning' && isPolicy)) {
      faults.push(`console ${message.type()}: ${text} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? 'failed';
    // A page that is left, or a search that is overtaken, aborts its requests on purpose.
    if (why !== 'net::ERR_ABORTED') faults.push(`request: ${why} ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`response: ${response.status()} ${response.url()}`);
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    const isLocal = ['data:', 'blob:', 'about:'].includes(protocol) || hostname === '127.0.0.1';
    if (!isLocal) faults.push(`offsite: ${request.url()}`);
  });
}

/** Closes a page with its context, and gives back what went wrong in it. */
export async function closePage(page) {
  const faults = [...page.faults];
  await page.context().close();
  return faults;
}

/**
 * axe's serious and critical findings, one line each with the first offending elements.
 * @param {import('playwright-core').Page | import('playwright-core').Frame} page
 */
export async function axe(page) {
  // Through the debugging protocol, so that the page's own policy stays as strict as it is.
  const { readFile } = await import('node:fs/promises');
  const has = await page.evaluate(() => typeof globalThis.axe === 'object');
  if (!has) await page.evaluate(await readFile(axeScript, 'utf8'));
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, help, nodes }) => {
      const where = nodes.slice(0, 3).map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary})`);
      return `${impact} ${id}: ${help}: ${where.join('; ')}`;
    });
}

/** Saves what the page shows as tests/e2e/out/<name>.png. */
export async function screenshot(page, name) {
  const folder = join(here, 'out');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  return path;
}
