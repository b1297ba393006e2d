// Where a document lies in a picture: its four borders, each a straight line along
// which the brightness changes one way. Pure functions.

import type { Grey, Rect } from "./capture-quality";

/** A place in a picture. */
export interface Point {
  x: number;
  y: number;
}

/** Four corners, clockwise from the upper left. */
export type Quad = [Point, Point, Point, Point];

/** A side of the document. Its lines are looked for from the edge of the picture inwards. */
type Side = "left" | "right" | "top" | "bottom";

/** A line: where it crosses the middle, how much it leans, and which way it turns from dark to light. */
interface Line {
  at: number;
  lean: number;
  sign: number;
}

const STEP = 10; // shades that make a border
const MOST_LEAN = 0.24;
const LEAN_BY = 0.02;
const ALONG = 0.7; // share of a side along which it must be seen
const LINES = 5; // that are tried for each side

/**
 * The corners of the largest document of a shape that lies around the middle of the
 * frame, null if there is none.
 */
export function borders(g: Grey, frame: Rect, shape: number): Quad | null {
  const [left, right, top, bottom] = (["left", "right", "top", "bottom"] as const).map((side) => lines(g, frame, side));
  const middle = { x: frame.x + frame.w / 2, y: frame.y + frame.h / 2 };
  let [best, largest]: [Quad | null, number] = [null, 0];
  for (const l of left!) {
    for (const r of right!) {
      for (const t of top!) {
        for (const b of bottom!) {
          const quad: Quad = [meet(l, t, middle), meet(r, t, middle), meet(r, b, middle), meet(l, b, middle)];
          const size = area(quad);
          if (size > largest && shaped(quad, shape) && seen(g, quad, [t, r, b, l])) [best, largest] = [quad, size];
        }
      }
    }
  }
  return best;
}

/** The lines that may be a side, by how much of it they are seen along. */
function lines(g: Grey, frame: Rect, side: Side): Line[] {
  const upright = side === "left" || side === "right"; // the line, not what it is scanned by
  const far = side === "right" || side === "bottom";
  const length = upright ? g.w : g.h;
  const middle = upright ? frame.y + frame.h / 2 : frame.x + frame.w / 2;
  const half = 0.22 * (upright ? frame.h : frame.w);
  const inward = upright ? frame.x + frame.w * 0.45 : frame.y + frame.h * 0.45;
  const reach = Math.floor(far ? (upright ? 2 * frame.x + frame.w : 2 * frame.y + frame.h) - inward : inward);
  const [from, to] = far ? [reach, length - 2] : [1, reach];
  const [first, last] = [Math.ceil(middle - half), Math.floor(middle + half)];
  const leans = Math.round(MOST_LEAN / LEAN_BY);
  const pad = Math.ceil(MOST_LEAN * half) + 2;
  const width = length + 2 * pad;
  const votes = new Uint16Array(2 * (2 * leans + 1) * width);
  for (let j = first; j <= last; j++) {
    for (let i = from; i <= to; i++) {
      const d = slope(g, i, j, upright);
      const size = Math.abs(d);
      if (!(size >= STEP) || size < Math.abs(slope(g, i - 1, j, upright)) || size <= Math.abs(slope(g, i + 1, j, upright))) continue;
      for (let k = -leans; k <= leans; k++) {
        const at = Math.round(i - k * LEAN_BY * (j - middle)) + pad;
        votes[((d > 0 ? 1 : 0) * (2 * leans + 1) + k + leans) * width + at]!++;
      }
    }
  }
  const need = ALONG * (last - first + 1);
  const found: (Line & { count: number })[] = [];
  for (let row = 0; row < 2 * (2 * leans + 1); row++) {
    for (let at = 1; at < width; at++) {
      const here = votes[row * width + at]!;
      const count = here + votes[row * width + at - 1]!;
      if (count < need) continue;
      const sign = row > 2 * leans ? 1 : -1;
      const lean = ((row % (2 * leans + 1)) - leans) * LEAN_BY;
      found.push({ at: at - pad - (here >= count / 2 ? 0 : 1), lean, sign, count });
    }
  }
  found.sort((a, b) => b.count - a.count);
  const kept: Line[] = [];
  for (const line of found) {
    if (kept.length < LINES && !kept.some((k) => k.sign === line.sign && Math.abs(k.at - line.at) < 4)) kept.push(line);
  }
  return kept;
}

/** How the brightness changes across a line at a place; three pixels along it count together. */
function slope(g: Grey, i: number, j: number, upright: boolean): number {
  const [by, along] = upright ? [1, g.w] : [g.w, 1];
  const at = upright ? j * g.w + i : i * g.w + j;
  const p = g.pix;
  const sum = p[at + by]! - p[at - by]! + p[at + by - along]! - p[at - by - along]! + p[at + by + along]! - p[at - by + along]!;
  return sum / 3; // outside the picture it is not a number, which is no border
}

/** Where an upright line meets a level one. */
function meet(upright: Line, level: Line, middle: Point): Point {
  // x = a + m (y - cy), y = b + n (x - cx)
  const { at: a, lean: m } = upright;
  const { at: b, lean: n } = level;
  const x = (a + m * (b - n * middle.x - middle.y)) / (1 - m * n);
  return { x, y: b + n * (x - middle.x) };
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

function area(q: Quad): number {
  let sum = 0;
  q.forEach((p, i) => {
    const next = q[(i + 1) % 4]!;
    sum += p.x * next.y - next.x * p.y;
  });
  return sum / 2;
}

/** Whether four corners are those of a rectangle of a shape, seen more or less from above. */
function shaped(q: Quad, shape: number): boolean {
  const [t, r, b, l] = [distance(q[0], q[1]), distance(q[1], q[2]), distance(q[2], q[3]), distance(q[3], q[0])];
  const ratio = (t + b) / (r + l) / shape;
  return ratio > 0.87 && ratio < 1.15 && Math.min(t / b, b / t, r / l, l / r) > 0.8;
}

/** Whether each side is there from corner to corner. */
function seen(g: Grey, q: Quad, sides: [Line, Line, Line, Line]): boolean {
  return sides.every((line, i) => {
    const [from, to] = [q[i]!, q[(i + 1) % 4]!];
    const upright = i % 2 === 1;
    const hits = [0, 0, 0];
    const N = 8; // places in each third
    for (let k = 0; k < 3 * N; k++) {
      const part = 0.05 + (0.9 * (k + 0.5)) / (3 * N);
      const [x, y] = [Math.round(from.x + part * (to.x - from.x)), Math.round(from.y + part * (to.y - from.y))];
      let strongest = 0;
      for (let d = -2; d <= 2; d++) strongest = Math.max(strongest, line.sign * (upright ? slope(g, x + d, y, true) : slope(g, y + d, x, false)) || 0);
      if (strongest >= STEP * 0.8) hits[Math.floor(k / N)]!++;
    }
    return hits.every((n) => n >= 0.6 * N);
  });
}
