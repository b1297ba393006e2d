// What the device says of a picture before it is taken (web/link/capture-quality.ts),
// held against what the server says of the same picture (internal/idv/photo).

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { module } from "../lib/bundle.mjs";
import { films } from "../lib/film.mjs";

let film, quality;
before(async () => {
  [film, quality] = await Promise.all([films(), module("link/capture-quality.ts")]);
});
after(() => film?.close());

/** The frame of the pane in a picture, as web/css/link.css draws it. */
function guide(g, shape) {
  const w = 0.88 * g.w;
  return { x: (g.w - w) / 2, y: (g.h - w / shape) / 2 - 0.05 * g.h, w, h: w / shape };
}

const PAGE = 1.42;
const CARD = 1.586;

async function look(name, shape = PAGE) {
  const g = await film.grey(name);
  return { ...quality.judge(g, guide(g, shape), shape), g };
}

test("each way to hold a document badly has its own word", async () => {
  const said = {};
  for (const { Name } of film.scenes) said[Name] = (await look(Name, Name === "licence" ? CARD : PAGE)).cue;
  assert.deepEqual(said, {
    passport: "good", turned: "good", licence: "good", "light-table": "good",
    blurred: "blur", glare: "glare", dark: "dark", far: "closer", near: "back", aside: "find", away: "find",
  });
});

test("what is good here is good to the server, and what the server would send back is not good here", async () => {
  for (const { Name, Level, Quality } of film.scenes) {
    const { cue } = await look(Name, Name === "licence" ? CARD : PAGE);
    if (cue === "good") assert.equal(Level, "high", `${Name}: ${JSON.stringify(Quality)}`);
    if (Level !== "high") assert.notEqual(cue, "good", `${Name}: ${JSON.stringify(Quality)}`);
  }
});

test("the corners are where the document's are", async () => {
  const { quad, g } = await look("passport");
  // 840 x 588 of 1,920 x 1,080 pixels, in the middle of what is seen
  const scale = 200 / 1080;
  const [cx, cy] = [(g.w * 200) / g.h / 2, 100];
  const want = [[-420, -294], [420, -294], [420, 294], [-420, 294]].map(([x, y]) => ({ x: cx + x * scale, y: cy + y * scale }));
  quad.forEach((p, i) => assert.ok(Math.hypot(p.x - want[i].x, p.y - want[i].y) < 4, `corner ${i}: ${JSON.stringify(quad)}, want ${JSON.stringify(want)}`));
});

test("a document of another shape is not taken for one", async () => {
  const { quad } = await look("passport", 2.6);
  assert.equal(quad, null);
});

const at = (x = 0) => [{ x, y: 0 }, { x: 100 + x, y: 0 }, { x: 100 + x, y: 70 }, { x, y: 70 }];

test("the picture is taken after a second that was good and still", () => {
  const steady = new quality.Steady();
  const see = (cue, now, x) => steady.see({ cue, quad: at(x) }, now);
  assert.equal(see("good", 0), false);
  for (const now of [250, 500, 750]) assert.equal(see("good", now), false, `after ${now} ms`);
  assert.equal(see("good", 1000), true);
  assert.equal(see("blur", 1250), false);
  for (const now of [1500, 1750, 2000, 2250]) assert.equal(see("good", now), false, "the second begins anew");
  assert.equal(see("good", 2500, 8), false, "it has moved");
  for (const now of [2750, 3000, 3250]) assert.equal(see("good", now, 8), false);
  assert.equal(see("good", 3500, 8), true);
});

test("a word that does not hold is not said", () => {
  const steady = new quality.Steady();
  const said = [["find", 0], ["closer", 250], ["closer", 500], ["closer", 750], ["blur", 1000], ["closer", 1250], ["closer", 1500]].map(([cue, now]) => {
    steady.see({ cue, quad: null }, now);
    return steady.said;
  });
  assert.deepEqual(said, ["find", "find", "find", "closer", "closer", "closer", "closer"]);
});
