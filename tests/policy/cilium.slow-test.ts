import { beforeAll, describe, expect, test } from "vitest";
import { FilterHost, readFilterModule } from "../../tools/host.js";
import { noLines } from "../../tools/flatten/flatten-log.js";
import { packageFile } from "../../tools/package-file.js";
import { readFlows } from "../../tools/policy/read.js";
import { serviceTitle, type Sighting } from "../../tools/policy/sighting.js";
import { corpusFile } from "../support/corpus.js";
import { randomCluster, type Row } from "./cluster.js";
import { buildJudge, hasGo, judge, judgedFlow, withNames } from "./judge.js";
import { documents, everywhere, gathered, requestsOf, type Asked } from "./support.js";

const minutes = 60_000;
const seeds = Array.from({ length: 20 }, (_, seed) => seed);

/** Cilium's own parser takes every policy, and its own engine says of every request what was seen of it. */
describe.skipIf(!hasGo)("Cilium 1.20.2", () => {
  let program: string;
  beforeAll(() => {
    program = buildJudge();
  }, 20 * minutes);

  /** Requests of which the engine says something else than what was seen, and how many it was asked about. */
  function held(rows: readonly Row[], cluster: string, asked: Asked, format?: "kubernetes") {
    const policies = documents(rows, asked, format);
    // Of what the L7 proxy refused, ports tell nothing.
    const requests = withNames(requestsOf(rows)).filter(
      (request) => request.outcome !== "refused" && judgedFlow(request) !== undefined,
    );
    const { refused, flows } = judge(
      program,
      cluster,
      policies,
      requests.map((request) => judgedFlow(request)!),
    );
    expect(refused).toEqual(policies.map(() => ""));
    const answers = requests.map((request, i) => ({ request, answer: flows[i]! }));
    const at = ({ request, answer }: (typeof answers)[number]) =>
      request.direction === undefined ? `${answer.egress} ${answer.ingress}` : answer[request.direction];
    const isWrong = (one: (typeof answers)[number]) =>
      one.request.outcome === "passed" ? at(one).includes("denied") : at(one) === "allowed";
    return { wrong: answers.filter(isWrong).map(({ request }) => request), count: answers.length };
  }

  const titleOf = ({ source, destination, service, direction, outcome }: Sighting) =>
    `${outcome} ${direction}: ${source.title} -> ${destination.title}, ${serviceTitle(service)}`;
  // Nothing selects a pod without labels, and in Kubernetes a pod's node always comes in.
  const isJudgeable = ({ source, destination, outcome }: Sighting) =>
    source.rawLabels.length + destination.rawLabels.length > 0 &&
    !(outcome !== "passed" && source.kind === "entity" && source.entity === "host");

  test.each(seeds)("a made-up cluster, seed %i", (seed) => {
    for (const options of [{}, { l7: true }]) {
      const { wrong, count } = held(randomCluster(seed, 150, "telling"), "blue", {
        namespaces: everywhere,
        ...options,
      });
      expect(wrong.filter(isJudgeable).map(titleOf)).toEqual([]);
      expect(count).toBeGreaterThan(100);
    }
  });

  test.each(seeds)("a made-up cluster whose labels tell little, seed %i: what passed passes", (seed) => {
    const { wrong } = held(randomCluster(seed, 150, "any"), "blue", { namespaces: everywhere });
    expect(wrong.filter(({ outcome }) => outcome === "passed").map(titleOf)).toEqual([]);
  });

  test.each(seeds)("as NetworkPolicies, seed %i: what they can say", (seed) => {
    const { wrong } = held(randomCluster(seed, 150, "telling"), "blue", { namespaces: everywhere }, "kubernetes");
    const unsaid = ({ source, destination, service, outcome }: Sighting) =>
      outcome === "passed" && (service.port === undefined || source.kind === "entity" || destination.kind === "entity");
    expect(wrong.filter((one) => isJudgeable(one) && !unsaid(one)).map(titleOf)).toEqual([]);
  });

  test.each(["cilium-agent.log", "shop.log.gz"])("the sample %s", async (name) => {
    const rows = await rowsOf(packageFile(`fluent-bit/sample/${name}`).pathname);
    const { wrong, count } = held(rows, "aks-shop-weu", { namespaces: [] });
    expect(wrong.map(titleOf)).toEqual([]);
    expect(count).toBeGreaterThan(60);
  });

  test("real flows", async () => {
    const text = corpusFile("flows.ndjson", "policies out of real flows");
    if (text === undefined) return;
    const rows = await rowsOf(`${process.env.HUBBLE_CORPUS}/flows.ndjson`);
    const clusters = [...gathered(rows).observers];
    expect(clusters.length).toBeGreaterThan(1);
    for (const cluster of clusters) {
      const own = rows.filter((row) => row.ClusterName === cluster || row.ClusterName === undefined);
      const { wrong } = held(own, cluster, { cluster, namespaces: [] });
      expect(
        wrong.filter(({ outcome, observer }) => outcome === "passed" && observer === cluster).map(titleOf),
      ).toEqual([]);
    }
  });
});

async function rowsOf(path: string): Promise<Row[]> {
  const rows: Row[] = [];
  const host = new FilterHost(readFilterModule(), { functionName: "hubble_flows" });
  for await (const row of readFlows({ path }, host, noLines())) rows.push(row);
  return rows;
}
