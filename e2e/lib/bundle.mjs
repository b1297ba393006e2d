// Bundles an application's page out of unmodified npm packages.

import { build } from "esbuild";

/** The text of one classic script made from source, which may import from node_modules. */
export async function bundle(source) {
  const result = await build({
    stdin: { contents: source, resolveDir: new URL("..", import.meta.url).pathname, loader: "jsx" },
    bundle: true,
    write: false,
    format: "iife",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"development"' },
    logLevel: "silent",
  });
  return result.outputFiles[0].text;
}
