// The location sheet: prices by the hour, an estimate, hours, the favourite, sharing, places nearby; what its data can do to
// it. On the built app, at a fixed moment, so that prices are the same whenever this runs.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  DESKTOP, PHONE, axe, closeBrowser, closePage, dist, newPage, program, screenshot, startServer,
} from './harness.mjs';

const PATIENCE = 60_000;
/** Saturday 2026-11-21, 14:22 in Nanjing: 38 minutes before the peak of spring and autumn. */
const AT_1422 = '2026-11-21T14:22:00+08:00';
/** An underground car park with direct and alternating current, two tariffs, opening hours and a parking fee. */
const CAR_PARK = 'cn-zjq-nj-qinhuai-zhongshannanlu';
/** A bus depot that opens to the public on weekdays 09:00-16:30 and at weekends 08:00-20:00. */
const DEPOT = 'cn-jyt-nj-xuanwu-xiaolingwei';

let server;

before(async () => {
  server = await startServer();
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

async function open(id, { time = AT_1422, init, ...options } = {}) {
  const page = await newPage(options);
  page.setDefaultTimeout(PATIENCE);
  // The clock of the page alone: timers run on.
  await page.clock.setFixedTime(new Date(time));
  if (init) await page.addInitScript(init);
  await page.goto(`${server.url}location?id=${id}`);
  await page.locator('.location-facts').waitFor();
  return page;
}

/** A price in words as a number of fen, so that sums are exact. */
const fen = (text) => Math.round(Number(/¥(\d+\.\d\d)/.exec(text)[1]) * 100);

for (const [name, size, lang, theme] of [
  ['phone-zh-light', PHONE, 'zh', 'light'],
  ['desktop-en-dark', DESKTOP, 'en', 'dark'],
]) {
  test(`prices by the hour agree with their table, and say what comes (${name})`, async () => {
    const page = await open(CAR_PARK, { ...size, lang, theme });
    const slider = page.getByRole('slider', { name: lang === 'zh' ? '按小时电价' : 'Price by the hour' });
    await slider.focus();
    assert.match(await slider.getAttribute('aria-valuetext'), /14:00–15:00/);
    const head = await page.locator('.sec-head', { hasText: lang === 'zh' ? '今日电价' : 'Price today' }).innerText();
    assert.match(head, lang === 'zh' ? /38 分钟后转峰段/ : /Peak in 38 min/);
    // By keyboard through the day: every hour says what the table says of it.
    await page.getByText(lang === 'zh' ? '明细' : 'Details', { exact: true }).first().click();
    const table = await page.locator('.price-table tbody tr').evaluateAll((rows) =>
      rows.map((row) => [...row.children].map((cell) => cell.textContent.trim())));
    assert.ok(table.length >= 3, 'several periods a day');
    const minute = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
    await slider.focus();
    await page.keyboard.press('Home');
    for (let hour = 0; hour < 24; hour += 1) {
      const said = await slider.getAttribute('aria-valuetext');
      const row = table.find(([hours]) => {
        const [from, to] = hours.split('–').map(minute);
        return from <= hour * 60 && hour * 60 < to;
      });
      assert.ok(said.includes(`${String(hour).padStart(2, '0')}:00–`), said);
      assert.equal(fen(said), fen(row[4]), `${said} against ${row}`);
      // Energy and service fee make the sum, to the rounding of a fen.
      assert.ok(Math.abs((Number(row[2]) + Number(row[3])) * 100 - fen(row[4])) <= 0.5001, `${row}`);
      await page.keyboard.press('ArrowRight');
    }
    // What the chart names as cheapest is the cheapest of the table.
    const cheapest = await page.locator('.price-advice').first().innerText();
    assert.equal(fen(cheapest), Math.min(...table.map((row) => fen(row[4]))));
    await page.keyboard.press('Escape');
    assert.match(page.url(), /location\?id=/, 'Escape leaves the cursor and not the sheet');
    assert.deepEqual(await axe(page), []);
    await screenshot(page, `location-prices-${name}`);
    assert.deepEqual(await closePage(page), []);
  });
}

test('an estimate explains itself line by line, and knows a cheaper hour', async () => {
  const page = await open(CAR_PARK, { ...PHONE, lang: 'zh' });
  const sum = page.locator('.estimate-sum');
  await sum.waitFor();
  const totals = [];
  for (const amount of ['10 kWh', '50 kWh']) {
    await page.getByRole('button', { name: amount }).click();
    await page.locator('.estimate-line', { hasText: `充 ${amount}` }).waitFor();
    totals.push(fen(await sum.innerText()));
  }
  assert.ok(totals[1] > 4 * totals[0], `${totals}`);
  await page.getByText('账单明细').click();
  const rows = await page.locator('.estimate + details tbody tr').evaluateAll((all) =>
    all.map((row) => row.querySelector('.num').textContent.trim()));
  const lines = rows.slice(0, -1).map(Number);
  assert.ok(lines.length >= 2, 'energy and service fee at least');
  const total = lines.reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(total * 100 - totals[1]) < 0.51 + lines.length * 0.01, `${lines} make ${totals[1]}`);
  assert.equal(fen(rows.at(-1)), totals[1]);
  // At 14:22 the peak is near; the shoulder of the evening or the next valley is cheaper.
  const later = await page.locator('.estimate').innerText();
  assert.match(later, /开始约 ¥\d+\.\d\d，省 ¥\d+\.\d\d/);
  assert.deepEqual(await closePage(page), []);
});

test('hours: open, closing soon, closed, and the whole week', async () => {
  for (const [time, said] of [
    ['2026-11-20T16:00:00+08:00', /营业中[\s\S]*30 分钟后关门/],
    ['2026-11-21T14:22:00+08:00', /营业中[\s\S]*20:00 关门/],
    ['2026-11-21T21:00:00+08:00', /现在不开放[\s\S]*明天 08:00 开门/],
  ]) {
    const page = await open(DEPOT, { ...PHONE, lang: 'zh', time });
    const hours = page.locator('.location-facts summary');
    assert.match(await hours.innerText(), said);
    await hours.click();
    const days = await page.locator('.hours-day').allInnerTexts();
    assert.equal(days.length, 7);
    assert.match(days[0], /周一\s*09:00–16:30/);
    assert.match(days[6], /周日\s*08:00–20:00/);
    assert.deepEqual(await closePage(page), []);
  }
});

test('the star is kept, a place nearby opens, and the link is shared', async () => {
  const page = await open(CAR_PARK, {
    ...PHONE,
    lang: 'en',
    // A browser without a share sheet, and a clipboard that remembers.
    init: () => {
      Object.defineProperty(navigator, 'share', { value: undefined, configurable: true });
      Object.defineProperty(navigator, 'clipboard', {
        value: { writeText: async (text) => void (window.copied = text) },
        configurable: true,
      });
    },
  });
  const star = page.getByRole('button', { name: 'Add to favourites' });
  assert.equal(await star.getAttribute('aria-pressed'), 'false');
  await star.click();
  await page.locator('.star[aria-pressed=true]').waitFor();
  await page.reload();
  await page.locator('.star[aria-pressed=true]').waitFor();
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Link copied' }).waitFor();
  const link = await page.evaluate(() => window.copied);
  assert.equal(new URL(link).searchParams.get('id'), CAR_PARK);
  assert.equal(new URL(link).hash, '', 'where the map stands is nobody else\'s business');
  const nearby = page.locator('.alternatives a.row');
  assert.ok((await nearby.count()) >= 1);
  const name = (await nearby.first().locator('.row-title').innerText()).trim();
  await nearby.first().click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  assert.notEqual(new URL(page.url()).searchParams.get('id'), CAR_PARK);
  assert.deepEqual(await closePage(page), []);
});

test('a minute later folds stay open and the focus stays where it is', async () => {
  const page = await newPage({ ...PHONE, lang: 'zh' });
  page.setDefaultTimeout(PATIENCE);
  await page.clock.install({ time: new Date(AT_1422) });
  await page.goto(`${server.url}location?id=${CAR_PARK}`);
  await page.locator('.location-facts').waitFor();
  await page.getByText('明细', { exact: true }).first().click();
  const slider = page.getByRole('slider', { name: '按小时电价' });
  await slider.focus();
  await page.clock.fastForward(180_000);
  await page.getByText('35 分钟后转峰段').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.className), 'price-scrub');
  assert.ok(await page.locator('.price-table').isVisible());
  assert.deepEqual(await closePage(page), []);
});

