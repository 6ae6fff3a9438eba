// Finding a charger: search, filters with counts, saved filters, the list's orders, the own position, and what stands
// there when nothing is found.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESKTOP, PHONE, axe, closeBrowser, closePage, newPage, screenshot, startServer } from './harness.mjs';

/** A flow waits for what it needs, never longer, ms. */
const PATIENCE = 60_000;
const NANJING = '#m=12.00/32.04200/118.78400';

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
  await page.locator('ul.rows a.row, .empty').first().waitFor();
  return page;
}

const chip = (page, name) => page.locator('.panel-head .chips').getByRole('button', { name, exact: true });

/** How many the list's heading says. */
const count = (page) => page.locator('.listhead h2').innerText().then((text) => Number(/\d+/.exec(text)[0]));

const untilCount = (page, n) =>
  page.waitForFunction((n) => Number(/\d+/.exec(document.querySelector('.listhead h2')?.textContent ?? '')?.[0]) === n, n);

for (const [lang, place, words] of [
  ['zh', '新街口', { car: '适配我的车', free: '现在空闲', fast: '≥ 60 kW', price: 'price' }],
  ['en', 'Xinjiekou', { car: 'Fits my car', free: 'Free now', fast: '≥ 60 kW', price: 'price' }],
]) {
  test(`the cheapest free fast charger near a place that fits the car, by touch (${lang})`, async () => {
    const page = await open('', { ...PHONE, lang });
    const field = page.getByRole('combobox').first();
    await field.fill(place);
    const first = page.getByRole('option').first();
    await first.waitFor();
    assert.match(await first.locator('mark').first().innerText(), new RegExp(place, 'i'), 'what was typed is marked');
    await first.tap();
    await page.waitForFunction((name) => document.querySelector('.listhead .meta')?.textContent.includes(name), place);

    await chip(page, words.car).tap();
    const car = page.locator('.car-row').first();
    await car.tap();
    await page.locator('.filters .dock .btn.primary').tap();
    await chip(page, words.free).tap();
    await chip(page, words.fast).tap();
    await page.waitForURL(/[?&]c=.*free=1|[?&]free=1.*c=/);
    await page.locator('.sort select').selectOption(words.price);
    await page.waitForFunction(() => {
      const shown = [...document.querySelectorAll('ul.rows .row-end')].map((e) => Number(/[\d.]+/.exec(/¥[\d.]+/.exec(e.textContent)?.[0] ?? '')?.[0]));
      const known = shown.filter((n) => n > 0);
      return known.length > 1 && known.every((n, i) => i === 0 || known[i - 1] <= n);
    });
    const badges = await page.locator('ul.rows .badge').evaluateAll((all) => all.map((b) => b.classList.contains('free')));
    assert.ok(badges.length > 0 && badges.every(Boolean), 'every one has a free charger');
    assert.match(page.url(), /kw=60/);
    assert.equal(await chip(page, words.car).getAttribute('aria-pressed'), 'true');
    assert.deepEqual(await axe(page), []);
    await screenshot(page, `finding-phone-${lang}`);
    assert.deepEqual(await closePage(page), []);
  });
}

test('counts beside the options are what the options find', async () => {
  const page = await open(NANJING, { ...DESKTOP, lang: 'zh' });
  await page.locator('#all-filters').click();
  const group = page.getByRole('group', { name: '最低功率' });
  await group.locator('.chip-count').first().waitFor();
  assert.deepEqual(await axe(page), []);
  const options = group.locator('.chip');
  const primary = page.locator('.filters .dock .btn.primary');
  const numbers = [];
  for (let i = 0; i < (await options.count()); i += 1) {
    const option = options.nth(i);
    await option.click();
    // The figure beside an option is of the option alone in its group: that is what now holds.
    await page.waitForFunction((i) => {
      const chip = document.querySelectorAll('.filter-group')[2].querySelectorAll('.chip')[i];
      const shown = Number(/\d+/.exec(document.querySelector('.filters .dock .btn.primary').textContent)?.[0]);
      return chip.getAttribute('aria-pressed') === 'true' && Number(chip.querySelector('.chip-count').textContent) === shown;
    }, i);
    numbers.push(Number(/\d+/.exec(await primary.innerText())[0]));
    await option.click();
    await page.waitForURL((url) => !url.searchParams.has('kw') && !url.searchParams.has('dc'));
  }
  const powers = numbers.slice(0, -1);
  assert.ok(powers.length > 3 && powers[0] > powers.at(-1), `more power, fewer sites: ${numbers}`);
  assert.ok(powers.every((n, i) => i === 0 || n <= powers[i - 1]));
  await page.keyboard.press('Escape');
  await page.locator('ul.rows').waitFor();
  // The focus is back.
  await page.waitForFunction(() => document.activeElement?.id === 'all-filters');
  assert.deepEqual(await closePage(page), []);
});

