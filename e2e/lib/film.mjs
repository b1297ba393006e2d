// What the camera of a test sees (e2e/film).

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { program } from "./programs.mjs";

/** Renders scenes by their names; what of them is written to say, and flags for the browser that is to see one. */
export async function films(...names) {
  const dir = await mkdtemp(join(tmpdir(), "glencheck-film-"));
  await promisify(execFile)(await program("film", dir), ["-dir", dir, ...names]);
  return {
    scenes: JSON.parse(await readFile(join(dir, "scenes.json"), "utf8")),
    camera: (name) => ["--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${join(dir, `${name}.mjpeg`)}`],
    /** The picture in grey that the device judges. */
    async grey(name) {
      const file = await readFile(join(dir, `${name}.pgm`));
      const [head, w, h] = /^P5\n(\d+) (\d+)\n255\n/.exec(file.subarray(0, 32).toString("latin1"));
      return { w: Number(w), h: Number(h), pix: new Uint8Array(file.subarray(head.length)) };
    },
    close: () => rm(dir, { recursive: true }),
  };
}
