import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import type { ResultTile } from "../tools/report/model.js";
import { chartData, type ChartData } from "./series.js";
import { cut, numberText, timeText } from "./text.js";

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

/** Verdicts as Hubble colours them. */
export const verdictColors = {
  FORWARDED: "#2e9e5b",
  DROPPED: "#d64545",
  ERROR: "#9c2f2f",
  AUDIT: "#e08a1e",
  REDIRECTED: "#3b82d0",
  TRACED: "#7d8ca3",
  TRANSLATED: "#6aa5c9",
};
const knownColors: Record<string, string> = {
  ...verdictColors,
  "2xx": "#2e9e5b",
  "3xx": "#3b82d0",
  "4xx": "#e08a1e",
  "5xx": "#d64545",
};
export const palette = [
  "#3b82d0",
  "#e08a1e",
  "#8b6fd1",
  "#2a9d9d",
  "#d0609a",
  "#8a9a2b",
  "#b5713c",
  "#4f5bb5",
  "#5f8f4e",
  "#7d8ca3",
];

/** Draws a tile's chart; it follows the size of its element. */
export function drawChart(tile: ResultTile, into: HTMLElement): EChartsType {
  const chart = init(into, null, { renderer: "canvas" });
  redraw(chart, into, () => chart.setOption(optionOf(tile, chartData(tile), getComputedStyle(into)), true));
  return chart;
}

/** Draws a chart now and whenever the colours or the size of its element change, until that leaves the page. */
export function redraw(chart: EChartsType, into: HTMLElement, draw: () => void): void {
  draw();
  const end = new AbortController();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw, { signal: end.signal });
  let [width, height] = [into.clientWidth, into.clientHeight];
  const observer = new ResizeObserver(() => {
    if (!into.isConnected) {
      end.abort();
      observer.disconnect();
      chart.dispose();
    } else if (width !== into.clientWidth || height !== into.clientHeight) {
      [width, height] = [into.clientWidth, into.clientHeight];
      chart.resize();
      draw();
    }
  });
  observer.observe(into);
}

/** A legend of one line, however many names it has. */
export function scrollingLegend(color: string) {
  return {
    type: "scroll" as const,
    textStyle: { color },
    pageTextStyle: { color },
    formatter: (name: string) => plain(cut(name, 32)),
  };
}

/**
 * A text that a chart draws as it stands. Braces would begin a style of the chart's own, and a line that is called like a
 * member of all objects (`__proto__`) would reach that member, where zrender keeps what it has measured.
 */
export function plain(text: string): string {
  const lines = text.replaceAll("{", "❴").split("\n");
  return lines.map((line) => (line in {} ? `${line}\u200b` : line)).join("\n");
}

/** Labels come from functions alone and tooltips are drawn, so that no text of a flow is a template or markup. */
function optionOf(tile: ResultTile, data: ChartData, style: CSSStyleDeclaration) {
  const ink = style.getPropertyValue("--muted").trim();
  const line = style.getPropertyValue("--line").trim();
  const isBar = tile.visual === "bar";
  const isLine = tile.visual === "timechart";
  const label = (place: number | string) =>
    typeof place === "number" ? shortTime(place, data.places) : plain(cut(place, 34));
  const places = isBar ? [...data.places].reverse() : data.places;
  const category = {
    type: "category" as const,
    data: places.map((place) => plain(String(place))),
    axisLabel: {
      color: ink,
      hideOverlap: true,
      formatter: (_: string, index: number) => label(places[index]!),
      ...(isBar ? { width: 170, overflow: "truncate" as const } : {}),
    },
    axisLine: { lineStyle: { color: line } },
    axisTick: { show: false },
  };
  const value = {
    type: "value" as const,
    name: tile.yTitle ?? "",
    nameTextStyle: { color: ink, align: "left" as const },
    nameLocation: isBar ? ("middle" as const) : ("end" as const),
    nameGap: isBar ? 26 : 10,
    axisLabel: { color: ink, hideOverlap: true, formatter: (number: number) => compact.format(number) },
    splitLine: { lineStyle: { color: line } },
  };
  const hasLegend = data.series.length > 1 || (tile.seriesColumns?.length ?? 0) > 0;
  return {
    animation: false,
    aria: { enabled: true, decal: { show: data.series.length > 1 && !isLine } },
    grid: {
      left: 8,
      right: 18,
      top: isBar ? 4 : 30,
      bottom: (isBar ? 22 : 4) + (hasLegend ? 26 : 0),
      containLabel: true,
    },
    ...(hasLegend
      ? {
          legend: { ...scrollingLegend(ink), bottom: 0 },
        }
      : {}),
    tooltip: {
      trigger: "axis" as const,
      renderMode: "richText" as const,
      confine: true,
      axisPointer: { type: isLine ? ("line" as const) : ("shadow" as const) },
      formatter: (points: unknown) =>
        tooltip((points as { dataIndex: number }[])[0]?.dataIndex ?? 0, places, data, isBar),
    },
    xAxis: isBar ? value : category,
    yAxis: isBar ? category : value,
    series: data.series.map(({ name, values }, index) => ({
      type: isLine ? ("line" as const) : ("bar" as const),
      name: plain(name),
      data: isBar ? [...values].reverse() : values,
      ...(tile.visual === "stackedcolumn" ? { stack: "all" } : {}),
      ...(isLine
        ? { showSymbol: values.length < 40, symbol: symbols[index % symbols.length]!, connectNulls: true }
        : {}),
      barMaxWidth: isBar ? 18 : 48,
      color: Object.hasOwn(knownColors, name) ? knownColors[name]! : palette[index % palette.length]!,
    })),
  };
}

const symbols = ["circle", "rect", "triangle", "diamond"];
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

function tooltip(index: number, places: (number | string)[], data: ChartData, isReversed: boolean): string {
  const place = places[index]!;
  const head = typeof place === "number" ? `${timeText(new Date(place).toISOString())} UTC` : cut(place, 80);
  const at = isReversed ? places.length - 1 - index : index;
  const lines = data.series.flatMap(({ name, values }) => {
    const value = values[at];
    return value === null || value === undefined ? [] : `${cut(name, 50)}: ${numberText(value)}`;
  });
  return plain([head, ...lines].join("\n"));
}

/** The clock, or the day too where the axis spans several. */
function shortTime(time: number, places: (number | string)[]): string {
  const text = timeText(new Date(time).toISOString());
  const isLong = Number(places.at(-1)) - Number(places[0]) > 86_400_000;
  return isLong ? text.slice(5, 16) : text.slice(11, text.endsWith(":00") ? 16 : 19);
}
