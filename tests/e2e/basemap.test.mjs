// Base maps from elsewhere, as region.json names them: a PMTiles archive of pictures or of vectors, a style on another
// origin; and what stands there when they cannot be had.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { DESKTOP, closeBrowser, closePage, dist, newPage, screenshot, startServer } from './harness.mjs';
import { rasterArchive, vectorArchive } from './pmtiles.mjs';

const PATIENCE = 60_000;
/** A colour that nothing of ours has. */
const MAGENTA = [200, 30, 180];

const folders = [];
/** What a test that failed left running would keep this file from ending. */
const running = [];

after(async () => {
  await closeBrowser();
  for (const server of running) await server.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The built app with another base map: what changes in region.json, and files beside it. */
function appWith(changes, files = {}) {
  const app = mkdtempSync(join(tmpdir(), 'chongtu-basemap-'));
  folders.push(app);
  cpSync(dist, app, { recursive: true });
  const page = readFileSync(join(app, 'index.html'), 'utf8');
  const region = join(app, /name="chongtu-region" content="([^"]+)"/.exec(page)[1]);
  writeFileSync(region, JSON.stringify({ ...JSON.parse(readFileSync(region, 'utf8')), ...changes }));
  // Compressed forms would be served in its place.
  for (const end of ['.br', '.gz']) rmSync(region + end, { force: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(dirname(region), name), bytes);
  return app;
}

async function serve(options) {
  const server = await startServer(options);
  running.push(server);
  return server;
}

async function open(server, options) {
  const page = await newPage({ ...DESKTOP, ...options });
  page.setDefaultTimeout(PATIENCE);
  page.asked = [];
  page.on('response', async (response) => {
    if (/\.pmtiles$/.test(response.url())) {
      const range = (await response.request().allHeaders()).range;
      page.asked.push({ range, status: response.status(), bytes: Number(response.headers()['content-length']) });
    }
  });
  await page.goto(server.url);
  await page.locator('.pin, .cluster').first().waitFor();
  return page;
}

/** The share of the map that has this colour, as the screen shows it. */
async function share(page, [red, green, blue]) {
  const shot = (await page.locator('canvas.maplibregl-canvas').screenshot()).toString('base64');
  return page.evaluate(async ([data, ...wanted]) => {
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const pen = new OffscreenCanvas(image.width, image.height).getContext('2d');
    pen.drawImage(image, 0, 0);
    const { data: pixels } = pen.getImageData(0, 0, image.width, image.height);
    let same = 0;
    for (let i = 0; i < pixels.length; i += 4) if (wanted.every((value, k) => Math.abs(pixels[i + k] - value) <= 2)) same += 1;
    return same / (pixels.length / 4);
  }, [shot, red, green, blue]);
}

/** Waits until most of the map, which panels and pins cover in part, has this colour. */
async function waitForColour(page, colour, least = 0.4) {
  const deadline = Date.now() + PATIENCE;
  let seen = 0;
  while (Date.now() < deadline) {
    seen = await share(page, colour);
    if (seen > least) return;
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  assert.fail(`${colour} fills ${(100 * seen).toFixed(0)} % of the map; ${page.faults.join('; ')}`);
}

const token = (page, name) =>
  page.evaluate((of) => {
    const text = getComputedStyle(document.documentElement).getPropertyValue(of).trim();
    return [1, 3, 5].map((i) => Number.parseInt(text.slice(i, i + 2), 16));
  }, name);

/** Style, tiles and archives of another origin, as a tile server or a bucket serves them. */
async function startTiles(files) {
  const server = createServer((request, response) => {
    const bytes = files[request.url.slice(1)];
    const headers = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'etag', etag: '"1"' };
    if (!bytes) return response.writeHead(404, headers).end();
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (!range) return response.writeHead(200, headers).end(bytes);
    const [first, last] = [Number(range[1]), Math.min(Number(range[2]), bytes.length - 1)];
    const part = bytes.subarray(first, last + 1);
    return response.writeHead(206, { ...headers, 'content-range': `bytes ${first}-${last}/${bytes.length}` }).end(part);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  running.push({
    stop() {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  });
  return { origin: `http://127.0.0.1:${server.address().port}` };
}

test('without one, nothing of what reads tiles is loaded', async () => {
  const server = await serve();
  const page = await newPage(DESKTOP);
  page.setDefaultTimeout(PATIENCE);
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(server.url);
  await page.locator('.pin, .cluster').first().waitFor();
  assert.ok(asked.some((path) => path.includes('maplibre-gl')), 'requests are heard');
  assert.deepEqual(asked.filter((path) => /tiles/.test(path)), []);
  assert.deepEqual(await closePage(page), []);
});

test('an archive of pictures is drawn, read by ranges', async () => {
  const archive = rasterArchive({ colour: MAGENTA });
  const attribution = ['Tiles of a test'];
  const app = appWith({ style: 'tiny.pmtiles', attribution, map_approval: 'GS(2026)0001' }, { 'tiny.pmtiles': archive });
  const server = await serve({ app });
  const page = await open(server);
  await waitForColour(page, MAGENTA);
  assert.ok(page.asked.length >= 2, 'the directory, then tiles');
  for (const { range, status, bytes } of page.asked) {
    assert.match(range ?? 'none', /^bytes=\d+-\d+$/);
    assert.equal(status, 206, range);
    assert.ok(bytes < archive.length, `${bytes} of ${archive.length} bytes`);
  }
  assert.match(await page.locator('.attribution').innerText(), /Tiles of a test[\s\S]*GS\(2026\)0001/);
  assert.deepEqual(await closePage(page), []);
});

// All layers of a schema are named by the archive, so that MapLibre checks every one of ours; the tile has the one.
const PROTOMAPS = ['boundaries', 'buildings', 'earth', 'landcover', 'landuse', 'places', 'pois', 'roads', 'water'];
const OPENMAPTILES = [
  'aeroway', 'boundary', 'building', 'landcover', 'landuse', 'park', 'place', 'poi', 'transportation', 'transportation_name', 'water',
  'water_name', 'waterway',
];
for (const [layer, kind, schema, name] of [
  ['earth', 'earth', PROTOMAPS, '--map-land'],
  ['landcover', 'forest', PROTOMAPS, '--map-green'],
  ['water', 'ocean', OPENMAPTILES, '--map-water'],
  ['landuse', 'residential', OPENMAPTILES, '--map-urban'],
]) {
  test(`an archive of vectors is drawn in our own colours (${layer})`, async () => {
    const features = [{ layer, shape: 'polygon', tags: { [schema === PROTOMAPS ? 'kind' : 'class']: kind } }];
    const archive = vectorArchive({ features, names: schema });
    const app = appWith({ style: 'tiny.pmtiles' }, { 'tiny.pmtiles': archive });
    const server = await serve({ app });
    const page = await open(server, { theme: 'light' });
    const light = await token(page, name);
    await waitForColour(page, light);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html[data-theme=dark]').waitFor(); // the app follows the device
    const dark = await token(page, name);
    assert.notDeepEqual(dark, light);
    await waitForColour(page, dark);
    assert.deepEqual(await closePage(page), []);
  });
}

for (const [roads, key, kind, places, place] of [
  ['roads', 'kind', 'highway', 'places', { kind: 'locality', 'name:zh-Hans': '测试城', 'name:en': 'Testville', name: 'T' }],
  ['transportation', 'class', 'motorway', 'place', { class: 'city', name: '测试城', 'name:en': 'Testville' }],
]) {
  test(`roads of an archive are drawn, borders are not (${roads})`, async () => {
    const tags = { [key]: kind, ref: 'G42' };
    const archive = vectorArchive({ features: [
      { layer: roads, shape: 'line', tags },
      { layer: places, shape: 'point', tags: place },
      { layer: roads === 'roads' ? 'boundaries' : 'boundary', shape: 'polygon', tags: { kind: 'country' } },
    ] });
    const server = await serve({ app: appWith({ style: 'tiny.pmtiles' }, { 'tiny.pmtiles': archive }) });
    const page = await open(server, { lang: 'zh' });
    await waitForColour(page, await token(page, '--map-exp'), 0.002);
    await waitForColour(page, await token(page, '--map-land'), 0.4);
    await screenshot(page, `basemap-${roads}`);
    assert.deepEqual(await closePage(page), []);
  });
}

test('a style of another origin with an archive beside it is drawn where that origin is allowed', async () => {
  const style = {
    version: 8,
    sources: { pictures: { type: 'raster', url: 'pmtiles://./tiny.pmtiles', tileSize: 256 } },
    layers: [{ id: 'pictures', type: 'raster', source: 'pictures' }],
  };
  const tiles = await startTiles({
    'style.json': Buffer.from(JSON.stringify(style)), 'tiny.pmtiles': rasterArchive({ colour: MAGENTA }),
  });
  const app = appWith({ style: `${tiles.origin}/style.json` });
  const server = await serve({ app, args: ['--base-map-origin', tiles.origin] });
  const page = await open(server);
  await waitForColour(page, MAGENTA);
  assert.ok(page.asked.length >= 2);
  assert.deepEqual(await closePage(page), []);

  const strict = await serve({ app });
  const refused = await open(strict);
  await waitForColour(refused, await token(refused, '--map-land'));
  const faults = await closePage(refused);
  assert.ok(faults.some((fault) => /content security policy/i.test(fault)), faults.join('\n'));
  assert.ok(faults.some((fault) => fault.includes(`${tiles.origin}/style.json cannot be drawn`)), faults.join('\n'));
});

for (const [what, style, files] of [
  ['is not there', 'none.pmtiles', {}],
  ['is no archive', 'bad.pmtiles', { 'bad.pmtiles': 'not an archive' }],
  ['has layers of an unknown schema', 'odd.pmtiles', { 'odd.pmtiles': vectorArchive({ features: [{ layer: 'contours', shape: 'line', tags: {} }] }) }],
  ['is no style', 'style.json', { 'style.json': '{"a": 1}' }],
]) {
  test(`a base map that ${what} is named, and our own stands there`, async () => {
    const server = await serve({ app: appWith({ style }, files) });
    const page = await open(server);
    await waitForColour(page, await token(page, '--map-land'));
    const faults = await closePage(page);
    assert.ok(faults.some((fault) => fault.includes(`${style} cannot be drawn: `)), faults.join('\n'));
    assert.ok(!faults.some((fault) => fault.startsWith('uncaught')), faults.join('\n'));
  });
}
