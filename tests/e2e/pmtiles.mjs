// Writes the smallest archives of tiles that say something: one tile, the same everywhere, as a picture of one colour or as
// one polygon that fills it. After the specifications of PMTiles 3, Mapbox Vector Tiles 2.1 and PNG.

import { crc32, deflateSync } from 'node:zlib';

const MVT = 1;
const PNG = 2;
const UNCOMPRESSED = 1;
/** A reader fetches this much at once, header and directory: the tile lies after it and has to be fetched by itself. */
const FIRST_READ = 16384;

/** An archive whose tiles down to `maxZoom` are all this picture, 256 px wide. */
export function rasterArchive({ colour, maxZoom = 6 }) {
  return archive({ type: PNG, tile: picture(colour), metadata: {}, maxZoom });
}

/**
 * An archive whose tiles have these features, each alone in its layer: a polygon over all of the tile, a line across its
 * middle, or a point in its middle. `names` are the layers that it says it has.
 * @param {{features: {layer: string, shape: 'polygon'|'line'|'point', tags: Record<string, string>}[], names?: string[]}} what
 */
export function vectorArchive({ features, names = features.map(({ layer }) => layer), maxZoom = 12 }) {
  const metadata = { vector_layers: names.map((id) => ({ id, fields: {} })) };
  return archive({ type: MVT, tile: Buffer.concat(features.map(layerOf)), metadata, maxZoom });
}

function archive({ type, tile, metadata, maxZoom }) {
  // Tiles are numbered through all zooms: one entry, repeated, is all of them.
  const tiles = (4 ** (maxZoom + 1) - 1) / 3;
  const directory = Buffer.from([1, 0, tiles, tile.length, 1].flatMap(varint)); // one entry: id, run, length, offset + 1
  const words = Buffer.from(JSON.stringify(metadata));
  const header = Buffer.alloc(127);
  header.write('PMTiles');
  header[7] = 3;
  const wide = [127, directory.length, 127 + directory.length, words.length, 0, 0, FIRST_READ, tile.length, tiles, 1, 1];
  wide.forEach((value, i) => header.writeBigUInt64LE(BigInt(value), 8 + 8 * i));
  [1, UNCOMPRESSED, UNCOMPRESSED, type, 0, maxZoom].forEach((value, i) => header.writeUInt8(value, 96 + i));
  [-180, -85, 180, 85].forEach((degrees, i) => header.writeInt32LE(degrees * 1e7, 102 + 4 * i));
  const head = Buffer.concat([header, directory, words]);
  return Buffer.concat([head, Buffer.alloc(FIRST_READ - head.length), tile]);
}

function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

function picture([red, green, blue], size = 256) {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(3 * size, Buffer.from([red, green, blue]))]);
  const chunk = (name, data) => {
    const named = Buffer.concat([Buffer.from(name), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, check]);
  };
  const facts = Buffer.alloc(13);
  facts.writeUInt32BE(size, 0);
  facts.writeUInt32BE(size, 4);
  facts.set([8, 2], 8); // bits a channel; red, green, blue
  const rows = deflateSync(Buffer.concat(Array(size).fill(row)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', facts), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

function layerOf({ layer, shape, tags }) {
  const number = (field, value) => [...varint(field * 8), ...varint(value)];
  const bytes = (field, content) => [...varint(field * 8 + 2), ...varint(content.length), ...content];
  const text = (field, value) => bytes(field, [...Buffer.from(value)]);
  const zigzag = (value) => (value < 0 ? -2 * value - 1 : 2 * value);
  const [move, line, close] = [9, 10, 15]; // commands for one point each; `line` counts in eights
  // A little beyond the tile, as tiles overlap.
  const [from, middle, side] = [zigzag(-64), zigzag(2048), 4224];
  const [type, geometry] = {
    point: [1, [move, middle, middle]],
    line: [2, [move, from, middle, line, zigzag(side), 0]],
    polygon: [3, [move, from, from, line + 16, zigzag(side), 0, 0, zigzag(side), zigzag(-side), 0, close]],
  }[shape];
  const pairs = Object.entries(tags);
  const feature = [
    ...bytes(2, pairs.flatMap((_, i) => [i, i])), ...number(3, type), ...bytes(4, geometry.flatMap(varint)),
  ];
  return Buffer.from(bytes(3, [
    ...number(15, 2), ...text(1, layer), ...bytes(2, feature), ...pairs.flatMap(([key]) => text(3, key)),
    ...pairs.flatMap(([, value]) => bytes(4, text(1, value))), ...number(5, 4096),
  ]));
}
