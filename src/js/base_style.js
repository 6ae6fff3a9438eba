// The base map and the layers above it, in the page's present tokens.

const EMPTY = { type: 'geojson', data: { type: 'FeatureCollection', features: [] } };

function tokens() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  return { color: (name) => read(`--${name}`), scale: Number.parseFloat(read('--k')) || 1 };
}

// Widths and sizes by zoom: by(6, 0.5, 10, 2) is 0.5 px at zoom 6, 2 px at zoom 10.
const by = (...stops) => ['interpolate', ['exponential', 1.4], ['zoom'], ...stops];

export function baseStyle(english, basemapUrl) {
  const { color, scale } = tokens();
  const name = english ? ['coalesce', ['get', 'en'], ['get', 'name']] : ['get', 'name'];
  const waterName = english ? ['coalesce', ['get', 'name_en'], ['get', 'name'], ''] : ['coalesce', ['get', 'name'], ''];
  const halo = { 'text-halo-color': color('map-halo'), 'text-halo-width': 1.6 };
  // Without a glyphs address MapLibre draws every letter with the device's own fonts.
  const font = ['PingFang SC', 'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', 'sans-serif'];
  // MapLibre reads the weight out of the first name; there is no such family.
  const strong = ['Label Semibold', ...font];
  const is = (layer) => ['==', ['get', 'layer'], layer];
  // Waters are named later than cities of their rank.
  const namedWater = (layer) => ['all', is(layer), ['<=', ['coalesce', ['get', 'rank'], 1], ['step', ['zoom'], 0, 6, 1, 8, 2, 10, 3, 12, 9]]];
  const expressway = ['==', ['get', 'class'], 0];
  const road = ['>', ['get', 'class'], 0];
  const line = { 'line-cap': 'round', 'line-join': 'round' };
  const riverWidth = (zoom) => ['max', 0.6, ['*', ['coalesce', ['get', 'width_m'], 0], (512 * 2 ** zoom) / 40075016 / 0.85]];
  return {
    version: 8,
    metadata: { english },
    sources: {
      basemap: basemapUrl ? { type: 'geojson', data: basemapUrl } : EMPTY,
      roads: { ...EMPTY, tolerance: 0.2 },
      places: EMPTY,
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': color('map-water') } },
      { id: 'land', type: 'fill', source: 'basemap', filter: is('land'), paint: { 'fill-color': color('map-land') } },
      { id: 'lake', type: 'fill', source: 'basemap', filter: is('lake'), paint: { 'fill-color': color('map-water') } },
      { id: 'river', type: 'line', source: 'basemap', filter: is('river'), layout: line,
        paint: {
          'line-color': color('map-water'),
          'line-width': ['interpolate', ['exponential', 2], ['zoom'], 5, riverWidth(5), 18, riverWidth(18)],
        } },
      { id: 'road-case', type: 'line', source: 'roads', filter: road, minzoom: 6, layout: line,
        paint: { 'line-color': color('map-road-case'), 'line-width': by(6, 1.4, 9, 3, 13, 8, 17, 18) } },
      { id: 'expressway-case', type: 'line', source: 'roads', filter: expressway, layout: line,
        paint: { 'line-color': color('map-exp-case'), 'line-width': by(4, 1.2, 7, 2.6, 10, 5, 13, 9, 17, 22) } },
      { id: 'road', type: 'line', source: 'roads', filter: road, minzoom: 6, layout: line,
        paint: { 'line-color': color('map-road'), 'line-width': by(6, 0.7, 9, 1.8, 13, 6, 17, 15) } },
      { id: 'expressway', type: 'line', source: 'roads', filter: expressway, layout: line,
        paint: { 'line-color': color('map-exp'), 'line-width': by(4, 0.7, 7, 1.6, 10, 3.4, 13, 7, 17, 18) } },
      { id: 'lake-name', type: 'symbol', source: 'basemap', filter: namedWater('lake'),
        layout: { 'text-field': waterName, 'text-font': font, 'text-size': 11 * scale, 'text-letter-spacing': 0.1, 'text-max-width': 8 },
        paint: { 'text-color': color('map-label-water'), 'text-halo-color': color('map-water'), 'text-halo-width': 1.2 } },
      { id: 'river-name', type: 'symbol', source: 'basemap', filter: namedWater('river'), minzoom: 7,
        layout: { 'text-field': waterName, 'text-font': font, 'text-size': 11 * scale, 'symbol-placement': 'line', 'symbol-spacing': 420, 'text-letter-spacing': 0.1 },
        paint: { 'text-color': color('map-label-water'), 'text-halo-color': color('map-water'), 'text-halo-width': 1.2 } },
      { id: 'shield', type: 'symbol', source: 'roads', minzoom: 7.5,
        // Only what is a road's number (G42, S87): names of streets would be no shields.
        filter: ['all', ['>=', ['get', 'ref'], 'A'], ['<', ['get', 'ref'], '['], ['<=', ['length', ['get', 'ref']], 6]],
        layout: {
          'symbol-placement': 'line', 'symbol-spacing': 320, 'text-field': ['get', 'ref'], 'text-font': font, 'text-size': 10 * scale,
          'icon-image': 'shield', 'icon-text-fit': 'both', 'icon-text-fit-padding': [1, 2, 1, 2],
          'text-rotation-alignment': 'viewport', 'icon-rotation-alignment': 'viewport', 'text-padding': 12,
        },
        paint: { 'text-color': color('map-shield-fg') } },
      { id: 'place', type: 'symbol', source: 'places',
        filter: ['<=', ['get', 'rank'], ['step', ['zoom'], 1, 6, 2, 8.5, 3, 11, 4]],
        layout: {
          'text-field': name, 'text-font': ['step', ['get', 'rank'], ['literal', strong], 3, ['literal', font]],
          'symbol-sort-key': ['get', 'rank'], 'text-padding': 2, 'text-max-width': 9,
          // Beside a pin or a cluster, where one stands on the place.
          'text-variable-anchor-offset': [
            'center', [0, 0], 'top', [0, 1.3], 'bottom', [0, -1.3], 'left', [1.6, 0], 'right', [-1.6, 0],
            'top', [0, 2.4], 'bottom', [0, -2.6], 'left', [2, 1.2], 'right', [-2, 1.2], 'left', [2, -1.2], 'right', [-2, -1.2],
          ],
          'text-justify': 'auto',
          'text-size': ['*', scale, ['match', ['get', 'rank'], 1, 15, 2, 13, 12]],
        },
        paint: { 'text-color': ['match', ['get', 'rank'], 1, color('map-label'), 2, color('map-label'), color('map-label-2')], ...halo } },
    ],
  };
}

