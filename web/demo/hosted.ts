// The Hosted Link page of the demo: opened in another tab, and asked after as an
// application's server would do.

import { ask, failed, shown, type Outcome } from "./calls";
import { Line, say, words } from "./log";

const EVERY = 1500;

let newest = 0; // a later page is the one that is waited for

/** Opens a Hosted Link page and shows what becomes of it. */
export async function hosted(flow: string): Promise<void> {
  const mine = ++newest;
  const started = performance.now();
  let made: Outcome;
  try {
    made = await ask("token", { flow, hosted: true });
  } catch {
    failed();
    return;
  }
  if (!shown(made.calls) || !made.hosted_link_url) {
    say("bad", words.failed!);
    return;
  }
  const link = document.createElement("a");
  link.href = link.textContent = made.hosted_link_url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  const line = new Line(words.browser!, words.page!);
  line.body(words.page!, "").append(link);
  link.click();
  say("live", words.waiting!);
  void wait(mine, line, flow, made.link_token!, started);
}

async function wait(mine: number, line: Line, flow: string, token: string, started: number): Promise<void> {
  for (;;) {
    await new Promise((ok) => setTimeout(ok, EVERY));
    if (mine !== newest || !line.shown) return;
    let o: Outcome;
    try {
      o = await ask("result", { flow, link_token: token });
    } catch {
      failed();
      return;
    }
    if (mine !== newest || !line.shown) return;
    const answered = o.calls.every((c) => c.status === 200);
    if (answered && !o.ended) continue;
    const good = shown(o.calls) && o.ended === "success";
    const said = (good ? words.connected! : words.left!).replace("{seconds}", ((performance.now() - started) / 1000).toFixed(1));
    if (answered) line.badge(good ? "ok" : "warn", good ? words.success! : words.exit!);
    say(answered ? (good ? "ok" : "warn") : "bad", answered ? said : words.failed!);
    return;
  }
}
