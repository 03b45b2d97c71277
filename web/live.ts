import { printable } from "../tools/text/cell-text.js";
import type { ResultTile } from "../tools/report/model.js";
import { ask, download, type FlowsState, type Frame } from "./api.js";
import { element } from "./element.js";
import { currentQuery, filterBar, setQuery } from "./filters.js";
import { filtersFor, type GraphNode } from "./graph-data.js";
import { kqlPage } from "./kql.js";
import { markPage, pageLinks, timeElement } from "./shell.js";
import { numberText } from "./text.js";
import { tileElement, tileFrame } from "./tile.js";

const pollMs = 1000;
// While a long log is read, the engine is for reading first.
const calmMs = 3000;
const kqlPlace = { key: "kql", name: "KQL" };

const grid = element("main", { class: "grid", tabindex: "-1" });
const status = element("p", { class: "range", role: "status" });
let frame: Frame;
let filters: HTMLElement;
let links: HTMLAnchorElement[] = [];
let version = -1;
let requests = new AbortController();
let isAsking = false;
let answeredAt = 0;
const tables = new Set<string>();
const shown = new Map<string, { element: HTMLElement; json: string }>();

function pageKey(): string {
  const key = location.hash.slice(1);
  return key === kqlPlace.key || frame.pages.some((page) => page.key === key) ? key : frame.pages[0]!.key;
}

/** Draws the page that the address names, with tiles that wait for their answers. */
function show(): void {
  const key = pageKey();
  const page = frame.pages.find((each) => each.key === key);
  markPage(links, page ?? kqlPlace, frame.title);
  // A query of one's own says itself what it is about.
  filters.hidden = !page;
  shown.clear();
  if (!page) {
    requests.abort();
    isAsking = false;
    grid.replaceChildren(kqlPage());
    return;
  }
  grid.replaceChildren(
    ...page.tiles.map((tile, index) => {
      if ("markdown" in tile) return tileElement(tile);
      const { made } = tileFrame(tile);
      made.classList.add(tile.visual, "waiting");
      made.setAttribute("aria-busy", "true");
      made.append(element("div", { class: "body" }, element("p", { class: "state" }, "Loading…")));
      shown.set(`${key}/${index}`, { element: made, json: "" });
      return made;
    }),
  );
  refresh();
}

/** Asks for all answers of the page anew; what has not changed stays as it is. */
function refresh(): void {
  requests.abort();
  requests = new AbortController();
  const { signal } = requests;
  const query = currentQuery().toString();
  isAsking = true;
  const answers = [...shown.keys()].map((id) =>
    ask<ResultTile>(`api/tile/${id}?${query}`, undefined, signal)
      .then((tile) => draw(id, tile, query))
      .catch((error: unknown) => {
        if (signal.aborted) return;
        const [key, index] = id.split("/");
        const tile = frame.pages.find((page) => page.key === key)!.tiles[Number(index)] as ResultTile;
        draw(id, { ...tile, kql: "", columns: [], rows: [], error: (error as Error).message }, query);
      }),
  );
  void Promise.all(answers).then(() => {
    if (signal.aborted) return;
    isAsking = false;
    answeredAt = performance.now();
  });
}

function draw(id: string, tile: ResultTile, query: string): void {
  const place = shown.get(id);
  const json = JSON.stringify([tile.columns, tile.rows, tile.total, tile.error, query]);
  if (!place || place.json === json) return;
  // Somebody who is typing a filter goes first.
  if (
    place.json !== "" &&
    place.element.contains(document.activeElement) &&
    document.activeElement!.tagName === "INPUT"
  ) {
    return;
  }
  const save = (format: string) => () =>
    void download(
      `api/download/${id}?${query}${query ? "&" : ""}format=${format}`,
      `${id.replace("/", "-")}.${format}`,
    );
  const made = tileElement(tile, {
    showsTable: tables.has(id),
    onNode: filterBy,
    onToggle: (showsTable) => void (showsTable ? tables.add(id) : tables.delete(id)),
    actions: [
      { label: "CSV", title: `Download ${tile.title} as CSV`, key: "c", onClick: save("csv") },
      { label: "JSON", title: `Download ${tile.title} as JSON lines`, key: "j", onClick: save("json") },
    ],
  });
  const hadFocus = place.element === document.activeElement;
  place.element.replaceWith(made);
  if (hadFocus) made.focus();
  shown.set(id, { element: made, json });
}

/** Leaves the flows of one end alone, on all pages. */
function filterBy(node: GraphNode): boolean {
  const filters = filtersFor(node);
  if (!filters) return false;
  const next = currentQuery();
  for (const [name, value] of Object.entries(filters)) next.set(name, value);
  setQuery(next);
  return true;
}

async function poll(): Promise<void> {
  try {
    const state = await ask<FlowsState>("api/state");
    showState(state);
    const isTime = !isAsking && (!state.isReading || performance.now() - answeredAt > calmMs);
    if (state.version !== version && isTime) {
      version = state.version;
      refresh();
    }
  } catch (error) {
    status.replaceChildren(element("span", { class: "error", role: "alert" }, (error as Error).message));
  }
  setTimeout(() => void poll(), pollMs);
}

function showState({ rows, removed, lines, isReading, newest, problem }: FlowsState): void {
  const sources = printable(frame.sources.join(", "));
  const parts: (Node | string)[] = [`${numberText(rows)} rows of ${sources}`];
  if (newest) {
    parts.push(", newest ", timeElement(newest), " UTC");
  }
  if (removed > 0)
    parts.push(`; ${numberText(removed)} older rows were given up, since ${numberText(frame.keep)} are kept`);
  if (problem !== undefined) parts.push(element("span", { class: "error" }, ` ${printable(problem)}`));
  else if (isReading) parts.push(element("span", { class: "live" }, ` ● reading, ${numberText(lines)} lines so far`));
  status.replaceChildren(...parts);
}

async function start(): Promise<void> {
  frame = await ask<Frame>("api/dashboard");
  filters = filterBar(frame);
  links = pageLinks([...frame.pages, kqlPlace]);
  document.body.append(
    element(
      "header",
      { class: "top" },
      element("h1", {}, frame.title),
      status,
      filters,
      element("nav", { "aria-label": "Pages" }, ...links),
    ),
    grid,
  );
  addEventListener("hashchange", show);
  addEventListener("querychange", refresh);
  addEventListener("popstate", refresh);
  show();
  await poll();
}

start().catch((error: unknown) => {
  document.body.append(element("p", { class: "state error", role: "alert" }, (error as Error).message));
});
