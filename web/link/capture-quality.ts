// How good a picture of a document would be, told from a small grey one while the
// person still holds the camera. Sharpness, reflections and contrast are the measures
// that the server takes (internal/idv/photo, quality.go), held a little tighter, so
// that what is good here is not sent back from there. Pure functions.

import { borders, type Quad } from "./capture-edges";

/** A grey picture. */
export interface Grey {
  w: number;
  h: number;
  pix: Uint8Array;
}

/** A rectangle in the pixels of a picture. */
export interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** The longest side of the picture that is judged. */
export const LONGEST = 800;

// The server takes six pixels of a picture of its own size, which is about 1,080 of them.
const WIDEST_EDGE = 3.2;
const MOST_GLARE = 0.015;
const LEAST_CONTRAST = 48;
const DARK = 40; // nothing on paper is darker than this but for want of light
const FEW_EDGES = 40;

/** The brightness of a picture in colours. */
export function grey(image: { width: number; height: number; data: Uint8ClampedArray }): Grey {
  const { width: w, height: h, data } = image;
  const pix = new Uint8Array(w * h);
  for (let i = 0, j = 0; i < pix.length; i++, j += 4) pix[i] = (77 * data[j]! + 150 * data[j + 1]! + 29 * data[j + 2]!) >> 8;
  return { w, h, pix };
}

/** A part of a picture. */
export function part(g: Grey, r: Rect): Grey {
  const x = Math.max(0, Math.floor(r.x));
  const y = Math.max(0, Math.floor(r.y));
  const w = Math.max(1, Math.min(g.w - x, Math.round(r.w)));
  const h = Math.max(1, Math.min(g.h - y, Math.round(r.h)));
  const pix = new Uint8Array(w * h);
  for (let row = 0; row < h; row++) pix.set(g.pix.subarray((y + row) * g.w + x, (y + row) * g.w + x + w), row * w);
  return { w, h, pix };
}

/** A picture whose longer side is at most so long, each pixel the mean of those it stands for. */
export function shrunk(g: Grey, most: number): Grey {
  const n = Math.ceil(Math.max(g.w, g.h) / most);
  if (n <= 1) return g;
  const [w, h] = [Math.floor(g.w / n), Math.floor(g.h / n)];
  const pix = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      let sum = 0;
      for (let v = 0; v < n; v++) for (let u = 0, i = (y * n + v) * g.w + x * n; u < n; u++) sum += g.pix[i + u]!;
      pix[y * w + x] = sum / (n * n);
    }
  }
  return { w, h, pix };
}

/** The shades of the darkest and the lightest twentieth. */
export function range(g: Grey): [dark: number, light: number] {
  const counts = new Uint32Array(256);
  for (const v of g.pix) counts[v]!++;
  const at = (share: number): number => {
    let left = Math.floor((g.pix.length * share) / 100);
    for (let v = 0; v < 256; v++) if ((left -= counts[v]!) < 0) return v;
    return 255;
  };
  return [at(3), at(97)];
}

/** How many pixels it takes from dark to light at the strong edges of the print; 99 if there are none. */
export function edgeWidth(g: Grey): number {
  const [dark, light] = range(g);
  const rise = Math.max(18, 0.35 * (light - dark));
  const widths: number[] = [];
  const line = new Float32Array(Math.max(g.w, g.h));
  for (let y = 2; y < g.h - 2; y += 3) {
    for (let x = 0, i = y * g.w; x < g.w; x++, i++) line[x] = (g.pix[i - g.w]! + g.pix[i]! + g.pix[i + g.w]!) / 3;
    ramps(widths, line, g.w, rise);
  }
  for (let x = 2; x < g.w - 2; x += 3) {
    for (let y = 0, i = x; y < g.h; y++, i += g.w) line[y] = (g.pix[i - 1]! + g.pix[i]! + g.pix[i + 1]!) / 3;
    ramps(widths, line, g.h, rise);
  }
  if (widths.length < FEW_EDGES) return 99;
  widths.sort((a, b) => a - b);
  return widths[widths.length >> 1]!;
}

/** Adds the widths of the stretches that rise or fall by so much without turning back by more than the grain. */
function ramps(widths: number[], line: Float32Array, n: number, rise: number): void {
  const grain = rise / 6;
  for (let from = 0; from < n - 1; ) {
    const sign = line[from + 1]! > line[from]! ? 1 : -1;
    let end = from;
    for (let i = from + 1; i < n; i++) {
      const step = sign * (line[i]! - line[end]!);
      if (step > 0) end = i;
      else if (step < -grain || i > end + 3) break;
    }
    if (sign * (line[end]! - line[from]!) >= rise) widths.push(crossing(line, from, end, 0.9) - crossing(line, from, end, 0.1));
    from = Math.max(end, from + 1);
  }
}

