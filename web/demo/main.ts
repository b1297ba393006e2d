// demo.js: the Link Demo's page. It does what an application's page does: asks
// its server for a link token, opens Link, hands the public token back.

import type { PlaidGlobal } from "../initialize/main";
import { ask, failed, shown } from "./calls";
import { hosted } from "./hosted";
import { clear, Line, say, words } from "./log";


const plaid = (): PlaidGlobal | undefined => (window as { Plaid?: PlaidGlobal }).Plaid;
const form = document.getElementById("flows") as HTMLFormElement;
const flow = (): string => new FormData(form).get("flow") as string;

let handler: ReturnType<PlaidGlobal["create"]> | null = null;

async function run(): Promise<void> {
  clear();
  handler?.destroy();
  handler = null;
  const chosen = flow();
  const started = performance.now();
  const seconds = (): string => ((performance.now() - started) / 1000).toFixed(1);
  if (!plaid()) {
    say("bad", words.failed!);
    new Line(words.browser!, "Plaid.create").badge("bad", words.error!).body(words.error!, words.scriptMissing!);
    return;
  }
  let token: string;
  try {
    const made = await ask("token", { flow: chosen });
    if (!shown(made.calls) || !made.link_token) {
      say("bad", words.failed!);
      return;
    }
    token = made.link_token;
  } catch {
    failed();
    return;
  }

  say("live", words.running!);
  const line = new Line(words.browser!, "Plaid.create(…).open()");
  const events = line.body(words.heard!, "");
  let count = 0;
  handler = plaid()!.create({
    token,
    onEvent: (name: string, metadata: Record<string, string | null>) => {
      count++;
      line.badge("live", count === 1 ? words.event! : words.events!.replace("{count}", String(count)));
      const about = metadata.view_name ?? metadata.institution_search_query ?? (name === "SELECT_INSTITUTION" ? metadata.institution_id : null) ?? metadata.error_code ?? metadata.exit_status;
      events.append(`${count > 1 ? "\n" : ""}${name}${about ? ` ${about}` : ""}`);
    },
    onSuccess: (publicToken: string | null, metadata: unknown) => {
      new Line(words.browser!, "onSuccess(public_token, metadata)").badge("ok", words.success!).body(words.arguments!, { public_token: publicToken, metadata });
      ask("finish", { flow: chosen, public_token: publicToken, link_token: token }).then(
        (o) => (shown(o.calls) ? say("ok", words.connected!.replace("{seconds}", seconds())) : say("bad", words.failed!)),
        failed,
      );
    },
    onExit: (error: unknown, metadata: unknown) => {
      new Line(words.browser!, "onExit(error, metadata)").badge(error ? "bad" : "warn", error ? words.error! : words.exit!).body(words.arguments!, { error, metadata });
      say("warn", words.left!.replace("{seconds}", seconds()));
    },
  });
  handler.open();
}

async function page(): Promise<void> {
  clear();
  handler?.destroy();
  handler = null;
  await hosted(flow());
}

let running = false; // from the press until Link is open

form.addEventListener("submit", (e) => {
  e.preventDefault();
  if (running) return;
  running = true;
  const onPage = e.submitter?.id === "open-hosted";
  void (onPage ? page() : run()).finally(() => (running = false));
});

// The address holds the chosen flow, so that it can be passed on.
form.addEventListener("change", () => {
  const at = new URL(location.href);
  at.searchParams.set("flow", flow());
  history.replaceState(null, "", at);
  for (const el of document.querySelectorAll("[data-flow]")) el.textContent = JSON.stringify(flow());
});

document.getElementById("clear")!.addEventListener("click", () => {
  clear();
  document.getElementById("open-link")!.focus();
});

const copy = document.getElementById("copy")!;
if (!navigator.clipboard) copy.hidden = true;
copy.addEventListener("click", async () => {
  await navigator.clipboard.writeText(document.getElementById("source")!.textContent ?? "");
  const [sheets, tick] = [...copy.children] as [Element, Element];
  const said = document.getElementById("said")!;
  sheets.toggleAttribute("hidden", true);
  tick.toggleAttribute("hidden", false);
  said.textContent = words.copied!;
  setTimeout(() => {
    sheets.toggleAttribute("hidden", false);
    tick.toggleAttribute("hidden", true);
    said.textContent = "";
  }, 1500);
});
