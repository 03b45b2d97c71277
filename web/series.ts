import type { Cell, ResultTile } from "../tools/report/model.js";
import { cellText } from "./text.js";

/** What a chart draws: a value, or nothing, of each series at each place on the x axis. */
export interface ChartData {
  /** The column on the x axis. */
  x: string;
  isTime: boolean;
  /** Milliseconds since 1970 where the axis is time, else texts; each once. */
  places: (number | string)[];
  series: { name: string; values: (number | null)[] }[];
  /** How many series there are beyond those. */
  hidden: number;
}

const mostSeries = 20;
const mostFilled = 2000;

/** Turns a tile's rows into series: one for each y column, or for each value of the series columns. */
export function chartData(tile: ResultTile): ChartData {
  const { columns, rows } = tile;
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  const x = Math.max(0, at(tile.xColumn ?? columns[0]?.name ?? ""));
  const split = (tile.seriesColumns ?? []).map(at).filter((index) => index >= 0);
  const numbers = columns.flatMap(({ type }, index) =>
    index !== x && /^(int|long|real|decimal)$/.test(type) ? index : [],
  );
  const y = tile.yColumns ? tile.yColumns.map(at).filter((index) => index >= 0) : numbers;
  const isTime = columns[x]?.type === "datetime";
  const values = new Map<string, Map<number | string, number | null>>();
  const places = new Set<number | string>();
  for (const row of rows) {
    const place = isTime ? Date.parse(String(row[x])) : cellText(row[x]!, columns[x]!.type) || "(none)";
    if (typeof place === "number" && Number.isNaN(place)) continue;
    places.add(place);
    const prefix = split.map((index) => cellText(row[index]!, columns[index]!.type) || "(none)").join(", ");
    for (const index of y) {
      const name = [prefix, ...(y.length > 1 || prefix === "" ? [columns[index]!.name] : [])]
        .filter(Boolean)
        .join(", ");
      if (!values.has(name)) values.set(name, new Map());
      values.get(name)!.set(place, numeric(row[index]!));
    }
  }
  const axis = isTime ? filled([...places] as number[], tile.visual !== "timechart") : [...places];
  const all = [...values].map(([name, points]) => ({ name, values: axis.map((place) => points.get(place) ?? null) }));
  const size = ({ values: list }: { values: (number | null)[] }) =>
    list.reduce<number>((sum, value) => sum + Math.abs(value ?? 0), 0);
  const shown = all.length > mostSeries ? [...all].sort((a, b) => size(b) - size(a)).slice(0, mostSeries) : all;
  return { x: columns[x]?.name ?? "", isTime, places: axis, series: shown, hidden: all.length - shown.length };
}

function numeric(value: Cell): number | null {
  const number = value === null || value === "" ? NaN : Number(value);
  return Number.isFinite(number) ? number : null;
}

/** Times in order; between columns the bins without flows too, since a gap is news. */
function filled(times: number[], fills: boolean): number[] {
  const sorted = times.sort((a, b) => a - b);
  const steps = sorted.slice(1).map((time, index) => time - sorted[index]!);
  const step = Math.min(...steps);
  const count = (sorted.at(-1)! - sorted[0]!) / step;
  if (!fills || steps.length === 0 || count > mostFilled || !Number.isInteger(count)) return sorted;
  return Array.from({ length: count + 1 }, (_, index) => sorted[0]! + index * step);
}
