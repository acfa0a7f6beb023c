import { crc32, deflateSync } from 'node:zlib';

/** Five by seven pixels a letter, one row a number, the highest of five bits at the left. */
const glyphs: Readonly<Record<string, readonly number[]>> = {
  a: [14, 17, 17, 31, 17, 17, 17],
  b: [30, 17, 17, 30, 17, 17, 30],
  c: [14, 17, 16, 16, 16, 17, 14],
  d: [30, 17, 17, 17, 17, 17, 30],
  e: [31, 16, 16, 30, 16, 16, 31],
  f: [31, 16, 16, 30, 16, 16, 16],
  g: [14, 17, 16, 23, 17, 17, 15],
  h: [17, 17, 17, 31, 17, 17, 17],
  i: [14, 4, 4, 4, 4, 4, 14],
  j: [7, 2, 2, 2, 2, 18, 12],
  k: [17, 18, 20, 24, 20, 18, 17],
  l: [16, 16, 16, 16, 16, 16, 31],
  m: [17, 27, 21, 21, 17, 17, 17],
  n: [17, 25, 21, 19, 17, 17, 17],
  o: [14, 17, 17, 17, 17, 17, 14],
  p: [30, 17, 17, 30, 16, 16, 16],
  q: [14, 17, 17, 17, 21, 18, 13],
  r: [30, 17, 17, 30, 20, 18, 17],
  s: [15, 16, 16, 14, 1, 1, 30],
  t: [31, 4, 4, 4, 4, 4, 4],
  u: [17, 17, 17, 17, 17, 17, 14],
  v: [17, 17, 17, 17, 17, 10, 4],
  w: [17, 17, 17, 21, 21, 27, 17],
  x: [17, 17, 10, 4, 10, 17, 17],
  y: [17, 17, 10, 4, 4, 4, 4],
  z: [31, 1, 2, 4, 8, 16, 31],
};

/** Background colours with at least 4.5:1 contrast to white letters. */
const backgrounds = [0x3b5bdb, 0x0b7285, 0x2b8a3e, 0xa61e4d, 0x862e9c, 0x5f3dc4, 0xc92a2a, 0x495057];

const size = 480;
/** Pixels of the picture for one of a glyph. */
const scale = 30;

/**
 * Draws two letters on a coloured square, as a 480-pixel PNG of two colours (about 1 KB).
 * @param letters two of a–z
 */
export function drawLetterPicture(letters: string): Buffer {
  const rowLength = size / 8;
  const pixels = Buffer.alloc((rowLength + 1) * size);
  const left = (size - 11 * scale) / 2;
  const top = (size - 7 * scale) / 2;
  [...letters].forEach((letter, position) => {
    glyphs[letter]?.forEach((bits, row) => {
      for (let column = 0; column < 5; column++) {
        if ((bits & (16 >> column)) === 0) continue;
        fillSquare(pixels, rowLength, left + (position * 6 + column) * scale, top + row * scale);
      }
    });
  });
  const background =
    backgrounds[(letters.charCodeAt(0) * 31 + letters.charCodeAt(1)) % backgrounds.length] ?? 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([1, 3, 0, 0, 0], 8); // one bit a pixel, palette (PNG §11.2.1)
  const palette = Buffer.from([background >> 16, (background >> 8) & 255, background & 255, 255, 255, 255]);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function fillSquare(pixels: Buffer, rowLength: number, x: number, y: number): void {
  for (let row = y; row < y + scale; row++) {
    for (let column = x; column < x + scale; column++) {
      const offset = row * (rowLength + 1) + 1 + (column >> 3);
      pixels[offset] = (pixels[offset] ?? 0) | (128 >> (column & 7));
    }
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
