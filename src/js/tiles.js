// A base map from elsewhere: a MapLibre style, or a PMTiles archive of pictures or of vectors in
// the schemas of Protomaps or OpenMapTiles. Loaded only where one is configured.

const SOURCE = 'tiles';

/**
 * Opens the base map at an absolute address; an archive is one by its name's end.
 * @returns {Promise<{style: (base: object) => object, layers: (base: object) => object[]}>}
 *   `style` is the whole style, `layers` what of it follows the page's tokens, both given our own base style in those.
 */
export async function openBaseMap(gl, address) {
  return new URL(address).pathname.endsWith('.pmtiles') ? openArchive(gl, address) : openStyle(gl, address);
}

async function openStyle(gl, address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  const style = await answer.json();
  if (!style.sources || !style.layers) throw new Error('this is no MapLibre style: it has no sources or no layers');
  const absolute = (url) => {
    const archive = url.startsWith('pmtiles://');
    const full = new URL(archive ? url.slice('pmtiles://'.length) : url, address).href;
    // The braces of {z} and {fontstack} are no part of an address and must stay.
    return (archive ? 'pmtiles://' : '') + full.replaceAll('%7B', '{').replaceAll('%7D', '}');
  };
  for (const source of Object.values(style.sources)) {
    if (source.url?.startsWith('pmtiles://')) await protocol(gl);
    if (source.url) source.url = absolute(source.url);
    if (source.tiles) source.tiles = source.tiles.map(absolute);
    if (typeof source.data === 'string') source.data = absolute(source.data);
  }
  if (style.glyphs) style.glyphs = absolute(style.glyphs);
  if (typeof style.sprite === 'string') style.sprite = absolute(style.sprite);
  else for (const one of style.sprite ?? []) one.url = absolute(one.url);
  return { style: () => style, layers: () => [] };
}

let reader = null;

// Teaches MapLibre addresses that begin with pmtiles://.
function protocol(gl) {
  reader ??= import('./pmtiles.mjs').then((library) => {
    const handler = new library.Protocol();
    gl.addProtocol('pmtiles', handler.tile);
    return { ...library, handler };
  });
  return reader;
}

