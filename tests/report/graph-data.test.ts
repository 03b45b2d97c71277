import { expect, test } from "vitest";
import { filtersFor, graphData, placeNodes } from "../../web/graph-data.js";

const columns = ["Source", "SourceNamespace", "Destination", "DestinationNamespace", "Flows", "Denied"].map((name) => ({
  name,
  type: /Flows|Denied/.test(name) ? "long" : "string",
}));
const rows = [
  ["shop/web", "shop", "shop/cart", "shop", "10", "0"],
  ["shop/web", "shop", "203.0.113.9", "", "2", "3"],
  ["box/net", "box", "203.0.113.9", "", "0", "4"],
];

test("rows become nodes, and an edge each for what passed and what was denied", () => {
  const { nodes, edges } = graphData({ columns, rows });
  expect(nodes.map(({ name, namespace, flows, denied }) => [name, namespace, flows, denied])).toEqual([
    ["shop/web", "shop", 12, 3],
    ["shop/cart", "shop", 10, 0],
    ["203.0.113.9", "", 2, 7],
    ["box/net", "box", 0, 4],
  ]);
  expect(edges).toEqual([
    { source: 0, target: 1, count: 10, isDenied: false },
    { source: 0, target: 2, count: 2, isDenied: false },
    { source: 0, target: 2, count: 3, isDenied: true },
    { source: 3, target: 2, count: 4, isDenied: true },
  ]);
});

test("nodes fill their box, apart from each other, the same way each time", () => {
  const { nodes, edges } = graphData({ columns, rows });
  const places = placeNodes(nodes, edges, 600, 300);
  expect(placeNodes(nodes, edges, 600, 300)).toEqual(places);
  for (const [axis, size] of [600, 300].entries()) {
    const values = places.map((place) => place[axis]!);
    expect([Math.min(...values), Math.max(...values)]).toEqual([0, size]);
  }
  for (const [index, [x, y]] of places.entries()) {
    for (const [otherX, otherY] of places.slice(index + 1))
      expect(Math.hypot(x - otherX, y - otherY)).toBeGreaterThan(20);
  }
  expect(placeNodes(nodes, edges, 1200, 1).flat().every(Number.isFinite)).toBe(true);
  expect(placeNodes([], [], 600, 300)).toEqual([]);
  expect(placeNodes(nodes.slice(0, 1), [], 600, 300)).toEqual([[300, 150]]);
});

test.each([
  ["a workload", "shop/web", "shop", { namespace: "shop", pod: "web" }],
  ["an address", "203.0.113.9", "", { pod: "203.0.113.9" }],
  ["an IPv6 address", "2001:db8::1", "", { pod: "2001:db8::1" }],
  ["a host's name", "api.example.com", "", { pod: "api.example.com" }],
  ["a reserved identity, which no filter names", "kube-apiserver", "", undefined],
])("the filters for %s", (_, name, namespace, filters) => {
  expect(filtersFor({ name, namespace, flows: 1, denied: 0 })).toEqual(filters);
});
