// The programs of docs/recipes: taken out of the pages as they stand there, put
// into a directory, and started.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleFiles } from "./bundle.mjs";
import { addressOf } from "./child.mjs";

const docs = new URL("../../docs/", import.meta.url);
const modules = fileURLToPath(new URL("../node_modules", import.meta.url));

/** The programs of a page, by name: each follows a line <!-- file: name --> or <!-- bundle: name -->. */
export function programs(page) {
  const text = readFileSync(new URL(page, docs), "utf8");
  const found = new Map();
  for (const [, kind, name, body] of text.matchAll(/<!-- (file|bundle): (\S+) -->\n```\w*\n([\s\S]*?)\n```\n/g)) {
    if (found.has(name)) throw new Error(`${page} has two programs called ${name}`);
    found.set(name, { kind, body });
  }
  if (found.size === 0) throw new Error(`${page} has no program`);
  return found;
}

/** A program as it is run: with the addresses of this run in place of the documented ones. */
export const adapted = (body, glencheck, app) => body.replaceAll("http://localhost:8484", glencheck).replaceAll("http://localhost:3000", app ?? "http://localhost:3000");

/** Lays the files of a page out in a directory of its own, with the packages of e2e. */
export function lay(files) {
  const dir = mkdtempSync(join(tmpdir(), "glencheck-recipe-"));
  for (const [name, body] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), body);
  }
  symlinkSync(modules, join(dir, "node_modules"));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/**
 * Starts the application of a page with the server of the index page. entry is the
 * program to bundle into public/app.js, if it has to be; replace swaps programs;
 * edit(name, body) makes a page the one of a reader who did something otherwise.
 */
export async function startRecipe(page, glencheck, { entry, replace = {}, edit = (_, body) => body } = {}) {
  const all = new Map([...programs("recipes/README.md"), ...programs(page)]);
  const body = (name) => edit(name, adapted(all.get(name).body, glencheck));
  const files = Object.fromEntries([...all.keys()].filter((n) => all.get(n).kind === "file").map((n) => [n, body(n)]));
  if (entry) {
    const parts = Object.fromEntries([...all.keys()].filter((n) => all.get(n).kind === "bundle").map((n) => [n, body(n)]));
    for (const [name, by] of Object.entries(replace)) parts[name] = parts[by];
    files["public/app.js"] = await bundleFiles(parts, entry);
  }
  const place = lay(files);
  const child = spawn(process.execPath, ["server.mjs"], { cwd: place.dir, env: { ...process.env, PORT: "0" } });
  const { url, said } = await addressOf(child, "server.mjs");
  return {
    url,
    said,
    async close() {
      child.removeAllListeners("exit");
      const ended = new Promise((ok) => child.once("exit", ok));
      child.kill("SIGTERM");
      await ended;
      place.remove();
    },
  };
}