test('on 320 px and in large text nothing is cut off sideways', async () => {
  for (const [width, lang, elder] of [[320, 'zh', false], [320, 'en', false], [390, 'en', true]]) {
    const page = await open(CAR_PARK, {
      width, height: 700, lang,
      init: elder ? () => localStorage.setItem('chongtu.elder', '1') : undefined,
    });
    await page.locator('.estimate-sum').waitFor();
    const over = await page.evaluate(() => {
      const body = document.querySelector('.sheet-body');
      return [document.documentElement.scrollWidth - innerWidth, body.scrollWidth - body.clientWidth];
    });
    assert.ok(over.every((px) => px <= 0), `${width} ${lang} ${elder}: ${over} px`);
    assert.deepEqual(await axe(page), []);
    assert.deepEqual(await closePage(page), []);
  }
});

/** A copy of the app whose region holds one location, as a region file writes it. */
function appWith(location) {
  const folder = mkdtempSync(join(tmpdir(), 'chongtu-odd-'));
  const app = join(folder, 'dist');
  cpSync(dist, app, { recursive: true });
  const data = join(app, 'data', readdirSync(join(app, 'data'))[0]);
  writeFileSync(join(folder, 'locations.toml'), location);
  copyFileSync(new URL('../../data/yangtze/operators.toml', import.meta.url), join(folder, 'operators.toml'));
  execFileSync(program, ['import', '--out', join(data, 'odd.locations'), join(folder, 'locations.toml')]);
  const manifest = JSON.parse(readFileSync(join(data, 'region.json'), 'utf8'));
  manifest.locations = { url: 'odd.locations', bytes: 0 };
  for (const file of readdirSync(data)) {
    // The precompressed copies would be served in its place.
    if (file.startsWith('region.json')) rmSync(join(data, file));
  }
  writeFileSync(join(data, 'region.json'), JSON.stringify(manifest));
  return { app, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

test('names with markup, marks of direction and 500 characters stay inert and readable', async () => {
  const markup = '<img src=x onerror=alert(1)>';
  const long = `${markup}\u202e${'长'.repeat(500)}`;
  const odd = appWith(`[[location]]
id = "odd"
operator = "zjq"
name = { zh = "${long}", en = "${long}" }
address = { zh = "<script>alert(1)</script>" }
city = "nanjing"
district = "xuanwu"
lat = 32.05
lng = 118.79
kind = "public"
place = "mall"
hours = "24/7"
parking = "free"
how_to_get_in = { zh = "<a href='javascript:alert(1)'>${'路'.repeat(300)}</a>" }
groups = [{ standard = "GBT_DC", power_kw = 120, count = 4, tariff = "zjq-dc", free = 4 }]
`);
  const other = await startServer({ app: odd.app });
  for (const size of [{ width: 320, height: 700 }, PHONE]) {
    const page = await newPage({ ...size, lang: 'zh' });
    page.setDefaultTimeout(PATIENCE);
    let alerted = false;
    page.on('dialog', (dialog) => {
      alerted = true;
      dialog.dismiss();
    });
    await page.goto(`${other.url}location?id=cn-zjq-odd`);
    await page.locator('.location-facts').waitFor();
    const heading = page.getByRole('heading', { level: 1 });
    assert.ok((await heading.textContent()).startsWith(markup), 'markup is text');
    assert.equal(await page.locator('.sheet img, .sheet script').count(), 0);
    assert.equal(await page.locator('a[href^="javascript"]').count(), 0);
    const height = () => heading.evaluate((h) => h.getBoundingClientRect().height);
    const cut = await height();
    assert.ok(cut <= 3 * 28 + 1, `three lines, not ${cut} px`);
    // What comes after a name that turns the writing around reads as always.
    const order = await page.evaluate(() => {
      const row = document.querySelector('.head .row-main');
      return getComputedStyle(row.querySelector('h1 > bdi')).unicodeBidi;
    });
    assert.equal(order, 'isolate');
    await page.getByRole('button', { name: '展开全名' }).click();
    assert.ok(await height() > cut, 'in full on demand');
    assert.ok(await page.locator('.location-facts').isVisible());
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${over} px too wide`);
    await screenshot(page, `location-odd-${size.width}`);
    assert.equal(alerted, false);
    assert.deepEqual(await closePage(page), []);
  }
  await other.stop();
  odd.remove();
});
