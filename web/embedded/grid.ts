// The grid of tiles: as many as there is room for, arrows through them.

const FEWEST = 2;
const MOST = 15;

/** Hides the tiles that there is no room for; what was searched for is scrolled instead. */
export function fit(root: Element, searching: boolean): void {
  const list = root.querySelector<HTMLElement>(".tiles");
  if (!list) return;
  const items = [...list.children] as HTMLElement[];
  for (const item of items) item.hidden = false;
  list.toggleAttribute("data-scrolls", searching);
  if (searching) return;
  let room = Math.min(MOST, items.length);
  for (const item of items.slice(room)) item.hidden = true;
  const full = (): boolean => list.scrollHeight > list.clientHeight + 1;
  while (room > FEWEST && full()) items[--room]!.hidden = true;
  list.toggleAttribute("data-scrolls", full());
}

/** The tile that an arrow, Home or End leads to; null if the key is not for the grid. */
export function next(key: string, root: Element): HTMLElement | null {
  const search = root.querySelector<HTMLElement>("[data-search]");
  const tiles = [...root.querySelectorAll<HTMLElement>(".tile:not([hidden]) button")];
  const now = tiles.indexOf(document.activeElement as HTMLElement);
  if (tiles.length === 0 || (now < 0 && document.activeElement !== search)) return null;
  if (now < 0) return key === "ArrowDown" ? tiles[0]! : null;
  const top = (el: Element): number => el.getBoundingClientRect().top;
  const columns = Math.max(1, tiles.filter((t) => top(t) === top(tiles[0]!)).length);
  const ahead = document.dir === "rtl" ? -1 : 1;
  const by: Record<string, number> = { ArrowRight: ahead, ArrowLeft: -ahead, ArrowDown: columns, ArrowUp: -columns };
  if (key === "Home") return tiles[0]!;
  if (key === "End") return tiles[tiles.length - 1]!;
  const step = by[key];
  if (step === undefined) return null;
  if (key === "ArrowUp" && now < columns) return search;
  return tiles[Math.min(Math.max(now + step, 0), tiles.length - 1)]!;
}
