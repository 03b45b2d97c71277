import type { ResultTile } from "../../tools/report/model.js";
import { graphData, graphFrame, placeNodes } from "../../web/graph-data.js";

/**
 * A node of the map that no other's label covers, and its place in a chart of a size.
 * @param isWanted which nodes will do.
 */
export function nodeInSight(
  tile: ResultTile,
  { width, height }: { width: number; height: number },
  isWanted: (name: string) => boolean,
): { name: string; x: number; y: number } {
  const { nodes, edges } = graphData(tile);
  const { margin, box } = graphFrame(width, height);
  const places = placeNodes(nodes, edges, ...box);
  const covers = ([ax, ay]: [number, number], [bx, by]: [number, number]) =>
    Math.abs(ax - bx) < 240 && Math.abs(ay - by) < 22;
  const index = places.findIndex(
    (place, at) => isWanted(nodes[at]!.name) && !places.some((other, to) => to !== at && covers(place, other)),
  );
  if (index < 0) throw new Error("every such node is covered");
  return { name: nodes[index]!.name, x: margin.x + places[index]![0], y: margin.top + places[index]![1] };
}
