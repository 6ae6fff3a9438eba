// The glue between the app and MapLibre. The app hands over plain values; this file keeps what is
// to be drawn (also before the library has come), draws it, and tells back what happened.
// Positions are [lng, lat] in here, MapLibre's order.

const SVG = 'http://www.w3.org/2000/svg';
const EMPTY = { type: 'FeatureCollection', features: [] };
const feature = (geometry, properties = {}) => ({ type: 'Feature', geometry, properties });
const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

const libraries = new Map();
const load = (url) => {
  const full = new URL(url, document.baseURI).href;
  if (!libraries.has(full)) {
    // A failed download may be tried again.
    libraries.set(full, import(full).catch((error) => { libraries.delete(full); throw error; }));
  }
  return libraries.get(full);
};

// What a base map from elsewhere needs comes only where one is configured.
const TILES = './vendor/tiles.mjs';

const svg = (name, attributes) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

// A ring by shares in the fixed order free, occupied, out of order, unknown, with gaps of 3 px.
function ring(parts) {
  const r = 19.25, around = 2 * Math.PI * r, total = parts.reduce((a, b) => a + b, 0) || 1;
  const picture = svg('svg', { viewBox: '0 0 44 44', 'aria-hidden': 'true' });
  picture.append(svg('circle', { cx: 22, cy: 22, r: 21.5, class: 'disc' }));
  const shown = parts.filter((n) => n > 0).length;
  const gap = shown > 1 ? 3 : 0;
  let at = 0;
  ['free', 'busy', 'fault', 'unknown'].forEach((status, i) => {
    if (!parts[i]) return;
    const length = (parts[i] / total) * around, drawn = Math.max(length - gap, 1);
    // Unknown is dashed: never by colour alone.
    const dashes = [];
    if (status === 'unknown') {
      let left = drawn;
      while (left > 0) { dashes.push(Math.min(2.5, left), 2); left -= 4.5; }
      dashes[dashes.length - 1] = around;
    } else dashes.push(drawn, around - drawn);
    picture.append(svg('circle', {
      cx: 22, cy: 22, r, class: `arc ${status}`, 'stroke-dasharray': dashes.join(' '), 'stroke-dashoffset': -(at + gap / 2),
      transform: 'rotate(-90 22 22)',
    }));
    at += length;
  });
  return picture;
}

export class MapView {
  constructor(hostId, notify) {
    this.hostId = hostId;
    this.notify = notify;
    this.map = null;
    this.marks = new Map();
    this.pins = new Map(); // route ends, stops, scrub, own position: placed like marks
    this.wanted = { marks: [], route: null, roads: EMPTY, places: EMPTY, padding: { top: 0, right: 0, bottom: 0, left: 0 } };
    this.picking = false;
    this.foreign = null; // the base map from elsewhere, when it is drawn
  }

  preload(url) { load(url).catch(() => {}); } // told when it is opened