async function openArchive(gl, address) {
  const { PMTiles, TileType, handler } = await protocol(gl);
  const archive = new PMTiles(address);
  handler.add(archive); // what MapLibre asks for next is read with the same header
  const { tileType } = await archive.getHeader();
  const isVector = tileType === TileType.Mvt || tileType === TileType.Mlt;
  const source = { type: isVector ? 'vector' : 'raster', url: `pmtiles://${address}` };
  let layers;
  if (isVector) {
    if (tileType === TileType.Mlt) source.encoding = 'mlt';
    const names = new Set(((await archive.getMetadata())?.vector_layers ?? []).map(({ id }) => id));
    layers = (base) => vectorLayers(base, names);
    if (layers({ layers: [], metadata: {} }).length < 2) {
      throw new Error(`none of its layers is known (${[...names].join(', ') || 'it names none'}); Protomaps' and OpenMapTiles' are`);
    }
  } else {
    source.tileSize = 256;
    layers = (base) => [background(base, 'land'), { id: 'tiles', type: 'raster', source: SOURCE }];
  }
  return { layers, style: (base) => ({ version: 8, sources: { [SOURCE]: source }, layers: layers(base) }) };
}

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--map-${name}`).trim();
const background = (base, what) => ({ id: 'sea', type: 'background', paint: { 'background-color': token(what) } });

// What a feature is, in any of the schemas: Protomaps 4, Protomaps 3, OpenMapTiles.
const KIND = ['coalesce', ['get', 'kind'], ['get', 'pmap:kind'], ['get', 'class'], ''];
const is = (...kinds) => ['match', KIND, kinds, true, false];
const shape = (name) => ['match', ['geometry-type'], [name, `Multi${name}`], true, false];

const GREEN = [
  'forest', 'wood', 'park', 'national_park', 'nature_reserve', 'protected_area', 'grass', 'grassland', 'scrub', 'garden',
  'golf_course', 'wetland', 'cemetery', 'meadow', 'recreation_ground', 'village_green',
];
const URBAN = ['residential', 'urban_area', 'commercial', 'retail', 'industrial', 'school', 'university', 'hospital', 'railway'];
const RIVERS = ['river', 'canal'];
const EXPRESSWAYS = ['highway', 'motorway'];
const MAJOR = ['major_road', 'medium_road', 'trunk', 'primary', 'secondary', 'tertiary'];
const MINOR = ['minor_road', 'minor', 'service', 'residential', 'unclassified', 'busway'];

// The archive drawn like our own base map, whose layers give widths, fonts and most colours. Boundaries are left out,
// and names of countries and provinces with them: which lines and names a map may show is the operator's to answer for,
// with a style of their own.
function vectorLayers(base, names) {
  const own = new Map(base.layers.map((layer) => [layer.id, layer]));
  const text = base.metadata?.english
    ? ['coalesce', ['get', 'name:en'], ['get', 'name_en'], ['get', 'name'], '']
    : ['coalesce', ['get', 'name:zh-Hans'], ['get', 'name:zh'], ['get', 'name'], ''];
  const layers = [];
  // One layer for each of the archive's that there is, like our own of that name.
  const add = (id, sources, filter, { like, ...more }) => {
    const model = own.get(like) ?? {};
    for (const name of sources) {
      if (!names.has(name)) continue;
      layers.push({
        ...model, filter, ...more, id: `${id}-${name}`, source: SOURCE, 'source-layer': name,
        paint: { ...model.paint, ...more.paint }, layout: { ...model.layout, ...more.layout },
      });
    }
  };
  const fill = (colour) => ({ type: 'fill', paint: { 'fill-color': token(colour) } });
  const roads = ['roads', 'transportation'];
  const line = shape('LineString');

  // Protomaps draws land on sea, OpenMapTiles sea on land.
  layers.push(background(base, names.has('earth') ? 'water' : 'land'));
  add('land', ['earth'], shape('Polygon'), fill('land'));
  add('urban', ['landcover', 'landuse'], ['all', shape('Polygon'), is(...URBAN)], fill('urban'));
  add('green', ['landcover', 'landuse'], ['all', shape('Polygon'), is(...GREEN)], fill('green'));
  add('park', ['park'], shape('Polygon'), fill('green'));
  add('lake', ['water'], shape('Polygon'), fill('water'));
  add('river', ['water', 'waterway'], ['all', line, is(...RIVERS)], {
    type: 'line', like: 'river', minzoom: 7,
    paint: { 'line-color': token('water'), 'line-width': ['interpolate', ['exponential', 1.6], ['zoom'], 7, 0.6, 14, 4] },
  });
  add('building', ['buildings', 'building'], shape('Polygon'), {
    type: 'fill', minzoom: 14, paint: { 'fill-color': token('road-case'), 'fill-opacity': 0.5 },
  });
  add('rail', roads, ['all', line, is('rail')], {
    type: 'line', minzoom: 10, paint: { 'line-color': token('rail'), 'line-width': 1 },
  });
  add('minor', roads, ['all', line, is(...MINOR)], {
    type: 'line', like: 'road', minzoom: 12,
    paint: { 'line-color': token('road-minor'), 'line-width': ['interpolate', ['exponential', 1.4], ['zoom'], 12, 0.6, 17, 9] },
  });
  add('road-case', roads, ['all', line, is(...MAJOR)], { type: 'line', like: 'road-case', minzoom: 7 });
  add('expressway-case', roads, ['all', line, is(...EXPRESSWAYS)], { type: 'line', like: 'expressway-case' });
  add('road', roads, ['all', line, is(...MAJOR)], { type: 'line', like: 'road', minzoom: 7 });
  add('expressway', roads, ['all', line, is(...EXPRESSWAYS)], { type: 'line', like: 'expressway' });
  add('water-name', ['water', 'water_name'], ['all', shape('Point'), ['!=', text, '']], {
    type: 'symbol', like: 'lake-name', layout: { 'text-field': text },
  });
  const shield = own.get('shield')?.filter ?? true;
  add('shield', ['roads', 'transportation_name'], ['all', line, is(...EXPRESSWAYS, ...MAJOR), shield], {
    type: 'symbol', like: 'shield',
  });
  // A city is one by its population in Protomaps' words, or by its class in OpenMapTiles'.
  const population = ['coalesce', ['get', 'population_rank'], ['get', 'pmap:population_rank'], 0];
  const isCity = ['any', is('city'), ['>=', population, 11]];
  const scale = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--k')) || 1;
  const font = own.get('lake-name')?.layout?.['text-font'] ?? ['sans-serif'];
  add('place', ['places', 'place'], [
    'step', ['zoom'], isCity, 8, ['any', isCity, is('locality', 'town')],
    11, is('locality', 'city', 'town', 'village', 'suburb', 'neighbourhood', 'macrohood', 'quarter'),
  ], {
    type: 'symbol', like: 'place',
    layout: {
      'text-field': text, 'text-font': font, 'text-size': ['*', scale, ['case', isCity, 14, 12]],
      'symbol-sort-key': ['coalesce', ['get', 'rank'], ['-', 20, population]],
    },
    paint: { 'text-color': ['case', isCity, token('label'), token('label-2')] },
  });
  return layers;
}
