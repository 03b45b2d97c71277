import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationNodeDatum,
} from "d3-force";
import type { ResultTile } from "../tools/report/model.js";
import { cellText } from "./text.js";

/** One end of flows: a workload, or an outside host, which has no namespace. */
export interface GraphNode {
  name: string;
  namespace: string;
  /** Flows that no policy denied. */
  flows: number;
  /** Packets that a policy denied. */
  denied: number;
}

/** The flows from one end to another, as indices of nodes: those that flows or were dropped otherwise, or the denied. */
export interface GraphEdge {
  source: number;
  target: number;
  /** Flows, or denied packets. */
  count: number;
  isDenied: boolean;
}

/**
 * Makes nodes and edges of a graph's rows. A name that lies in two namespaces is one node; a row of which a policy denied a
 * part is two edges.
 */
export function graphData({ columns, rows }: Pick<ResultTile, "columns" | "rows">): {
  nodes: GraphNode[];
  edges: GraphEdge[];
} {
  const at = new Map(columns.map(({ name }, index) => [name, index]));
  const nodes = new Map<string, GraphNode & { index: number }>();
  const edges: GraphEdge[] = [];
  for (const row of rows) {
    const text = (column: string) => cellText(row[at.get(column)!] ?? null, "string");
    const [flows, denied] = ["Flows", "Denied"].map((column) => Number(row[at.get(column)!] ?? 0)) as [number, number];
    const [source, target] = ["Source", "Destination"].map((side) => {
      const name = text(side) || "(none)";
      const node = nodes.get(name) ?? {
        name,
        namespace: text(`${side}Namespace`),
        flows: 0,
        denied: 0,
        index: nodes.size,
      };
      node.flows += flows;
      node.denied += denied;
      nodes.set(name, node);
      return node.index;
    }) as [number, number];
    if (flows > 0) edges.push({ source, target, count: flows, isDenied: false });
    if (denied > 0) edges.push({ source, target, count: denied, isDenied: true });
  }
  return { nodes: [...nodes.values()], edges };
}

/** Where in a chart of a size the nodes lie: below the legend, with room for labels. */
export function graphFrame(
  width: number,
  height: number,
): { margin: { x: number; top: number }; box: [number, number] } {
  const margin = { x: width < 600 ? 14 : 40, top: 44 };
  return { margin, box: [Math.max(1, width - 2 * margin.x), Math.max(1, height - margin.top - 24)] };
}

/**
 * Places for nodes in a box, so that those that talk lie side by side and all of the box is used; the same each time.
 * @returns x and y of each node, from 0 to the box's width and height.
 */
export function placeNodes(nodes: GraphNode[], edges: GraphEdge[], width: number, height: number): [number, number][] {
  const points = nodes.map((): SimulationNodeDatum => ({}));
  // A pull of one and more would throw them about.
  const wide = Math.min(3, Math.max(1 / 3, width / height));
  forceSimulation(points)
    .force("links", forceLink(edges.map(({ source, target }) => ({ source, target }))).distance(60))
    .force("apart", forceManyBody().strength(-260))
    .force("room", forceCollide(26))
    .force("x", forceX(0).strength(0.06 / wide))
    .force("y", forceY(0).strength(0.06 * wide))
    .stop()
    .tick(300);
  const scaled = (values: number[], size: number) => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return values.map((value) => (most > least ? ((value - least) / (most - least)) * size : size / 2));
  };
  const xs = scaled(
    points.map(({ x }) => x!),
    width,
  );
  const ys = scaled(
    points.map(({ y }) => y!),
    height,
  );
  return xs.map((x, index) => [x, ys[index]!]);
}

/** What the dashboard's filters have to be for the flows of one node alone; undefined for an end that no filter names. */
export function filtersFor({ name, namespace }: GraphNode): { namespace?: string; pod: string } | undefined {
  if (namespace !== "") return { namespace, pod: name.slice(name.indexOf("/") + 1) };
  // Reserved identities (world, host, kube-apiserver) are neither a host's name nor an address.
  return /[.:]/.test(name) ? { pod: name } : undefined;
}
