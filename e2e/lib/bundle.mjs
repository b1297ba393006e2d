// Bundles an application's page out of unmodified npm packages.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./programs.mjs";

const here = new URL("..", import.meta.url).pathname;

/** The text of one classic script made from source, which may import from node_modules. */
export async function bundle(source) {
  const result = await build({
    stdin: { contents: source, resolveDir: here, loader: "jsx" },
    bundle: true,
    write: false,
    format: "iife",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"development"' },
    logLevel: "silent",
  });
  return result.outputFiles[0].text;
}

/** Single-file components, compiled as a build tool of Vue does. */
const vue = {
  name: "vue",
  setup(b) {
    b.onLoad({ filter: /\.vue$/ }, async ({ path, namespace, pluginData }) => {
      const { compileScript, compileTemplate, parse } = await import("vue/compiler-sfc");
      const source = namespace === "recipe" ? pluginData[path] : readFileSync(path, "utf8");
      const { descriptor, errors } = parse(source, { filename: path });
      if (errors.length) throw errors[0];
      const script = compileScript(descriptor, { id: path, inlineTemplate: descriptor.scriptSetup !== null, genDefaultAs: "component" });
      const drawn = descriptor.scriptSetup ? { code: "" } : compileTemplate({ source: descriptor.template.content, filename: path, id: path });
      return { contents: `${script.content}\n${drawn.code}\n${drawn.code && "component.render = render;"}\nexport default component;`, loader: "js", resolveDir: here };
    });
  },
};

/** The text of one classic script made from files that are only in memory: name to text. */
export async function bundleFiles(files, entry) {
  const memory = {
    name: "memory",
    setup(b) {
      b.onResolve({ filter: /^(\.\/.*|entry)$/ }, ({ path, importer, namespace }) => {
        const name = path === "entry" ? entry : path.slice(2);
        return (path === "entry" || (namespace === "recipe" && files[name] !== undefined)) ? { path: name, namespace: "recipe", pluginData: files } : undefined;
      });
      b.onLoad({ filter: /\.(js|jsx|ts)$/, namespace: "recipe" }, ({ path }) => {
        // What a build tool of Angular does beforehand, its compiler does here in the browser.
        const jit = files[path].includes("@angular/core") ? 'import "@angular/compiler";\n' : "";
        return { contents: jit + files[path], loader: path.endsWith("ts") ? "ts" : "jsx", resolveDir: here };
      });
    },
  };
  const result = await build({
    entryPoints: ["entry"],
    plugins: [memory, vue],
    bundle: true,
    write: false,
    format: "iife",
    jsx: "automatic",
    // Zones do not see through await; build tools of Angular take it apart for them.
    supported: { "async-await": !Object.values(files).some((text) => text.includes("zone.js")) },
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    define: { "process.env.NODE_ENV": '"development"', __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" },
    logLevel: "silent",
  });
  return result.outputFiles[0].text;
}

/** A module of the browser's, for what of it needs no browser. */
export async function module(path) {
  const result = await build({ entryPoints: [join(root, "web", path)], bundle: true, write: false, format: "esm", logLevel: "silent" });
  return import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].text).toString("base64")}`);
}
