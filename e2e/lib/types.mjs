// Checks programs of the documentation by their types alone.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lay } from "./recipes.mjs";

const tsc = fileURLToPath(new URL("../node_modules/.bin/tsc", import.meta.url));

/** What the compiler objects to in the files; "" for nothing. types are the global ones. */
export async function objections(files, types) {
  const compilerOptions = { strict: true, noEmit: true, target: "es2022", module: "esnext", moduleResolution: "bundler", lib: ["es2022", "dom", "dom.iterable"], jsx: "react-jsx", types, skipLibCheck: true };
  const place = lay({ ...files, "tsconfig.json": JSON.stringify({ compilerOptions, include: ["**/*.ts", "**/*.tsx"], exclude: ["node_modules"] }) });
  try {
    return await new Promise((ok) => execFile(tsc, ["-p", join(place.dir, "tsconfig.json")], { cwd: place.dir }, (_, stdout, stderr) => ok(`${stdout}${stderr}`.trim())));
  } finally {
    place.remove();
  }
}
