// What a page asks Link's server, kept for lib/replay.mjs.

/** Keeps the calls of Link's sessions that a page makes, and the views that they are answered with. */
export function record(page) {
  const calls = [];
  let uploads = 0;
  page.on("requestfinished", (r) => {
    const what = /\/link\/session\/(open|step|exit|upload)$/.exec(new URL(r.url()).pathname)?.[1];
    const body = what === "upload" ? { file: page.uploaded[uploads++] } : what && r.postDataJSON();
    // Looking again changes nothing, and a forced exit is the end of the page.
    if (body && !["look", "resume"].includes(body.action) && !body.force) calls.push({ what, body, answer: r.response().then(view) });
  });
  return async () => {
    const all = await Promise.all(calls.map(async (c) => ({ ...c, answer: await c.answer })));
    return all.filter((c) => c.answer !== undefined);
  };
}

/** The view that an answer of the server brings, null for none; undefined where it did not answer. */
async function view(response) {
  if (response.status() !== 200) return undefined;
  const { sheet, pane } = await response.json();
  return sheet ? "EXIT" : (pane?.view ?? null);
}
