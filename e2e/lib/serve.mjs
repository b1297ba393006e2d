// Small servers of the tests, each on a free port of 127.0.0.1.

import { createServer } from "node:http";

/** Starts a server; handle(request, response, body) answers. */
export async function serve(handle) {
  const server = createServer(async (req, res) => {
    const chunks = [];
    for await (const c of req) chunks.push(c);
    try {
      await handle(req, res, Buffer.concat(chunks).toString());
    } catch (e) {
      res.writeHead(500).end(String(e?.stack ?? e));
    }
  });
  await new Promise((ok) => server.listen(0, "127.0.0.1", ok));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((ok) => server.close(ok));
    },
  };
}

/**
 * An application's page: strict policy, one script of its own, Glencheck's script in
 * the head. pages maps paths to {script, body, csp, head, headers}.
 */
export function serveApp(link, pages) {
  return serve((req, res) => {
    const path = new URL(req.url, "http://x").pathname;
    const name = path.replace(/\.js$/, "");
    const p = pages[name];
    if (!p) return res.writeHead(404).end();
    if (path.endsWith(".js")) return res.writeHead(200, { "content-type": "text/javascript" }).end(p.script ?? "");
    res.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      ...p.headers,
      "content-security-policy": p.csp ?? `default-src 'none'; script-src 'self' ${link}; style-src 'self'; connect-src 'self'; frame-src ${link}`,
    });
    res.end(`<!doctype html><html lang="en"><head><title>An app</title>
${p.head ?? `<script src="${link}/link/v2/stable/link-initialize.js"></script>`}
${p.script === undefined ? "" : `<script src="${path}.js" defer></script>`}
</head><body>${p.body ?? `<main><h1>An app</h1><button id="go">Connect</button><div id="root"></div></main>`}</body></html>`);
  });
}
