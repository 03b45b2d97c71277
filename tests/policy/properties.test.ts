import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ask, type Answer, type CheckedPolicy } from "../../tools/policy/check/policy.js";
import { knownNames } from "../../tools/policy/check/check.js";
import { partyOf } from "../../tools/policy/check/party.js";
import { readPolicies } from "../../tools/policy/check/read.js";
import { serviceTitle, type Direction, type Sighting } from "../../tools/policy/sighting.js";
import { randomCluster, type Row } from "./cluster.js";
import { count } from "../support/thorough.js";
import { documents, everywhere, requestsOf } from "./support.js";

const runs = {
  numRuns: Number(process.env.PROPERTY_RUNS ?? count(12, 100)),
  ...(process.env.PROPERTY_SEED ? { seed: Number(process.env.PROPERTY_SEED) } : {}),
};
const rowsOfEach = 150;
const ends: Direction[] = ["egress", "ingress"];

/** What the policies written from rows make of the requests in them, by the evaluation that shares nothing with the writing. */
function judged(rows: readonly Row[], options: Parameters<typeof documents>[1], format?: "kubernetes") {
  const texts = documents(rows, { namespaces: everywhere, ...options }, format);
  const policies = texts.flatMap((text, i) => readPolicies(`${i}.yaml`, text));
  const requests = requestsOf(rows);
  const known = knownNames(requests);
  return requests.map((request) => ({ request, at: (end: Direction) => verdict(policies, request, end, known) }));
}

function verdict(
  policies: CheckedPolicy[],
  request: Sighting,
  end: Direction,
  known: ReturnType<typeof knownNames>,
): Answer["verdict"] {
  const { source, destination, service, http, dnsName } = request;
  const parties = { source: partyOf(source, known), destination: partyOf(destination, known) };
  return ask(policies, { ...parties, service, http, dnsName }, end).verdict;
}

const titleOf = ({ source, destination, service, direction }: Sighting) =>
  `${source.title} -> ${destination.title}, ${serviceTitle(service)}, ${direction}`;
const isPod = (request: Sighting, end: Direction) =>
  (end === "egress" ? request.source : request.destination).kind === "pod";

/** An address of which no flow tells a name may have any: of a rule about names nothing is known then, which is no yes. */
describe("policies out of made-up clusters", () => {
  test.each([{}, { l7: true }])("every request that passed passes, whatever the labels (%o)", (options) => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const rows = randomCluster(seed, rowsOfEach, "any");
        const found = judged(rows, options).filter(({ request }) => request.outcome === "passed");
        const refused = found.filter(({ request, at }) =>
          ends.some((end) => isPod(request, end) && at(end) !== "allowed"),
        );
        // A pod without any label is in no policy, and no rule can let it in.
        const known = refused.filter(
          ({ request: { source, destination } }) => source.rawLabels.length > 0 && destination.rawLabels.length > 0,
        );
        expect(known.map(({ request }) => titleOf(request))).toEqual([]);
        expect(found.length).toBeGreaterThan(rowsOfEach / 4);
      }),
      runs,
    );
  });

  test("every request that was denied stays denied, where labels tell workloads apart", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const found = judged(randomCluster(seed, rowsOfEach, "telling"), {}).filter(
          ({ request }) => request.outcome !== "passed",
        );
        const opened = found.filter(({ request, at }) => !isNodes(request) && at(request.direction!) === "allowed");
        expect(opened.map(({ request }) => titleOf(request))).toEqual([]);
        expect(found.length).toBeGreaterThan(rowsOfEach / 10);
      }),
      runs,
    );
  });

  test("with allowDenied what no rule allowed passes, and what a deny rule forbids does not", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const rows = randomCluster(seed, rowsOfEach, "telling");
        for (const { request, at } of judged(rows, { allowDenied: true })) {
          if (isNodes(request)) continue;
          const isAllowed = at(request.direction!) === "allowed";
          expect([titleOf(request), isAllowed]).toEqual([titleOf(request), request.outcome !== "forbidden"]);
        }
      }),
      runs,
    );
  });

  test("a NetworkPolicy lets pass what it has words for", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const rows = randomCluster(seed, rowsOfEach, "telling");
        for (const { request, at } of judged(rows, {}, "kubernetes")) {
          const { outcome, service, source, destination } = request;
          const isSayable = service.port !== undefined && source.kind !== "entity" && destination.kind !== "entity";
          if (outcome === "passed" && isSayable)
            expect([titleOf(request), at(request.direction!)]).toEqual([titleOf(request), "allowed"]);
        }
      }),
      runs,
    );
  });
});

/** A pod's own node may always come in. */
function isNodes({ source }: Sighting): boolean {
  return source.kind === "entity" && source.entity === "host";
}
