// The page "Me" in a real browser: own cars by figures, by file and by calibration; favourites; what is stored, its
// export and import, damaged values, a browser that stores nothing, and the deletion of everything.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DESKTOP, PHONE, axe, closeBrowser, closePage, newPage, screenshot, startServer } from './harness.mjs';

/** How long a page may take on a busy machine that draws in software, ms. A flow waits for what it needs, never longer. */
const PATIENCE = 60_000;
const CAR = 'byd-dolphin-2023-60';
const here = dirname(fileURLToPath(import.meta.url));
const shared = join(here, '../../../shared/data');

let server;
let folder;

before(async () => {
  server = await startServer();
  folder = mkdtempSync(join(tmpdir(), 'chongtu-me-'));
});

after(async () => {
  await closeBrowser();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a page with what was kept on the device before. */
async function open(path, { kept = {}, ...options } = {}) {
  const page = await newPage(options);
  page.setDefaultTimeout(PATIENCE);
  await page.addInitScript((values) => {
    // Once: what the app deletes must stay deleted when the page loads anew.
    if (sessionStorage.getItem('given')) return;
    sessionStorage.setItem('given', '1');
    for (const [key, value] of Object.entries(values)) localStorage.setItem(`chongtu.${key}`, value);
  }, kept);
  await page.goto(server.url + path);
  return page;
}

const stored = (page) =>
  page.evaluate(() => Object.fromEntries(Object.entries(localStorage).filter(([key]) => key.startsWith('chongtu.'))));

/** The card of the cars, once they are there. */
async function garage(page) {
  const card = page.getByRole('region', { name: /我的车|My car/ });
  await card.getByRole('button', { name: /选择车型|Choose a car/ }).waitFor();
  return card;
}

/** Waits until a plan stands, and gives the energy and cost line of it. */
async function planned(page) {
  await page.locator('.plan[data-view=result] h3 a[href*="location?id="]').first().waitFor();
  return (await page.locator('.plan .sheet-body').innerText()).replace(/\s+/g, ' ');
}

test('a car of own figures is made, calibrated, planned with, and its link carries it', async () => {
  const page = await open('me', { ...PHONE, lang: 'zh' });
  await garage(page);
  await page.getByRole('button', { name: '添加车辆' }).click();
  await page.getByRole('button', { name: '填写自己的数据' }).click();
  const save = page.getByRole('button', { name: '保存' });
  await page.getByLabel('名称').fill('<b>阿黄</b>');
  await page.getByLabel('可用电量').fill('58');
  await page.getByLabel('直流最高功率').fill('90');
  await page.getByLabel('110 km/h').fill('175');
  await save.click();
  await page.getByRole('alert').filter({ hasText: '能耗' }).filter({ hasText: '150' }).waitFor();
  assert.deepEqual(await axe(page), []);
  await screenshot(page, 'me-figures-phone-zh-light');
  await page.getByLabel('110 km/h').fill('17,5');
  await save.click();
  const card = await garage(page);
  await card.getByText('<b>阿黄</b>').first().waitFor();

  await card.getByRole('button', { name: '校准能耗 <b>阿黄</b>' }).click();
  await page.getByRole('button', { name: '一段行程' }).click();
  await page.getByLabel('行驶里程').fill('200');
  await page.getByLabel('用电量').fill('38.5');
  await page.getByRole('button', { name: '校准能耗' }).click();
  await page.getByText('已校准 +10.0%').first().waitFor();
  assert.deepEqual(await axe(page), []);
  await screenshot(page, 'me-phone-zh-light');

  await page.getByRole('link', { name: '规划' }).first().click();
  await page.getByText('<b>阿黄</b>').first().waitFor();
  await page.goto(`${server.url}plan#from=32.0603,118.7969~Nanjing&to=31.2304,121.4737~Shanghai&soc=60&car=${
    encodeURIComponent(await page.evaluate(() => localStorage.getItem('chongtu.car')))}`);
  const text = await planned(page);
  const link = page.url();
  assert.deepEqual(await closePage(page), []);

  // Somebody else's browser, with nothing kept.
  const other = await open('', { ...PHONE, lang: 'zh' });
  await other.goto(link);
  assert.equal(await planned(other), text, 'the same plan');
  await other.locator('.plan-bar').getByText('<b>阿黄</b>').waitFor();
  assert.equal((await stored(other))['chongtu.garage'], undefined, 'nothing of it is kept unasked');
  assert.deepEqual(await closePage(other), []);
});

test('a car file is read here: searched, chosen, deleted and brought back; a bad one is one sentence', async (t) => {
  const real = join(shared, 'vehicles/chargeprice_ev-data.json');
  if (!existsSync(shared)) {
    assert.notEqual(process.env.CI, 'true', 'shared data is needed here');
    t.skip('no shared data beside the project');
    return;
  }
  const page = await open('me', { ...DESKTOP, lang: 'en' });
  await garage(page);
  await page.getByRole('button', { name: 'Add a car' }).click();
  const field = page.getByLabel('Read a car file');
  const cut = join(folder, 'cut.json');
  writeFileSync(cut, readFileSync(real, 'utf8').slice(0, 5_000));
  await field.setInputFiles(cut);
  await page.getByRole('alert').filter({ hasText: /line \d+/ }).waitFor();
  const foreign = join(folder, 'foreign.json');
  writeFileSync(foreign, '{"type":"FeatureCollection","features":[]}');
  await field.setInputFiles(foreign);
  await page.getByRole('alert').filter({ hasText: 'no car' }).waitFor();

  await field.setInputFiles(real);
  await page.getByRole('heading', { name: 'Cars in the file' }).waitFor();
  assert.deepEqual(await axe(page), []);
  await screenshot(page, 'me-file-desktop-en-light');
  await page.getByLabel('Search cars').fill('model 3 lr');
  await page.getByRole('button', { name: /Tesla Model 3 LR/ }).click();
  const card = await garage(page);
  await card.getByText('open-ev-data (chargeprice), MIT').waitFor();
  assert.match((await stored(page))['chongtu.garage'], /GBT_DC/, 'sold in China');
  await card.getByRole('button', { name: /^Delete Tesla/ }).click();
  await page.getByText('Deleted “Tesla Model 3 LR”').first().waitFor();
  assert.equal((await stored(page))['chongtu.garage'], undefined);
  await page.getByRole('button', { name: 'Undo' }).click();
  await card.getByRole('button', { name: /^Delete Tesla/ }).waitFor();
  await page.reload();
  await (await garage(page)).getByRole('button', { name: /^Delete Tesla/ }).waitFor();
  assert.deepEqual(await closePage(page), []);
});

test('favourites stand with status and price, what is gone is said, and removing can be undone', async () => {
  const finder = await open('', { ...PHONE, lang: 'zh' });
  const first = finder.locator('ul.rows a.row').first();
  await first.waitFor();
  const id = new URL(await first.getAttribute('href'), server.url).searchParams.get('id');
  assert.deepEqual(await closePage(finder), []);

  const page = await open('me', { ...PHONE, lang: 'zh', kept: { favourites: `1\n${id}\nx-gone-1`, lang: 'zh-CN' } });
  const card = page.getByRole('region', { name: '收藏' });
  await card.locator(`a.row[href*="${encodeURIComponent(id)}"]`).waitFor();
  await card.getByText('不在当前数据里').waitFor();
  assert.match(await card.innerText(), /¥/);
  assert.deepEqual(await axe(page), []);
  await card.getByRole('button', { name: '删除 x-gone-1' }).click();
  await page.getByRole('button', { name: '撤销' }).click();
  await card.getByRole('button', { name: '删除 x-gone-1' }).click();
  assert.equal((await stored(page))['chongtu.favourites'], `1\n${id}`);
  await card.getByRole('button', { name: '地图上只看收藏' }).click();
  await page.waitForURL((url) => !url.pathname.endsWith('/me'));
  await page.waitForFunction(() => /(^|\D)1(\D|$)/.test(document.querySelector('.listhead h2')?.textContent ?? ''));
  assert.deepEqual(await closePage(page), []);
});

test('what is stored is listed, leaves as a file, comes back, and is all deleted', async () => {
  const kept = { favourites: '1\ncn-x-1', car: CAR, theme: 'dark', lang: 'en' };
  const page = await open('me', { ...PHONE, lang: 'zh', kept });
  const card = page.getByRole('region', { name: 'Stored on this device' });
  await card.getByText('Favourites').waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    card.getByRole('link', { name: 'Export as a file' }).click(),
  ]);
  const file = join(folder, 'settings.json');
  await download.saveAs(file);
  const { format, version, values } = JSON.parse(readFileSync(file, 'utf8'));
  assert.deepEqual({ format, version }, { format: 'chongtu-settings', version: 1 });
  for (const [key, value] of Object.entries(kept)) assert.equal(values[key], value, key);

  await card.getByRole('button', { name: 'Delete all' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  assert.equal((await stored(page))['chongtu.theme'], 'dark');
  await page.evaluate(async () => {
    await caches.open('chongtu-test');
    await caches.open('portal');
    await new Promise((done, fail) => {
      const open = indexedDB.open('chongtu-test');
      open.onsuccess = () => done(open.result.close());
      open.onerror = fail;
    });
  });
  await card.getByRole('button', { name: 'Delete all' }).click();
  assert.deepEqual(await axe(page), []);
  const gone = page.waitForEvent('load');
  await dialog.getByRole('button', { name: 'Delete everything' }).click();
  await gone;
  await page.getByRole('heading', { level: 1, name: '我的' }).waitFor();
  assert.deepEqual(await stored(page), {});
  assert.deepEqual(await page.evaluate(() => caches.keys()), ['portal'], 'of others nothing');
  assert.deepEqual(await page.evaluate(async () => (await indexedDB.databases()).map((d) => d.name)), []);

  const back = page.getByLabel('从文件导入');
  const foreign = join(folder, 'not-ours.json');
  writeFileSync(foreign, '{"format":"other"}');
  await back.setInputFiles(foreign);
  await page.getByRole('alert').filter({ hasText: '什么都没有改变' }).waitFor();
  assert.deepEqual(await stored(page), {});
  await back.setInputFiles(file);
  await page.getByRole('heading', { level: 1, name: 'Me' }).waitFor();
  assert.equal((await stored(page))['chongtu.favourites'], kept.favourites);
  assert.deepEqual(await closePage(page), []);
});

test('damaged values are said and not used, and the page lives', async () => {
  const kept = {
    lang: 'klingon', theme: '{', elder: 'yes', car: 'a\u0000b', garage: 'x', favourites: '[1]', filter: '%%%', profiles: '9', locate: '?', other: 'x',
  };
  const page = await open('me', { ...PHONE, lang: 'en', kept });
  const card = page.getByRole('region', { name: 'Stored on this device' });
  await card.getByText('Damaged, not used').first().waitFor();
  assert.equal(await card.getByText('Damaged, not used').count(), 6);
  await garage(page);
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(await closePage(page), []);

  const cars = await open('me', { ...PHONE, lang: 'en', kept: { garage: '1\nown1~broken\nbyd-seal-2022-82~1.1' } });
  const cards = await garage(cars);
  await cards.getByText('1 stored car cannot be read').waitFor();
  await cards.getByText('Calibrated +10.0%').waitFor();
  assert.deepEqual(await closePage(cars), []);
});

test('a browser that stores nothing says so and works', async () => {
  const page = await newPage({ ...PHONE, lang: 'en' });
  page.setDefaultTimeout(PATIENCE);
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });
  });
  await page.goto(`${server.url}me`);
  await page.getByText('does not let us store').waitFor();
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('heading', { level: 1, name: '我的' }).waitFor();
  await garage(page);
  assert.deepEqual(await closePage(page), []);
});
