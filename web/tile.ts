import type { ResultTile, TextTile } from "../tools/report/model.js";
import { drawChart } from "./chart.js";
import { drawGraph } from "./graph.js";
import type { GraphNode } from "./graph-data.js";
import { element, markdown } from "./element.js";
import { chartData } from "./series.js";
import { table } from "./table.js";
import { cellText } from "./text.js";

/** What a page adds to a tile. */
export interface TileOptions {
  /** Whether the numbers are shown in place of the chart. */
  showsTable?: boolean;
  onToggle?: (showsTable: boolean) => void;
  /** A click on a node of the map; true where it has been dealt with. */
  onNode?: (node: GraphNode) => boolean;
  /** More buttons in the head. */
  actions?: { label: string; title: string; key: string; onClick: () => void }[];
}

/** A tile's frame in its place on the grid, with its title. */
export function tileFrame({ title, at }: Pick<ResultTile, "title" | "at">): { made: HTMLElement; head: HTMLElement } {
  const head = element("header", {}, element("h2", {}, title));
  const made = element("section", { class: "tile", "aria-label": title }, head);
  const [x, y, width, height] = at;
  made.style.setProperty("--column", `${x + 1} / span ${width}`);
  made.style.setProperty("--row", `${y + 1} / span ${height}`);
  return { made, head };
}

/** A tile in its place on the grid. `t` turns a chart into its table and back, `k` shows the query. */
export function tileElement(tile: ResultTile | TextTile, options: TileOptions = {}): HTMLElement {
  const { made, head } = tileFrame(tile);
  if ("markdown" in tile) {
    made.classList.add("text");
    made.append(markdown(tile.markdown));
    return made;
  }
  made.classList.add(tile.visual);
  if (tile.description)
    head.append(element("span", { class: "description", title: tile.description }, tile.description));
  const body = element("div", { class: "body" });
  made.append(body);
  let showsTable = options.showsTable ?? false;
  const show = () => {
    body.replaceChildren();
    fill(tile, body, { ...options, showsTable });
  };
  const kql = button("KQL", `Show the query of ${tile.title}`, "k", () => showQuery(tile));
  head.append(kql);
  const keys: Record<string, HTMLButtonElement> = { k: kql };
  for (const { label, title, key, onClick } of options.actions ?? []) {
    keys[key] = button(label, title, key, onClick);
    head.append(keys[key]);
  }
  if (tile.visual !== "table" && tile.rows.length > 0) {
    const toggle = button("Table", `Show the numbers of ${tile.title} as a table`, "t", () => {
      showsTable = !showsTable;
      toggle.setAttribute("aria-pressed", String(showsTable));
      options.onToggle?.(showsTable);
      show();
    });
    toggle.setAttribute("aria-pressed", String(showsTable));
    head.insertBefore(toggle, kql);
    keys.t = toggle;
  }
  made.tabIndex = 0;
  made.addEventListener("keydown", (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isPlain && !(event.target instanceof HTMLInputElement)) keys[event.key]?.click();
  });
  // A chart measures its element, which has to be in the page.
  requestAnimationFrame(show);
  return made;
}

function button(label: string, title: string, key: string, onClick: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", title: `${title} (${key})`, "aria-label": title }, label);
  made.addEventListener("click", onClick);
  return made;
}

function fill(tile: ResultTile, body: HTMLElement, { showsTable, onNode }: TileOptions): void {
  if (tile.error !== undefined) body.append(element("p", { class: "state error", role: "alert" }, tile.error));
  else if (tile.rows.length === 0) body.append(element("p", { class: "state" }, "No such flows here"));
  else if (tile.visual === "multistat" && !showsTable) body.append(stats(tile));
  else if (tile.visual === "table" || showsTable) body.append(table(tile));
  else if (tile.visual === "graph") drawGraph(tile, body, onNode);
  else {
    const { hidden, series } = chartData(tile);
    if (series.every(({ values }) => values.every((value) => value === null))) {
      body.append(element("p", { class: "state" }, "No numbers here"));
      return;
    }
    const canvas = element("div", { class: "chart" });
    body.append(canvas);
    drawChart(tile, canvas);
    if (hidden > 0) {
      const text = `The ${series.length} largest of ${series.length + hidden} series; the table has all`;
      body.append(element("p", { class: "note" }, text));
    }
  }
}

function stats({ columns, rows, colors, stack }: ResultTile): HTMLElement {
  const made = rows.map(([label, value]) => {
    const text = String(label);
    const color = columns[0] && colors?.[columns[0].name];
    // A zero of what is bad is no alarm.
    const isAlarm = color && Object.hasOwn(color, text) && Number(value) !== 0;
    return element(
      "div",
      { class: isAlarm ? `stat mark ${color[text]!}` : "stat" },
      element("dd", {}, statText(value ?? null, columns[1]?.type ?? "")),
      element("dt", {}, cellText(text, "string")),
    );
  });
  const list = element("dl", { class: "stats" }, ...made);
  list.style.setProperty("--stack", String(stack ?? Math.max(1, rows.length)));
  return list;
}

function statText(value: ResultTile["rows"][number][number], type: string): string {
  const isNumber = typeof value === "string" && /^-?\d{1,15}(\.\d+)?$/.test(value);
  return cellText(isNumber ? Number(value) : value, type) || "–";
}

function showQuery(tile: ResultTile): void {
  const text = element("pre", { tabindex: "0" }, tile.kql);
  const close = element("button", { type: "button" }, "Close");
  const dialog = element(
    "dialog",
    { "aria-label": `Query of ${tile.title}` },
    element("h2", {}, tile.title),
    text,
    close,
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