test('nothing found: each demand can be dropped, and shows as many as it says', async () => {
  const page = await open(`?free=1&kw=250&price=0.5&acc=1&n=20${NANJING}`, { ...PHONE, lang: 'zh' });
  await page.locator('.empty').waitFor();
  const offers = page.locator('.relax');
  await page.locator('.relax, .empty-actions').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.empty')?.textContent.includes('正在数'));
  if ((await offers.count()) > 0) {
    const n = Number(/\d+/.exec(await offers.first().locator('.num').innerText())[0]);
    await offers.first().tap();
    await untilCount(page, n);
  } else {
    await page.getByRole('button', { name: '清除筛选' }).tap();
    await page.locator('ul.rows a.row').first().waitFor();
  }
  assert.deepEqual(await closePage(page), []);

  // Two demands: dropping either must be offered when either alone finds something.
  const other = await open(`?price=0.0001&free=1${NANJING}`, { ...PHONE, lang: 'en' });
  const offer = other.locator('.relax').first();
  await offer.waitFor();
  assert.deepEqual(await axe(other), []);
  await screenshot(other, 'finding-nothing-phone-en');
  const n = Number(/\d+/.exec(await offer.locator('.num').innerText())[0]);
  await offer.tap();
  await untilCount(other, n);
  assert.match(other.url(), /free=1/);
  assert.doesNotMatch(other.url(), /price=/, 'the price kept all away');
  assert.deepEqual(await closePage(other), []);
});

test('filters are saved under a name, used, renamed and deleted; the last one is remembered', async () => {
  const page = await open(`?free=1&kw=120${NANJING}`, { ...DESKTOP, lang: 'zh' });
  const name = '<img src=x onerror=alert(1)> 下班';
  await page.locator('#all-filters').click();
  await page.locator('#profile-name').fill(name);
  await page.locator('#profile-name').press('Enter');
  const saved = page.getByRole('group', { name: '常用筛选' }).locator('.chip.is-saved');
  await saved.first().waitFor();
  assert.equal((await saved.first().innerText()).trim(), name, 'a name is text and nothing else');
  await page.getByRole('button', { name: '清除筛选' }).click();
  await page.waitForURL((url) => url.search === '');
  await page.keyboard.press('Escape');
  await page.locator('ul.rows a.row').first().waitFor();
  await page.getByRole('button', { name: `使用“${name}”` }).click();
  await page.waitForURL(/free=1/);

  // A page without a filter in its link begins with the last one, and says so.
  // (Another query is another document; a reload would find the filter in the address already.)
  await page.goto(`${server.url}${NANJING}`);
  const last = page.getByRole('button', { name: /沿用上次的筛选/ });
  await last.waitFor();
  await page.waitForURL(/kw=120/);
  await last.click();
  await page.waitForURL((url) => url.search === '');
  assert.equal(await last.count(), 0);
  // A link is obeyed.
  await page.goto(`${server.url}?open=1${NANJING}`);
  await page.locator('ul.rows a.row').first().waitFor();
  assert.equal(new URL(page.url()).search, '?open=1');

  await page.locator('#all-filters').click();
  await page.getByRole('button', { name: '管理' }).click();
  const field = page.getByRole('textbox', { name: `“${name}”的新名称` });
  await field.fill('回家');
  await field.press('Tab');
  await page.getByRole('textbox', { name: '“回家”的新名称' }).waitFor();
  await page.getByRole('button', { name: '删除“回家”' }).click();
  await page.getByRole('textbox', { name: '“回家”的新名称' }).waitFor({ state: 'detached' });
  await page.reload();
  await page.locator('ul.rows a.row').first().waitFor();
  assert.equal(await page.locator('.is-saved').count(), 0);
  assert.deepEqual(await closePage(page), []);
});

