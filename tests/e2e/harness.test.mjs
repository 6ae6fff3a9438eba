// The harness itself, on a page of a few lines: that it serves, records what goes wrong, runs axe, frames, and stops.
// The flows of the real app stand in their own files beside this one.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axe, closeBrowser, closePage, newPage, startPortal, startServer } from './harness.mjs';

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="chongtu-build" content="fixture"><link rel="icon" href="./icon.svg"><title>Fixture</title></head>
<body><main><h1>Fixture</h1><p id="at"></p></main>
<script type="module">document.getElementById('at').textContent = location.pathname + location.search;</script></body></html>`;

let app;

before(() => {
  app = mkdtempSync(join(tmpdir(), 'chongtu-e2e-'));
  writeFileSync(join(app, 'index.html'), PAGE);
  writeFileSync(join(app, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
});

after(async () => {
  await closeBrowser();
  rmSync(app, { recursive: true, force: true });
});

test('a sound page has no faults, and axe finds nothing', async () => {
  const server = await startServer({ app });
  const page = await newPage();
  await page.goto(`${server.url}location?id=1`);
  assert.equal(await page.textContent('#at'), '/location?id=1', 'the inline script ran under the policy');
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(await closePage(page), []);
  assert.deepEqual(await server.stop(), { code: 0, signal: null }, 'SIGTERM ends it well');
});

test('what goes wrong is recorded', async () => {
  const server = await startServer({ app });
  const page = await newPage();
  await page.goto(server.url);
  await page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', '<img src="./none.png"><button></button><p style="color:red">x</p>');
    console.error('said');
    setTimeout(() => {
      throw new Error('thrown');
    });
    return fetch('https://example.invalid/').catch(() => {});
  });
  const expected = [/said/, /thrown/, /404 .*none\.png/, /example\.invalid/, /style/];
  const all = (faults) => expected.every((one) => faults.some((fault) => one.test(fault)));
  await page.waitForFunction(() => document.images[0].complete);
  const deadline = Date.now() + 10_000;
  while (!all(page.faults) && Date.now() < deadline) await page.evaluate(() => new Promise(requestAnimationFrame));
  for (const one of expected) assert.ok(page.faults.some((fault) => one.test(fault)), `${one}: ${page.faults.join('\n')}`);
  const found = await axe(page);
  for (const rule of ['image-alt', 'button-name']) {
    assert.ok(found.some((line) => line.includes(rule)), `${rule}: ${found.join('\n')}`);
  }
  await closePage(page);
  await server.stop();
});

test('a portal of another origin frames it under a sub-path, when it is allowed to', async () => {
  for (const allowed of [true, false]) {
    const portal = await startPortal({ app, path: 'plan?x=1', allowed });
    const page = await newPage({ width: 1440, height: 900 });
    await page.goto(portal.url);
    if (allowed) {
      await page.frameLocator('#app').locator('#at', { hasText: '/portal/charge/plan?x=1' }).waitFor();
      assert.deepEqual(await closePage(page), []);
    } else {
      const faults = await closePage(page);
      assert.ok(faults.some((fault) => /frame-ancestors/.test(fault)), faults.join('\n'));
    }
    await portal.stop();
  }
});
