// The flows that count, in a real browser on the built app: open, see pins, filter, read a location, plan a trip, follow
// its link; the same on real data; in an iframe of another origin; and what happens when something is wrong.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  DESKTOP, PHONE, axe, closeBrowser, closePage, dist, newPage, program, screenshot, startPortal, startServer,
} from './harness.mjs';

/** How long a page may take on a busy machine that draws in software, ms. A flow waits for what it needs, never longer. */
const PATIENCE = 60_000;
const NANJING = '32.0603,118.7969';
const SHANGHAI = '31.2304,121.4737';
const CAR = 'byd-dolphin-2023-60';
const TRIP = `plan#from=${NANJING}~Nanjing&to=${SHANGHAI}~Shanghai&soc=40&car=${CAR}`;

let server;

before(async () => {
  server = await startServer();
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

async function open(path, options) {
  const page = await newPage(options);
  page.setDefaultTimeout(PATIENCE);
  await page.goto(server.url + path);
  return page;
}

/** Waits until the list stands, and gives its rows. */
async function rows(page) {
  const list = page.locator('ul.rows a.row');
  await list.first().waitFor();
  return list;
}

/** Waits for a plan, and gives its stop cards' headings. */
async function stops(page) {
  await page.locator('.plan[data-view=result] h3 a[href*="location?id="]').first().waitFor();
  return page.locator('.plan h3 a[href*="location?id="]');
}

/** Waits until a plan or a refusal stands. The section itself has no box on phones. */
async function answered(page) {
  await page.locator('.plan[data-view=result]').waitFor({ state: 'attached' });
}

/** What the plan says, with nothing that depends on the moment. */
async function planText(page) {
  await stops(page);
  return (await page.locator('.plan .sheet-body').innerText()).replace(/\s+/g, ' ');
}

for (const [name, size, lang, theme] of [
  ['phone-zh-light', PHONE, 'zh', 'light'],
  ['desktop-en-dark', DESKTOP, 'en', 'dark'],
]) {
  test(`the map opens with pins and an equal list (${name})`, async () => {
    const page = await open('', { ...size, lang, theme });
    const list = await rows(page);
    await page.locator('.pin, .cluster').first().waitFor();
    assert.ok((await list.count()) > 3);
    // The heading counts what the marks hold: the members of clusters and the single pins.
    await page.waitForFunction(() => {
      const said = Number(/\d+/.exec(document.querySelector('.listhead h2')?.textContent ?? '')?.[0]);
      const numbers = [...document.querySelectorAll('.cluster b, .cluster text')].map((c) => Number(c.textContent));
      const held = numbers.reduce((a, b) => a + b, 0) + document.querySelectorAll('.pin').length;
      return said > 0 && held === said;
    });
    assert.deepEqual(await axe(page), []);
    await screenshot(page, `map-${name}`);
    assert.deepEqual(await closePage(page), []);
  });

  test(`a trip is planned, and its link restores it (${name})`, async () => {
    const page = await open(TRIP, { ...size, lang, theme });
    const found = await stops(page);
    assert.ok((await found.count()) >= 1, 'at least one stop from 40 %');
    const said = await planText(page);
    assert.deepEqual(await axe(page), []);
    await screenshot(page, `plan-${name}`);
    const link = page.url();
    assert.deepEqual(await closePage(page), []);
    assert.ok(new URL(link).search === '', 'nothing of the trip reaches a server');

    const other = await newPage({ ...size, lang, theme });
    other.setDefaultTimeout(PATIENCE);
    await other.goto(link);
    assert.equal(await planText(other), said, 'the same plan on a new page');
    assert.deepEqual(await closePage(other), []);
  });
}

test('a filter narrows the list, stands in the URL, and is restored', async () => {
  const page = await open('', { ...DESKTOP, lang: 'zh' });
  await rows(page);
  const count = () => page.locator('.listhead h2').innerText().then((t) => Number(/\d+/.exec(t)[0]));
  const all = await count();
  await page.getByRole('button', { name: '≥ 120 kW' }).click();
  await page.waitForFunction((n) => Number(/\d+/.exec(document.querySelector('.listhead h2').textContent)[0]) < n, all);
  const some = await count();
  assert.ok(some > 0 && some < all, `${some} of ${all}`);
  assert.match(page.url(), /[?&]kw=120/);
  await page.reload();
  await rows(page);
  await page.waitForFunction((n) => Number(/\d+/.exec(document.querySelector('.listhead h2').textContent)[0]) === n, some);
  assert.equal(await page.getByRole('button', { name: '≥ 120 kW' }).getAttribute('aria-pressed'), 'true');
  assert.deepEqual(await closePage(page), []);
});

test('a location can be read, by keyboard alone, and closed', async () => {
  const page = await open('', { ...DESKTOP, lang: 'zh' });
  const list = await rows(page);
  const name = (await list.first().locator('.row-title').innerText()).trim();
  await list.first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/location\?id=/);
  await page.getByRole('heading', { level: 1, name }).waitFor();
  const text = await page.locator('main').innerText();
  assert.match(text, /kW/);
  assert.match(text, /演示/, 'invented data says so');
  assert.deepEqual(await axe(page), []);
  await screenshot(page, 'location-desktop-zh-light');
  await page.keyboard.press('Escape');
  await page.waitForURL((url) => !url.pathname.includes('location'));
  assert.deepEqual(await closePage(page), []);
});

test('from the form: places by name, a car, and a plan', async () => {
  const page = await open('plan', { ...PHONE, lang: 'zh' });
  const fields = page.getByRole('combobox');
  for (const [index, text, name] of [[0, 'nanjing', /南京/], [1, 'sh', /上海/]]) {
    await fields.nth(index).fill(text);
    await page.getByRole('option', { name }).first().click();
  }
  const plan = page.locator('.plan button.primary').first();
  await plan.click();
  await answered(page);
  await page.getByRole('status').filter({ hasText: /方案/ }).waitFor();
  assert.match(page.url(), /#.*from=.*to=/);
  assert.deepEqual(await closePage(page), []);
});

test('an impossible trip says what is missing and what would help, and the page stays usable', async () => {
  const page = await open(`${TRIP.replace('soc=40', 'soc=31&reserve=31')}`, { ...PHONE, lang: 'zh' });
  await answered(page);
  const help = page.getByRole('button', { name: /应用/ });
  await help.first().waitFor();
  await screenshot(page, 'plan-failure-phone-zh-light');
  assert.deepEqual(await axe(page), []);
  await help.first().click();
  await stops(page);
  assert.deepEqual(await closePage(page), []);
});

test('bad links are answered in words', async () => {
  for (const path of ['location?id=cn-none', 'nowhere', 'plan#from=abc&to=99,999&soc=900&car=tractor']) {
    const page = await open(path, { ...PHONE, lang: 'en' });
    await page.getByRole('heading', { level: 1 }).waitFor();
    assert.deepEqual(await closePage(page), [], path);
  }
});

test('a position in the sea is refused with the place named', async () => {
  const page = await open(`plan#from=${NANJING}~Nanjing&to=33.5,122.5~Sea&soc=90&car=${CAR}`, { ...PHONE, lang: 'en' });
  await answered(page);
  await page.getByRole('heading', { name: /road|map/i }).first().waitFor();
  assert.deepEqual(await closePage(page), []);
});

test('a damaged region file is one clear sentence with a way on', async () => {
  const broken = mkdtempSync(join(tmpdir(), 'chongtu-broken-'));
  cpSync(dist, broken, { recursive: true });
  const folder = join(broken, 'data', readdirSync(join(broken, 'data'))[0]);
  for (const file of readdirSync(folder)) {
    // The precompressed copies would be served in its place.
    if (/\.locations(\.|$)/.test(file)) rmSync(join(folder, file));
    if (/\.locations$/.test(file)) writeFileSync(join(folder, file), 'not a region');
  }
  const other = await startServer({ app: broken });
  const page = await newPage({ ...PHONE, lang: 'en' });
  page.setDefaultTimeout(PATIENCE);
  await page.goto(other.url);
  await page.getByText('did not load').waitFor();
  await page.getByRole('button', { name: /again|retry|reload/i }).first().waitFor();
  await closePage(page);
  await other.stop();
  rmSync(broken, { recursive: true, force: true });
});

test('in an iframe of another origin, under a sub-path', async () => {
  const portal = await startPortal({ path: TRIP });
  const page = await newPage({ ...DESKTOP, lang: 'zh' });
  page.setDefaultTimeout(PATIENCE);
  await page.goto(portal.url);
  const frame = page.frameLocator('#app');
  await frame.locator('.plan h3 a[href*="location?id="]').first().waitFor();
  await frame.getByRole('link', { name: '地图', exact: true }).first().click();
  await frame.locator('ul.rows a.row').first().waitFor();
  await screenshot(page, 'portal-desktop-zh');
  assert.deepEqual(await closePage(page), []);
  await portal.stop();
});

test('the planner runs in a worker of its own', async () => {
  const page = await open('', { ...PHONE, lang: 'zh' });
  await rows(page);
  assert.ok(page.workers().some((worker) => /\/worker_loader-[0-9a-f]+\.js$/.test(worker.url())), 'the planner is a worker');
  assert.deepEqual(await closePage(page), []);
});

// The same on real data: `cargo xtask test` builds it where ../shared/data is.
const real = process.env.CHONGTU_DIST_REAL;
test('real data: Xuzhou to Wenzhou, 964 km', { skip: real && existsSync(real) ? false : 'skipped: no build of the real data' }, async () => {
  const other = await startServer({ app: real });
  const page = await newPage({ ...PHONE, lang: 'zh' });
  page.setDefaultTimeout(PATIENCE);
  const trip = 'from=34.26,117.19~Xuzhou&to=28.00,120.67~Wenzhou&soc=90';
  await page.goto(`${other.url}plan#${trip}&car=${CAR}`);
  // No site of this data says which connector it has: the plan names that, and what would help.
  await answered(page);
  const assume = page.getByRole('button', { name: /未知的电站也用/ }).first();
  await assume.click();
  const found = await stops(page);
  assert.ok((await found.count()) >= 2, 'a trip of 964 km needs stops');
  const km = Number(/(\d{3,4}) km/.exec(await planText(page))[1]);
  assert.ok(Math.abs(km / 964 - 1) < 0.05, `${km} km`);
  assert.deepEqual(await axe(page), []);
  await screenshot(page, 'plan-real-phone-zh-light');
  assert.deepEqual(await closePage(page), []);

  const map = await newPage({ ...DESKTOP, lang: 'zh' });
  map.setDefaultTimeout(PATIENCE);
  await map.goto(other.url);
  await rows(map);
  await screenshot(map, 'map-real-desktop-zh-light');
  assert.deepEqual(await closePage(map), []);
  await other.stop();
});

test('the browser and the native program give the same plan', async () => {
  const data = join(dist, 'data', readdirSync(join(dist, 'data'))[0]);
  const file = (end) => join(data, readdirSync(data).find((name) => name.endsWith(end)));
  const native = JSON.parse(execFileSync(program, [
    'plan', '--locations', file('.locations'), '--roads', file('.roads'), '--car', CAR, '--from', NANJING, '--to', SHANGHAI,
    '--departure-soc', '40', '--json',
  ], { encoding: 'utf8' }));
  const page = await open(TRIP, { ...DESKTOP, lang: 'zh' });
  const links = await (await stops(page)).evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  const shown = links.map((href) => new URL(href, 'http://app/').searchParams.get('id'));
  const itinerary = native.itineraries[0];
  assert.deepEqual(shown.filter((id) => itinerary.stops.some((s) => s.location_id === id)), itinerary.stops.map((s) => s.location_id));
  const minutes = Math.round(itinerary.total_s / 60);
  const said = await page.locator('.plan .sheet-body').innerText();
  assert.match(said.replace(/\s+/g, ''), new RegExp(`${Math.floor(minutes / 60)}h${minutes % 60}min`));
  assert.deepEqual(await closePage(page), []);
});
