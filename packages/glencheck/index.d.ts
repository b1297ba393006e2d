// A Glencheck for Node tests. Objects that go to the API and come from it have the
// API's own names: docs/headless.md, docs/faults.md.

/** How to start. Everything may be left out. */
export interface StartOptions {
  /** The program; GLENCHECK_BIN, or glencheck on the PATH, unless given. */
  binary?: string;
  /** "manual" lets time stand still until it is moved; a real clock can be moved too. */
  clock?: "real" | "manual";
  /** Makes ids that repeat themselves on each start; not 0. */
  seed?: number;
  /** Keys to accept instead of the published ones. */
  clientId?: string;
  secret?: string;
  /** Where banks may send people back to. */
  redirectUris?: string[];
  /** More flags of `glencheck serve`. */
  flags?: string[];
  /** Is told each line of the server's log. */
  log?: (line: string) => void;
}

/** Starts a sandbox in memory on a free port; several know nothing of each other. */
export function start(options?: StartOptions): Promise<Glencheck>;

/** A running sandbox. It ends with stop(), at the latest with this process. */
export interface Glencheck extends AsyncDisposable {
  /** Its address: basePath of npm plaid. */
  readonly url: string;
  readonly clientId: string;
  readonly secret: string;
  readonly pid: number;
  readonly clock: Clock;
  readonly link: Link;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  /** Makes a call with the server's keys; an error of the API is a GlencheckError. */
  call<T = any>(path: string, body?: object): Promise<T>;
  /** Takes everything back to where it stood after the start, in milliseconds. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** An error of the API. */
export class GlencheckError extends Error {
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly displayMessage: string | null;
  readonly requestId: string;
}

/** The sandbox's time; each answers where the clock stands then. */
export interface Clock {
  now(): Promise<Date>;
  /** What falls due on the way has happened, in order, when this answers. */
  advance(span: { days?: number; hours?: number; minutes?: number; seconds?: number }): Promise<Date>;
  /** No clock goes back. */
  set(to: Date | string): Promise<Date>;
}

/** Goes through Link as a person in a browser would. */
export interface Link {
  /** All of Link in one call; done tells how it ended. */
  complete(linkToken: string, person: Person): Promise<Session>;
  /** As far as a view, such as SELECT_ACCOUNT, to go on step by step. */
  until(view: string, linkToken: string, person: Person): Promise<Session>;
  /** Opens Link, to go on step by step. */
  open(linkToken: string): Promise<Session>;
}

/** user_good at First Platypus Bank, who shares every account. */
export function userGood(): Person;

/** What a person knows and wants: `inputs` of docs/headless.md. */
export interface Person {
  institution_id?: string;
  username?: string;
  password?: string;
  oauth?: "allow" | "deny" | "error" | "close" | "timeout";
  device?: string;
  mfa?: string[];
  accounts?: { all?: boolean; masks?: string[]; subtypes?: string[]; names?: string[] };
  routing_number?: string;
  account_number?: string;
  account_subtype?: "checking" | "savings";
  name?: string;
  code?: string;
  phone?: string;
  otp?: string;
  exit_at?: string;
  force?: boolean;
  fields?: Record<string, unknown>;
  more?: Person[];
}

/** One opening of Link. The steps change it and answer it. */
export interface Session {
  /** The link_session_id. */
  readonly id: string;
  /** What the levers /sandbox/link/session/* take. */
  readonly handle: string;
  /** What the person sees; null once the session has ended. */
  readonly pane: Pane | null;
  /** What onEvent is told, all of it so far. */
  readonly events: LinkEvent[];
  /** The same in a line each: "TRANSITION_VIEW CREDENTIAL". */
  readonly story: string[];
  /** Why Link did what it did, where that is not obvious. */
  readonly remarks: string[];
  /** The arguments of onSuccess or onExit; null while the session goes on. */
  readonly done: Done | null;
  /** The pane's main button, with values for its fields. */
  submit(fields?: Record<string, unknown>): Promise<Session>;
  /** One of the pane's actions: pick and search take a value. */
  do(action: string, value?: string): Promise<Session>;
  /** Closes Link: as a person, who may be asked whether they mean it, or as the app. */
  exit(how?: { force?: boolean }): Promise<Session>;
}

export interface Pane {
  view: string;
  title: string;
  fields: Field[];
  choices: Choice[];
  actions: string[];
  hint?: Record<string, string>;
  exit_status?: string;
}

export interface Field {
  name: string;
  label: string;
  kind: string;
  error?: string;
  options?: Choice[];
}

export interface Choice {
  value: string;
  label: string;
  detail?: string;
  mask?: string;
  subtype?: string;
}

export interface LinkEvent {
  event_name: string;
  metadata: Record<string, any>;
}

export interface Done {
  kind: "success" | "exit";
  public_token: string | null;
  error: { error_type: string; error_code: string; error_message: string; display_message: string | null } | null;
  metadata: Record<string, any>;
}

/** Breaks things on purpose; a fault is the body of /sandbox/fault/set. */
export interface Faults {
  /** Answers the fault's id. */
  set(fault: Fault): Promise<string>;
  list(): Promise<Array<Fault & { fault_id: string; seen: number; struck: number; over: boolean }>>;
  /** Mends one, or all. */
  clear(id?: string): Promise<void>;
}

export interface Fault {
  path?: string;
  error_code?: string;
  error_message?: string;
  disconnect?: boolean;
  when?: "before" | "after";
  latency_ms?: number;
  jitter_ms?: number;
  only?: { client_id?: string; item_id?: string; institution_id?: string };
  skip?: number;
  count?: number;
  probability?: number;
  for_seconds?: number;
  outage?: { institution_id: string; health: "down" | "degraded" | "unsupported" | "healthy" };
  webhook?: { webhook_type?: string; webhook_code?: string; do: "drop" | "delay" | "duplicate" | "reorder" | "forge"; delay_seconds?: number; copies?: number; forgery?: Forgery | "unsigned" };
  rate_limits?: "plaid" | "plaid-production";
  chaos?: "mild";
}

/** What was sent to the application, whether or not it listens. */
export interface Webhooks {
  list(filter?: WebhookFilter & { count?: number }): Promise<Webhook[]>;
  /** The first that fits, one that was there before too; an error if none comes in time. */
  wait(filter?: WebhookFilter & { timeout_ms?: number }): Promise<Webhook>;
  /** Sends it once more, at once. */
  replay(deliveryId: string): Promise<Webhook>;
  /** Sends it with a signature that must be refused. */
  forge(deliveryId: string, forgery: Forgery | "unsigned"): Promise<{ refused: boolean; status: number | null; error: string | null }>;
  /** A Plaid-Verification header for a body, a right one or a wrong one. */
  sign(body: string, forgery?: Forgery): Promise<string>;
}

export type Forgery = "stale_iat" | "wrong_body" | "alg_none" | "unknown_kid" | "wrong_key";

export interface WebhookFilter {
  webhook_type?: string;
  webhook_code?: string;
  item_id?: string;
  link_session_id?: string;
  state?: "waiting" | "delivered" | "failed" | "dropped";
  /** Only what was made later than this delivery_id. */
  after?: string;
}

export interface Webhook {
  delivery_id: string;
  state: "waiting" | "delivered" | "failed" | "dropped";
  webhook_type: string;
  webhook_code: string;
  subject: string;
  url: string;
  /** What is sent, byte by byte, and the same as an object. */
  body: string;
  webhook: Record<string, any>;
  /** A header that fits the body, signed now. */
  plaid_verification: string;
  created_at: string;
  due_at: string | null;
  attempts: Array<{ number: number; at: string; status: number | null; error: string | null }>;
}
