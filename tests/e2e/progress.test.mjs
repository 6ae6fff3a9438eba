// A plan that takes long: progress is shown, a cancel is heard at once, and the page goes on.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { PHONE, axe, closeBrowser, closePage, dist, newPage, program, startServer } from './harness.mjs';

const PATIENCE = 60_000;
/** When the page begins to speak of progress, ms. */
const SHOWN_AFTER = 300;
/** How late a cancel may show on a busy machine, ms; the plan itself would go on for seconds. */
const AT_ONCE = 1_000;

// A region that is hard on purpose: a grid of 6400 crossings with a site at each, of powers that make every choice a near
// tie, and a car that reaches hundreds of them. With slower driving allowed the search works until its budget is spent.
const SIDE = 80;
const STEP_DEG = 0.12;
const CORNER = { lat: 25, lng: 103 };
const at = (row, column) => ({ lat: CORNER.lat + row * STEP_DEG, lng: CORNER.lng + column * STEP_DEG * 1.17 });
const far = at(SIDE - 1, SIDE - 1);
const near = at(25, 25);
const trip = (to, more) => `plan#from=25,103~A&to=${to.lat.toFixed(4)},${to.lng.toFixed(4)}~B&soc=60&car=zeekr-001-2024-100${more}`;
const HARD = trip(far, '&reserve=5&slower=1');
const EASY = trip(near, '');

let app;
let server;

before(async () => {
  app = mkdtempSync(join(tmpdir(), 'chongtu-hard-'));
  cpSync(dist, app, { recursive: true });
  const page = readFileSync(join(app, 'index.html'), 'utf8');
  const region = join(app, /name="chongtu-region" content="([^"]+)"/.exec(page)[1]);
  const folder = dirname(region);
  const manifest = JSON.parse(readFileSync(region, 'utf8'));
  const { graph, sites } = grid();
  writeFileSync(join(app, 'graph.json'), JSON.stringify(graph));
  writeFileSync(join(app, 'sites.geojson'), JSON.stringify(sites));
  const made = (command, from, to) => execFileSync(program, [command, join(app, from), '--out', join(folder, to)], { stdio: 'pipe' });
  made('roads', 'graph.json', 'hard.roads');
  made('import', 'sites.geojson', 'hard.locations');
  writeFileSync(region, JSON.stringify({
    ...manifest, bounds: [CORNER.lng, CORNER.lat, far.lng, far.lat], roads: { url: 'hard.roads' }, locations: { url: 'hard.locations' },
  }));
  for (const end of ['.br', '.gz']) rmSync(region + end, { force: true });
  server = await startServer({ app });
});

after(async () => {
  await closeBrowser();
  await server?.stop();
  rmSync(app, { recursive: true, force: true });
});

function grid() {
  let state = 1;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const graph = { nodes: [], edges: [] };
  const features = [];
  for (let row = 0; row < SIDE; row += 1) {
    for (let column = 0; column < SIDE; column += 1) {
      const { lat, lng } = at(row, column);
      const k = graph.nodes.length;
      graph.nodes.push([lat, lng, '']);
      if (column) graph.edges.push([k - 1, k, 13.5 + 5 * random(), 1, 'G1']);
      if (row) graph.edges.push([k - SIDE, k, 13.5 + 5 * random(), 1, 'G2']);
      const power_kw = [30, 60, 90, 120, 180, 250][Math.floor(6 * random())];
      features.push({
        type: 'Feature', geometry: { type: 'Point', coordinates: [lng, lat] },
        properties: { id: `s${k}`, name: `S${k}`, operator: 'O', power_kw, connector: 'GBT_DC', stalls: 2 },
      });
    }
  }
  return { graph, sites: { type: 'FeatureCollection', features } };
}

// Runs in the page before anything of it: notes when each of these first stood there, and what the bar said.
function keepTimes() {
  const times = {};
  const shares = [];
  globalThis.seen = { times, shares };
  new MutationObserver(() => {
    for (const selector of ['.plan-busy', '.plan-progress']) {
      if (!(selector in times) && document.querySelector(selector)) times[selector] = performance.now();
    }
  }).observe(document, { childList: true, subtree: true });
  const look = () => {
    const bar = document.querySelector('.plan-progress');
    if (bar && bar.value !== shares.at(-1)) shares.push(bar.value);
    requestAnimationFrame(look);
  };
  look();
}

test('a long plan shows its progress, and a cancel is heard at once', async () => {
  const page = await newPage({ ...PHONE, lang: 'zh' });
  page.setDefaultTimeout(PATIENCE);
  await page.addInitScript(keepTimes);
  await page.goto(server.url + HARD);
  await page.locator('.plan-progress').waitFor();
  // Growing, and told by the page while the planner works.
  await page.waitForFunction(() => new Set(globalThis.seen.shares.filter((share) => share > 0)).size >= 2);
  const { times, shares } = await page.evaluate(() => globalThis.seen);
  const waited = times['.plan-progress'] - times['.plan-busy'];
  assert.ok(waited > SHOWN_AFTER - 10, `shown after ${waited.toFixed(0)} ms: a quick plan would flicker`);
  assert.ok(shares.every((share) => share >= 0 && share <= 1), shares.join(' '));
  assert.deepEqual(await axe(page), []);

  const took = await page.evaluate(async () => {
    const start = performance.now();
    document.querySelector('.plan-busy button').click();
    while (document.querySelector('.plan-busy')) await new Promise(requestAnimationFrame);
    return performance.now() - start;
  });
  assert.ok(took < AT_ONCE, `the cancel showed after ${took.toFixed(0)} ms`);
  await page.getByText('已取消').first().waitFor();

  // The page goes on: another plan is answered.
  await page.goto(server.url + EASY);
  await page.locator('.plan[data-view=result] h3 a[href*="location?id="]').first().waitFor();
  assert.deepEqual(await closePage(page), []);
});

test('a plan that is overtaken by another gives way to it', async () => {
  const page = await newPage({ ...PHONE, lang: 'zh' });
  page.setDefaultTimeout(PATIENCE);
  await page.goto(server.url + HARD);
  await page.locator('.plan-progress').waitFor();
  await page.goto(server.url + EASY);
  await page.locator('.plan[data-view=result] h3 a[href*="location?id="]').first().waitFor();
  const said = await page.locator('.plan .sheet-body').innerText();
  const alone = await newPage({ ...PHONE, lang: 'zh' });
  alone.setDefaultTimeout(PATIENCE);
  await alone.goto(server.url + EASY);
  await alone.locator('.plan[data-view=result] h3 a[href*="location?id="]').first().waitFor();
  assert.equal(said, await alone.locator('.plan .sheet-body').innerText(), 'nothing of the first is left');
  assert.deepEqual(await closePage(page), []);
  assert.deepEqual(await closePage(alone), []);
});
