import { GraphChart } from "echarts/charts";
import { AriaComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import type { ResultTile } from "../tools/report/model.js";
import { palette, plain, redraw, scrollingLegend, verdictColors } from "./chart.js";
import { element } from "./element.js";
import { graphData, graphFrame, placeNodes, type GraphEdge, type GraphNode } from "./graph-data.js";
import { chooseEnds } from "./table.js";
import { cut, numberText } from "./text.js";

use([GraphChart, AriaComponent, LegendComponent, LabelLayout, TooltipComponent, CanvasRenderer]);

const outside = "outside";

/**
 * Draws the map of a tile whose rows are edges. A click on a node or an edge shows its rows alone in the page's tables.
 * @param onNode is called for a click on a node, in place of that.
 */
export function drawGraph(tile: ResultTile, into: HTMLElement, onNode?: (node: GraphNode) => boolean): void {
  const canvas = element("div", { class: "chart" });
  const zoom = (factor: number, label: string, title: string) => {
    const button = element("button", { type: "button", title, "aria-label": title }, label);
    button.addEventListener("click", () => {
      const [originX, originY] = [canvas.clientWidth / 2, canvas.clientHeight / 2];
      chart.dispatchAction({ type: "graphRoam", seriesIndex: 0, zoom: factor, originX, originY });
    });
    return button;
  };
  into.append(
    canvas,
    element("div", { class: "zoom" }, zoom(1.3, "+", "Show it larger"), zoom(1 / 1.3, "−", "Show it smaller")),
  );
  const { nodes, edges } = graphData(tile);
  const chart = init(canvas, null, { renderer: "canvas" });
  redraw(chart, canvas, () => chart.setOption(optionOf(nodes, edges, canvas), true));
  chart.on("click", ({ dataType, dataIndex }) => {
    const names = dataType === "edge" ? [edges[dataIndex]!.source, edges[dataIndex]!.target] : [dataIndex];
    const [source, target] = names.map((index) => nodes[index]!.name);
    if (target !== undefined) chooseEnds({ source: source!, target });
    else if (!onNode?.(nodes[dataIndex]!)) chooseEnds({ any: source! });
  });
}

function optionOf(nodes: GraphNode[], edges: GraphEdge[], canvas: HTMLElement) {
  const style = getComputedStyle(canvas);
  const ink = style.getPropertyValue("--ink").trim();
  const muted = style.getPropertyValue("--muted").trim();
  const { clientWidth: width, clientHeight: height } = canvas;
  const isNarrow = width < 600;
  const { margin, box } = graphFrame(width, height);
  const places = placeNodes(nodes, edges, ...box);
  const groups = [...new Set(nodes.map(({ namespace }) => namespace || outside))].sort();
  const sizeOf = ({ flows, denied }: GraphNode) => flows + denied;
  const mostOfEdge = Math.max(1, ...edges.map(({ count }) => count));
  const mostOfNode = Math.max(1, ...nodes.map(sizeOf));
  // Of a million flows and of ten both have to be seen.
  const share = (value: number, most: number) => Math.log1p(value) / Math.log1p(most);
  return {
    animation: false,
    aria: { enabled: true },
    legend: { ...scrollingLegend(muted), top: 0, data: groups.map((name) => ({ name: plain(name) })) },
    tooltip: {
      renderMode: "richText" as const,
      confine: true,
      formatter: (point: unknown) => {
        const { dataType, dataIndex } = point as { dataType: string; dataIndex: number };
        return plain(dataType === "edge" ? edgeText(edges[dataIndex]!, nodes) : nodeText(nodes[dataIndex]!));
      },
    },
    series: [
      {
        type: "graph" as const,
        layout: "none" as const,
        left: margin.x,
        top: margin.top,
        width: box[0],
        height: box[1],
        roam: "move" as const,
        draggable: true,
        edgeSymbol: ["none", "arrow"],
        edgeSymbolSize: 7,
        emphasis: { focus: "adjacency" as const },
        labelLayout: { hideOverlap: true },
        categories: groups.map((name, index) => ({
          name: plain(name),
          symbol: name === outside ? "diamond" : "circle",
          itemStyle: { color: name === outside ? muted : palette[index % palette.length]! },
        })),
        data: nodes.map((node, index) => ({
          id: String(index),
          name: plain(node.name),
          x: places[index]![0],
          y: places[index]![1],
          category: groups.indexOf(node.namespace || outside),
          symbolSize: 8 + 18 * share(sizeOf(node), mostOfNode),
          label: {
            show: true,
            // Towards the middle, where there is room.
            position: places[index]![0] > box[0] / 2 ? ("left" as const) : ("right" as const),
            color: ink,
            // Readable across lines.
            textBorderColor: style.getPropertyValue("--tile").trim(),
            textBorderWidth: 3,
            fontSize: isNarrow ? 10 : 12,
            formatter: () => plain(cut(node.name, 30)),
          },
        })),
        links: edges.map(({ source, target, count, isDenied }) => ({
          source,
          target,
          value: count,
          lineStyle: {
            width: 0.8 + 5 * share(count, mostOfEdge),
            color: isDenied ? verdictColors.DROPPED : muted,
            type: isDenied ? ("dashed" as const) : ("solid" as const),
            opacity: isDenied ? 0.95 : 0.45,
            curveness: isDenied ? 0.2 : 0.08,
          },
        })),
      },
    ],
  };
}

function edgeText({ source, target, count, isDenied }: GraphEdge, nodes: GraphNode[]): string {
  const ends = [source, target].map((index) => cut(nodes[index]!.name, 60)).join(" → ");
  return `${ends}\n${isDenied ? deniedText(count) : flowsText(count)}`;
}

function nodeText({ name, namespace, flows, denied }: GraphNode): string {
  const lines = [
    cut(name, 80),
    namespace ? `namespace ${cut(namespace, 60)}` : "outside of the cluster's pods",
    flowsText(flows),
  ];
  return [...lines, ...(denied > 0 ? [deniedText(denied)] : [])].join("\n");
}

const flowsText = (count: number) => `${numberText(count)} flows not denied`;
const deniedText = (count: number) => `✕ ${numberText(count)} packets denied`;
