// Starts what a browser test talks to: the built native program, and a portal that frames the app from another origin.
// Loopback only, free ports only.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The built program and app: `cargo xtask test` names them; otherwise where a plain build puts them. */
export const program =
  process.env.CHONGTU_PROGRAM ?? join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'release/chongtu');
export const dist = process.env.CHONGTU_DIST ?? join(root, 'dist');

/** How long a server may take to listen, in milliseconds: far more than it needs on a busy machine. */
const PATIENCE_MS = 30_000;

/**
 * Starts `chongtu serve` on a free port.
 * @returns {Promise<{url: string, origin: string, stop: () => Promise<{code: number|null, signal: string|null}>}>}
 *   `url` ends with the base path; `stop` asks it to stop and says how it ended.
 */
export async function startServer({ app = dist, args = [] } = {}) {
  if (!existsSync(program)) throw new Error(`${program} is not built. Run: cargo xtask build`);
  const child = spawn(program, ['serve', '--app', app, '--listen', '127.0.0.1:0', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const listening = new Promise((found) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        const match = /listening on (http:\/\/[^\s]+)/.exec(line);
        if (match) found(match[1]);
      });
    }
  });
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no "listening on" within ${PATIENCE_MS} ms: ${said.join(' | ')}`)), PATIENCE_MS);
  });
  const gone = ended.then(({ code, signal }) => {
    throw new Error(`the server ended at once (${code ?? signal}): ${said.join(' | ')}`);
  });
  gone.catch(() => {}); // it also ends when stopped; then nobody waits for this
  const failed = new Error('the server failed to start');
  child.on('error', (error) => (failed.cause = error));
  let address;
  try {
    address = await Promise.race([listening, gone, late]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
  const { origin } = new URL(address);
  const base = args.includes('--base-path') ? args[args.indexOf('--base-path') + 1] : '/';
  return {
    origin,
    url: `${origin}${base}`,
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/**
 * A portal of another origin with the app in a frame under a sub-path: the portal's page is all of `portal.url`, the
 * frame has the id `app`.
 * @param {{path?: string, app?: string, allowed?: boolean}} options
 *   `path`: the app's route and query within its base path; `allowed`: whether the app is told of the portal's origin.
 */
export async function startPortal({ path = '', app = dist, allowed = true } = {}) {
  const frame = { src: 'about:blank', origin: '' };
  const portal = createServer((request, response) => {
    if (new URL(request.url, 'http://portal').pathname !== '/') {
      response.writeHead(request.url === '/favicon.ico' ? 204 : 404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; frame-src ${frame.origin}`,
    });
    response.end(`<!doctype html><html lang="zh"><meta charset="utf-8"><title>Portal</title>
<style>html,body{margin:0;height:100%}h1{margin:0;font:16px/48px sans-serif;padding:0 16px}
iframe{border:0;width:100%;height:calc(100% - 48px)}</style>
<h1>Portal</h1><iframe id="app" title="Charging" allow="geolocation" src="${frame.src}"></iframe></html>`);
  });
  portal.listen(0, '127.0.0.1');
  await once(portal, 'listening');
  const origin = `http://127.0.0.1:${portal.address().port}`;
  let server;
  try {
    const framed = allowed ? ['--frame-ancestors', origin] : [];
    server = await startServer({ app, args: ['--base-path', '/portal/charge/', ...framed] });
  } catch (error) {
    portal.close();
    throw error;
  }
  frame.origin = server.origin;
  frame.src = `${server.url}${path}`;
  return {
    url: `${origin}/`,
    origin,
    app: server,
    async stop() {
      portal.closeAllConnections();
      await new Promise((done) => portal.close(done));
      return server.stop();
    },
  };
}