/** Where a ramp has gone a part of its way, between two pixels. */
function crossing(line: Float32Array, from: number, end: number, share: number): number {
  const level = line[from]! + share * (line[end]! - line[from]!);
  for (let i = from + 1; i <= end; i++) {
    const [a, b] = [line[i - 1]! - level, line[i]! - level];
    if (a === 0 || a < 0 !== b < 0 || b === 0) return a === b ? i : i - 1 + a / (a - b);
  }
  return end;
}

/** The share of the picture in patches of white that fade into what is around: lamps, not paper. */
export function glare(g: Grey): number {
  const BURNT = 252;
  const seen = new Uint8Array(g.pix.length);
  const at = (x: number, y: number): number => g.pix[Math.min(g.h - 1, Math.max(0, y)) * g.w + Math.min(g.w - 1, Math.max(0, x))]!;
  let covered = 0;
  const stack: number[] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] || g.pix[start]! < BURNT) continue;
    let [area, soft, border] = [0, 0, 0];
    stack.push(start);
    seen[start] = 1;
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      area++;
      const [x, y] = [i % g.w, Math.floor(i / g.w)];
      for (const [dx, dy] of AROUND) {
        const [nx, ny] = [x + dx, y + dy];
        if (nx < 0 || ny < 0 || nx >= g.w || ny >= g.h) continue;
        const j = ny * g.w + nx;
        const near = g.pix[j]!;
        if (near < BURNT) {
          border++;
          if (near > 235 && at(nx + 2 * dx, ny + 2 * dy) < near) soft++;
        } else if (!seen[j]) {
          seen[j] = 1;
          stack.push(j);
        }
      }
    }
    if (area > seen.length / 2000 && border > 0 && soft > 0.08 * border) covered += area;
  }
  return covered / seen.length;
}

const AROUND = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

/** What to tell the person. */
export type Cue = "dark" | "find" | "closer" | "back" | "glare" | "blur" | "good";

/** What was seen at one look. */
export interface Look {
  cue: Cue;
  quad: Quad | null;
}

/**
 * Judges what the camera sees: one thing at a time, and first what hinders the rest.
 * Guide is the frame in the picture, shape how wide a document is for its height.
 */
export function judge(g: Grey, guide: Rect, shape: number): Look {
  const inside = part(g, guide);
  const [dark, light] = range(inside);
  if (light < DARK) return { cue: "dark", quad: null };
  const small = shrunk(g, 200);
  const n = small.w / g.w;
  const frame = { x: guide.x * n, y: guide.y * n, w: guide.w * n, h: guide.h * n };
  const quad = borders(small, frame, shape);
  const lamp = (): boolean => glare(shrunk(inside, 400)) > MOST_GLARE;
  if (!quad) return { cue: lamp() ? "glare" : "find", quad }; // a lamp may hide the borders
  let cue = place(quad, frame, small);
  if (!cue && light - dark < LEAST_CONTRAST) cue = "dark";
  if (!cue && lamp()) cue = "glare";
  return { cue: cue ?? (edgeWidth(inside) > WIDEST_EDGE ? "blur" : "good"), quad };
}

/** Whether the document lies in the frame, all of it, and large enough to be read. */
function place(quad: Quad, frame: Rect, g: Grey): Cue | null {
  const [xs, ys] = [quad.map((p) => p.x), quad.map((p) => p.y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const over = 0.07 * frame.w;
  const edge = 0.015 * Math.max(g.w, g.h);
  if (right - left > frame.w + over || bottom - top > frame.h + over || left < edge || top < edge || right > g.w - edge || bottom > g.h - edge) return "back";
  if (right - left < 0.66 * frame.w) return "closer";
  return left < frame.x - over || top < frame.y - over || right > frame.x + frame.w + over || bottom > frame.y + frame.h + over ? "find" : null;
}

/** How long it must have been good, and still, before the picture is taken. */
const GOOD_FOR = 1000;
/** How long another cue must hold before it is said. */
const HOLD = 500;

/** Turns single looks into what is said, and into the moment to take the picture. */
export class Steady {
  said: Cue | null = null;
  #last: Look | null = null;
  #since = 0; // when the last cue began
  #still = 0; // since when it has been good and still

  /** Takes a look at a time in milliseconds; answers whether this is the moment. */
  see(look: Look, now: number): boolean {
    const before = this.#last;
    this.#last = look;
    if (before?.cue !== look.cue) this.#since = now;
    if (this.said === null || now - this.#since >= HOLD) this.said = look.cue;
    if (look.cue !== "good" || before?.cue !== "good" || moved(before.quad, look.quad)) this.#still = now;
    return look.cue === "good" && now - this.#still >= GOOD_FOR;
  }
}

function moved(a: Quad | null, b: Quad | null): boolean {
  if (!a || !b) return true;
  const most = 0.03 * Math.hypot(b[1].x - b[0].x, b[1].y - b[0].y);
  return a.some((p, i) => Math.hypot(p.x - b[i]!.x, p.y - b[i]!.y) > most);
}