  async open(url, workerUrl, options) {
    const foreign = options.styleUrl !== null;
    const tiles = foreign ? load(TILES) : null;
    tiles?.catch(() => {}); // told below, where it is waited for
    const gl = await load(url);
    if (workerUrl) gl.setWorkerUrl(new URL(workerUrl, document.baseURI).href);
    const host = document.getElementById(this.hostId);
    if (foreign) {
      try {
        this.foreign = await (await tiles).openBaseMap(gl, options.styleUrl);
      } catch (error) {
        // The pins are what people come for: they stand on our own base map, then.
        this.notify('error', `the base map ${options.styleUrl} cannot be drawn: ${error?.message ?? error}`);
      }
    }
    const map = new gl.Map({
      container: host, style: merge(this.foreign?.style(options.base) ?? options.base, options.overlay),
      bounds: options.bounds, center: options.center, zoom: options.zoom, fitBoundsOptions: { padding: 24 },
      attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxPitch: 0, minZoom: 3, maxZoom: 19,
      renderWorldCopies: false, fadeDuration: 120, locale: { 'Map.Title': options.title },
    });
    this.map = map;
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new gl.ScaleControl({ maxWidth: 96 }), 'bottom-right');
    this.layer = document.createElement('div');
    this.layer.className = 'marks';
    // Within the canvas's own container, so that a drag or a wheel over a mark moves the map.
    map.getCanvasContainer().append(this.layer);
    map.on('error', (e) => this.notify('error', String(e.error?.message ?? e.error ?? 'unknown')));
    map.setMissingStyleImageResolver(async (id) => addImage(map, id));
    map.on('move', () => { this.place(); this.tell(false); });
    map.on('moveend', () => this.tell(true));
    map.on('resize', () => { this.place(); this.tell(true); });
    map.on('click', (e) => this.clicked(e));
    map.getCanvas().addEventListener('keydown', (e) => {
      if (!this.picking || e.key !== 'Enter') return;
      e.preventDefault();
      const c = map.getCenter();
      this.notify('pick', Float64Array.of(c.lng, c.lat));
    });
    // Into the part that no panel covers.
    if (options.bounds) this.fitNow(options.bounds, 24, 14, false);
    else map.easeTo({ center: options.center, zoom: options.zoom, offset: this.offset(), duration: 0 });
    await new Promise((resolve, reject) => {
      map.once('styledata', resolve);
      map.once('error', (e) => { if (!map.style) reject(e.error); });
    });
    this.fill();
    this.setMarks(this.wanted.marks);
    this.setRoute(this.wanted.route);
    if (this.wanted.me) this.setMe(...this.wanted.me);
    this.setPicking(this.picking);
    this.notify('ready', null);
    this.tell(true);
  }

  fill() {
    if (!this.foreign) { this.data('roads', this.wanted.roads); this.data('places', this.wanted.places); }
    this.drawLines();
    this.shade();
  }

  data(source, value) { this.map?.getSource(source)?.setData(value); }

  restyle(base, overlay) {
    if (!this.map) return;
    // Only what the tokens change: sources and their data stay.
    for (const layer of [...(this.foreign?.layers(base) ?? base.layers), ...overlay.layers]) {
      if (!this.map.getLayer(layer.id)) continue;
      for (const [key, value] of Object.entries(layer.paint ?? {})) this.map.setPaintProperty(layer.id, key, value);
      for (const [key, value] of Object.entries(layer.layout ?? {})) this.map.setLayoutProperty(layer.id, key, value);
    }
    if (this.map.hasImage('shield')) this.map.removeImage('shield');
    addImage(this.map, 'shield');
    this.shade();
    this.place();
  }

  setRoads(buffer) {
    this.wanted.roads = JSON.parse(new TextDecoder().decode(buffer));
    if (!this.foreign) this.data('roads', this.wanted.roads);
  }

  setPlaces(flat) {
    const features = [];
    for (let i = 0; i < flat.length; i += 5) {
      features.push(feature({ type: 'Point', coordinates: [flat[i], flat[i + 1]] }, { rank: flat[i + 2], name: flat[i + 3], en: flat[i + 4] }));
    }
    this.wanted.places = { type: 'FeatureCollection', features };
    if (!this.foreign) this.data('places', this.wanted.places);
  }

  // flat: key, lng, lat, class, glyph, text, label, ring; equal keys stay the same element.
  setMarks(flat) {
    this.wanted.marks = flat;
    if (!this.map) return;
    const kept = new Set();
    for (let i = 0; i < flat.length; i += 8) {
      const [key, lng, lat, classes, glyph, text, label, parts] = flat.slice(i, i + 8);
      kept.add(key);
      const drawn = [classes, glyph, text, label, parts].join('|');
      let mark = this.marks.get(key);
      if (!mark) {
        const element = document.createElement('button');
        element.type = 'button';
        // Named for who explores the screen by touch, but no stop of the tab key: by keyboard the
        // list is the equal of the map, and hundreds of stops would bury it.
        element.tabIndex = -1;
        mark = { element };
        this.marks.set(key, mark);
        this.layer.append(element);
      }
      mark.at = [lng, lat];
      mark.cluster = parts !== null;
      if (mark.drawn !== drawn) {
        mark.drawn = drawn;
        mark.element.className = `mark ${classes}`;
        mark.element.setAttribute('aria-label', label);
        mark.element.dataset.key = key;
        this.write(mark.element, glyph, text, parts);
      }
    }
    for (const [key, mark] of this.marks) if (!kept.has(key)) { mark.element.remove(); this.marks.delete(key); }
    this.shade();
    this.place();
  }

  write(element, glyph, text, parts) {
    const content = [];
    if (parts) content.push(ring(parts));
    if (glyph) {
      const picture = svg('svg', { class: 'glyph', 'aria-hidden': 'true' });
      picture.append(svg('use', { href: `#${glyph}` }));
      content.push(picture);
    }
    const words = document.createElement('b');
    words.textContent = text;
    element.replaceChildren(...content, words);
  }

  // Labels of the base map must not show under pins: invisible boxes take their room.
  shade() {
    if (!this.map?.getSource('our-shade')) return;
    const features = [...this.marks.values()].map((m) => feature({ type: 'Point', coordinates: m.at }, { cluster: m.cluster }));
    this.data('our-shade', { type: 'FeatureCollection', features });
  }

  place() {
    if (!this.map) return;
    for (const mark of [...this.marks.values(), ...this.pins.values()]) {
      const { x, y } = this.map.project(mark.at);
      mark.element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
      if (mark.ring) {
        // The world is 512 px wide at zoom 0, and a pixel shorter in metres the nearer the pole.
        const metres = (40075016.686 * Math.cos((mark.at[1] * Math.PI) / 180)) / (512 * 2 ** this.map.getZoom());
        mark.ring.style.width = mark.ring.style.height = `${((2 * mark.radius) / metres).toFixed(0)}px`;
      }
    }
  }

  // A thing of its own on the map: route ends, stops, the dot of the chart, the own position.
  pin(key, at, classes, text, label) {
    let mark = this.pins.get(key);
    if (at === null) {
      mark?.element.remove();
      this.pins.delete(key);
      return;
    }
    if (!mark) {
      mark = { element: document.createElement('div') };
      this.pins.set(key, mark);
      this.layer.append(mark.element);
    }
    mark.at = at;
    mark.element.className = `mark ${classes}`;
    mark.element.replaceChildren();
    if (text) mark.element.textContent = text;
    if (label) {
      const tag = document.createElement('span');
      tag.className = 'maptag';
      tag.textContent = label;
      mark.element.append(tag);
    }
  }

  setRoute(route) {
    this.wanted.route = route;
    if (!this.map) return;
    for (const key of [...this.pins.keys()]) if (key.startsWith('route')) this.pin(key, null);
    if (route) {
      route.stops.forEach((stop, i) => this.pin(`route-${i}`, stop.at, 'mapstop', stop.label));
      // The labels stand outwards, clear of the route between.
      const west = route.start && route.end && route.start.at[0] <= route.end.at[0];
      if (route.start) this.pin('route-start', route.start.at, `waypoint ${west ? 'left' : ''}`, '', route.start.label);
      if (route.end) this.pin('route-end', route.end.at, `waypoint sq ${west ? '' : 'left'}`, '', route.end.label);
    }
    this.drawLines();
    this.place();
  }

  drawLines() {
    const route = this.wanted.route;
    const features = [];
    for (const flat of route?.lines ?? []) {
      const coordinates = [];
      for (let i = 0; i < flat.length; i += 2) coordinates.push([flat[i], flat[i + 1]]);
      if (coordinates.length > 1) features.push(feature({ type: 'LineString', coordinates }, { kind: 'route' }));
    }
    if (route?.failed) features.push(feature({ type: 'LineString', coordinates: route.failed }, { kind: 'failed' }));
    this.data('our-route', { type: 'FeatureCollection', features });
  }

  setScrub(lng, lat) {
    if (!this.map) return;
    this.pin('scrub', lng === undefined ? null : [lng, lat], 'scrubdot');
    this.place();
  }

  setMe(lng, lat, accuracy, label) {
    this.wanted.me = [lng, lat, accuracy, label];
    if (!this.map) return;
    this.pin('me', [lng, lat], 'me');
    const mark = this.pins.get('me');
    mark.element.setAttribute('role', 'img');
    mark.element.setAttribute('aria-label', label);
    const ring = document.createElement('span');
    ring.className = 'me-ring';
    mark.element.append(ring);
    mark.ring = ring;
    mark.radius = accuracy;
    this.place();
  }

  setPicking(on) {
    this.picking = on;
    document.getElementById(this.hostId)?.classList.toggle('is-picking', on);
  }

  setPadding(top, right, bottom, left) {
    const before = this.wanted.padding;
    this.wanted.padding = { top, right, bottom, left };
    if (!this.map) return;
    // The map itself stays: only what counts as in view changes, and where later moves aim.
    if (before.top !== top || before.right !== right || before.bottom !== bottom || before.left !== left) this.tell(true);
  }

  fitNow(bounds, room, maxZoom, animate) {
    const p = this.wanted.padding;
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    // On a very small map the room would leave nothing.
    const free = Math.min(width - p.left - p.right, height - p.top - p.bottom);
    const inner = Math.max(0, Math.min(room, free / 4));
    const padding = { top: p.top + inner, right: p.right + inner, bottom: p.bottom + inner, left: p.left + inner };
    this.map.fitBounds(bounds, { padding, maxZoom, animate: animate && !calm(), duration: 500, linear: true });
  }

  fit(west, south, east, north, room, maxZoom) {
    if (this.map) this.fitNow([west, south, east, north], room, maxZoom, true);
    else this.later = () => this.fitNow([west, south, east, north], room, maxZoom, false);
  }

  zoomInto(west, south, east, north) {
    if (!this.map) return;
    const p = this.wanted.padding;
    const inner = 56;
    const camera = this.map.cameraForBounds([west, south, east, north], {
      padding: { top: p.top + inner, right: p.right + inner, bottom: p.bottom + inner, left: p.left + inner }, maxZoom: 18,
    });
    // Even a box as wide as the view must come closer by a step, or a tap would do nothing.
    const zoom = Math.min(18, Math.max(camera?.zoom ?? 0, this.map.getZoom() + 1));
    this.flyTo((west + east) / 2, (south + north) / 2, zoom);
  }

  flyTo(lng, lat, zoom) {
    if (!this.map) { this.later = () => this.flyTo(lng, lat, zoom); return; }
    this.map.easeTo({ center: [lng, lat], zoom: zoom ?? this.map.getZoom(), offset: this.offset(), duration: calm() ? 0 : 500 });
  }

  // From the middle of the map to the middle of its free part.
  offset() {
    const p = this.wanted.padding;
    return [(p.left - p.right) / 2, (p.top - p.bottom) / 2];
  }

  reveal(lng, lat) {
    if (!this.map) { this.later = () => this.flyTo(lng, lat, 13); return; }
    const p = this.wanted.padding, { x, y } = this.map.project([lng, lat]);
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    const inside = x > p.left + 48 && x < width - p.right - 48 && y > p.top + 72 && y < height - p.bottom - 24;
    if (!inside) this.flyTo(lng, lat, Math.max(this.map.getZoom(), 11));
  }

  zoomBy(by) {
    if (!this.map) return;
    this.map.easeTo({ zoom: this.map.getZoom() + by, around: this.map.unproject(this.middle()), duration: calm() ? 0 : 200 });
  }

  middle() {
    const { clientWidth: width, clientHeight: height } = this.map.getContainer(), [x, y] = this.offset();
    return [width / 2 + x, height / 2 + y];
  }

  clicked(e) {
    const element = e.originalEvent?.target?.closest?.('.mark[data-key]');
    const mark = element && this.marks.get(element.dataset.key);
    if (this.picking) {
      const at = mark ? mark.at : [e.lngLat.lng, e.lngLat.lat];
      this.notify('pick', Float64Array.of(at[0], at[1]));
    } else if (mark) this.notify('mark', element.dataset.key);
    else this.notify('tap', Float64Array.of(e.lngLat.lng, e.lngLat.lat));
  }

  tell(settled) {
    if (!this.map) return;
    if (this.later && settled) { const act = this.later; this.later = null; act(); return; }
    const p = this.wanted.padding, { clientWidth: width, clientHeight: height } = this.map.getContainer();
    if (width === 0 || height === 0) return;
    const a = this.map.unproject([p.left, p.top]), b = this.map.unproject([width - p.right, height - p.bottom]);
    const c = this.map.unproject(this.middle());
    this.notify('move', Float64Array.of(a.lng, b.lat, b.lng, a.lat, c.lng, c.lat, this.map.getZoom(), settled && !this.map.isMoving() ? 1 : 0));
  }
}

function merge(base, overlay) {
  return { ...base, sources: { ...base.sources, ...overlay.sources }, layers: [...base.layers, ...overlay.layers] };
}

// Pictures that the styles name: the plate behind a road's number, drawn from the tokens and
// stretched to its text, and the invisible box that keeps labels away from pins.
function addImage(map, id) {
  if (map.hasImage(id) || (id !== 'shield' && id !== 'blank')) return;
  const size = 32, canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  const pen = canvas.getContext('2d');
  if (id === 'shield') {
    const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    pen.fillStyle = token('--map-shield');
    pen.strokeStyle = token('--map-shield-line');
    pen.lineWidth = 2;
    pen.beginPath();
    pen.roundRect(1, 1, size - 2, size - 2, 7);
    pen.fill();
    pen.stroke();
  }
  const stretch = [[10, 22]];
  map.addImage(id, pen.getImageData(0, 0, size, size), { pixelRatio: 2, stretchX: stretch, stretchY: stretch, content: [7, 5, 25, 27] });
}