// What stands above any base map: the route, and the room that pins take from labels. Named so that
// no layer of a foreign style has the same name.
export function overlayStyle() {
  const { color } = tokens();
  const line = { 'line-cap': 'round', 'line-join': 'round' };
  const kind = (is) => ['==', ['get', 'kind'], is];
  const box = (size) => ({ 'icon-image': 'blank', 'icon-size': size, 'icon-allow-overlap': true, 'icon-ignore-placement': false });
  return {
    sources: { 'our-route': EMPTY, 'our-shade': EMPTY },
    layers: [
      { id: 'our-route-case', type: 'line', source: 'our-route', filter: kind('route'), layout: line,
        paint: { 'line-color': color('route-case'), 'line-width': 9 } },
      { id: 'our-route', type: 'line', source: 'our-route', filter: kind('route'), layout: line,
        paint: { 'line-color': color('route'), 'line-width': 5 } },
      { id: 'our-route-failed', type: 'line', source: 'our-route', filter: kind('failed'), layout: line,
        paint: { 'line-color': color('red'), 'line-width': 4, 'line-dasharray': [0.5, 2] } },
      { id: 'our-shade-pin', type: 'symbol', source: 'our-shade', filter: ['==', ['get', 'cluster'], false],
        layout: { ...box(2.6), 'icon-anchor': 'bottom', 'icon-padding': 0 } },
      { id: 'our-shade-cluster', type: 'symbol', source: 'our-shade', filter: ['==', ['get', 'cluster'], true],
        layout: { ...box(2.75), 'icon-padding': 0 } },
    ],
  };
}