test('near me: asked first in our own words, then shown; refused is no dead end', async () => {
  const page = await newPage({ ...PHONE, lang: 'zh' });
  page.setDefaultTimeout(PATIENCE);
  await page.context().grantPermissions(['geolocation'], { origin: server.origin });
  await page.context().setGeolocation({ latitude: 32.0453, longitude: 118.7786, accuracy: 60 });
  await page.goto(server.url);
  await page.locator('ul.rows a.row').first().waitFor();
  await page.locator('.maplibregl-canvas').waitFor();
  const locate = page.getByRole('button', { name: '我的位置' });
  await locate.tap();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  assert.equal(await page.locator('.mark.me').count(), 0, 'nothing is asked of the browser before');
  assert.deepEqual(await axe(page), []);
  await screenshot(page, 'finding-consent-phone-zh');
  await dialog.getByRole('button', { name: '暂不' }).tap();
  await dialog.waitFor({ state: 'hidden' });
  assert.equal(await page.locator('.mark.me').count(), 0);

  await locate.tap();
  await dialog.getByRole('button', { name: '好，定位' }).tap();
  await page.locator('.mark.me').waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.querySelector('.listhead .meta')?.textContent.includes('距我'));
  // The ring is as wide as the position is inexact: 120 m at the map's zoom.
  await page.waitForFunction(() => {
    const m = /m=([\d.]+)\/([\d.]+)/.exec(location.hash);
    const wide = parseFloat(document.querySelector('.me-ring').style.width);
    const metres = (40075016.686 * Math.cos((Number(m[2]) * Math.PI) / 180)) / (512 * 2 ** Number(m[1]));
    return Math.abs(wide * metres - 120) < 12;
  });
  const distances = await page.locator('ul.rows .row-end').allInnerTexts();
  const metres = distances.map((t) => /([\d.]+) (k?m)$/.exec(t.trim())).filter(Boolean).map(([, n, unit]) => Number(n) * (unit === 'km' ? 1000 : 1));
  assert.ok(metres.length > 1 && metres.every((m, i) => i === 0 || metres[i - 1] <= m), `nearest first: ${metres}`);
  assert.deepEqual(await closePage(page), []);

  const refused = await open('', { ...PHONE, lang: 'zh' });
  await refused.getByRole('button', { name: '我的位置' }).tap();
  await refused.getByRole('button', { name: '好，定位' }).tap();
  await refused.locator('.locate-note').waitFor();
  assert.match(await refused.locator('.locate-note').innerText(), /搜索地名/);
  assert.ok((await refused.locator('ul.rows a.row').count()) > 0, 'everything works without');
  assert.deepEqual(await axe(refused), []);
  assert.deepEqual(await closePage(refused), []);
});

test('search by keyboard: slash, arrows, Enter, Esc', async () => {
  const page = await open('', { ...DESKTOP, lang: 'zh' });
  await page.keyboard.press('/');
  const field = page.getByRole('combobox').first();
  await page.waitForFunction(() => document.activeElement?.id === 'search');
  await field.fill('南京南站');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  const active = await field.getAttribute('aria-activedescendant');
  assert.equal(await page.locator(`#${active}`).getAttribute('aria-selected'), 'true');
  await page.keyboard.press('Escape');
  await page.getByRole('option').first().waitFor({ state: 'hidden' });
  assert.equal(await field.inputValue(), '南京南站', 'the first Esc closes the list only');
  await page.keyboard.press('Escape');
  assert.equal(await field.inputValue(), '');
  const before = new URL(page.url()).hash;
  await field.fill('32.0603,118.7969');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForFunction((hash) => location.hash !== hash && /32\.060/.test(location.hash), before);
  assert.deepEqual(await closePage(page), []);
});
