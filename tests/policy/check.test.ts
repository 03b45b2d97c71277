import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkExchanges, knownNames } from "../../tools/policy/check/check.js";
import { nameTest } from "../../tools/policy/check/matcher.js";
import { partyOf } from "../../tools/policy/check/party.js";
import { ask } from "../../tools/policy/check/policy.js";
import { readPolicies } from "../../tools/policy/check/read.js";
import { reportOf } from "../../tools/policy/check/report.js";
import { serviceTitle } from "../../tools/policy/sighting.js";
import type { Row } from "./cluster.js";
import { judgedPolicies, judgedRows } from "./judged-cases.js";
import { gathered, requestsOf } from "./support.js";

/** What Cilium's own engine answered (`npm run cilium:fixtures`), a letter a request. */
const answers = JSON.parse(
  readFileSync(new URL("../fixtures/cilium-1.20.2/policies.json", import.meta.url), "utf8"),
) as Record<string, string>;

describe("the evaluation says what Cilium 1.20.2 says", () => {
  const requests = requestsOf(judgedRows);
  const known = knownNames(requests);

  test("of every policy there is an answer", () => {
    expect(Object.keys(answers).sort()).toEqual(Object.keys(judgedPolicies).sort());
    expect(requests).toHaveLength(judgedRows.length);
  });

  test.each(Object.keys(judgedPolicies))("%s", (name) => {
    const policies = readPolicies("case.yaml", judgedPolicies[name]!);
    const wrong = requests.filter((request, i) => {
      const question = {
        ...request,
        source: partyOf(request.source, known),
        destination: partyOf(request.destination, known),
      };
      const { verdict } = ask(policies, question, request.direction!);
      // A name may be one that no flow tells.
      if (verdict === "unknown") return !(name === "a name" && request.destination.names.length === 0);
      return (verdict === "denied" ? "d" : "a") !== answers[name]![i];
    });
    expect(
      wrong.map(
        ({ source, destination, service }) => `${source.title} -> ${destination.title} ${serviceTitle(service)}`,
      ),
    ).toEqual([]);
  });
});

/** The examples of pkg/policy/api/fqdn.go. */
test.each([
  ["*.cilium.io", ["www.cilium.io", "blog.cilium.io."], ["cilium.io", "google.com", "a.b.cilium.io"]],
  ["*cilium.io", ["cilium.io", "subcilium.io", "sub-cilium.io"], ["www.cilium.io", "blog.cilium.io"]],
  ["sub*.cilium.io", ["sub.cilium.io", "subdomain.cilium.io"], ["www.cilium.io", "cilium.io", "google.com"]],
  ["**.cilium.io", ["app.cilium.io", "test.app.cilium.io"], ["cilium.io"]],
  ["*", ["cilium.io", "a.b.c"], []],
  ["a.b*", ["a.b", "A.BC"], ["axb"]],
])("the pattern %s", (matchPattern, matching, others) => {
  const matches = nameTest({ matchPattern });
  expect(matching.filter((name) => !matches(name))).toEqual([]);
  expect(others.filter(matches)).toEqual([]);
});

const request: Row = {
  TimeGenerated: "2026-03-04T09:00:00Z",
  Verdict: "FORWARDED",
  FlowType: "L7",
  L7Type: "REQUEST",
  TrafficDirection: "INGRESS",
  L4Protocol: "TCP",
  SourceNamespace: "shop",
  SourcePodName: "web-0",
  SourceIP: "10.0.0.1",
  SourcePort: 40000,
  SourceLabels: ["k8s:app=web", "k8s:io.kubernetes.pod.namespace=shop"],
  DestinationNamespace: "shop",
  DestinationPodName: "cart-0",
  DestinationIP: "10.0.0.2",
  DestinationPort: 8080,
  DestinationLabels: ["k8s:app=cart", "k8s:io.kubernetes.pod.namespace=shop"],
  HTTPMethod: "GET",
  HTTPURL: "http://cart:8080/api/cart/1?full=1",
};
const rule = (http: string) => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: cart
  namespace: shop
spec:
  endpointSelector: { matchLabels: { app: cart } }
  ingress:
    - toPorts:
        - ports: [{ port: "8080", protocol: TCP }]
          rules: { http: [${http}] }
`;
const checked = (file: string, ...rows: Row[]) =>
  reportOf(checkExchanges(readPolicies("cart.yaml", file), gathered(rows).settle()));

describe("HTTP rules", () => {
  test.each([
    ["{}", true],
    ["{ method: GET }", true],
    ["{ method: POST }", false],
    ["{ path: /api/cart/1 }", false],
    ["{ path: '/api/cart/1(\\?.*)?' }", true],
    ["{ path: '/api/.*', host: 'cart:8080' }", true],
    ["{ path: '/api/.*', host: cart }", false],
    ["{ method: POST }, { method: G.T }", true],
  ])("%s", (http, passes) => {
    expect(checked(rule(http), request).isDenied).toBe(!passes);
  });

  test("headers are nothing that flows tell", () => {
    const { lines, isDenied } = checked(rule("{ headers: [X-Token] }"), request);
    expect([isDenied, lines.at(-1)]).toEqual([
      false,
      "0 denied, 1 that flows cannot tell, 0 allowed, 1 that no policy is about",
    ]);
  });
});

test("a denied flow is told with the policy, its place and the request", () => {
  expect(checked(rule("{ method: POST }"), request).lines).toEqual(
    [
      "denied: ingress, shop/web-0 -> shop/cart-0, TCP 8080, GET cart:8080/api/cart/1?full=1 (1 flow, 2026-03-04T09:00:00Z)",
      "    no rule allows it: cart.yaml:7 CiliumNetworkPolicy shop/cart",
      "1 denied, 0 allowed, 1 that no policy is about",
    ].reduce<string[]>(
      (lines, line) =>
        line.startsWith("    ") ? [...lines.slice(0, -1), `${lines.at(-1)}\n${line}`] : [...lines, line],
      [],
    ),
  );
});

test("a deny rule is named with its line", () => {
  const file = rule("{}").replace("  ingress:", "  ingressDeny:\n    - fromEntities: [all]\n  ingress:");
  expect(checked(file, request).lines[0]).toContain(
    "cart.yaml:9 CiliumNetworkPolicy shop/cart ingressDeny[0] denies it",
  );
});

describe("files that are no policies", () => {
  test.each([
    ["a: [", /^p\.yaml:\d+: not valid YAML/],
    ["kind: Pod\nmetadata: { name: a }", /^p\.yaml: no policy in it; it takes CiliumNetworkPolicy/],
    ["kind: NetworkPolicy", /^p\.yaml:1: it has no name; write metadata\.name/],
    [
      rule("{ path: '(' }"),
      /^p\.yaml:11: spec\.ingress\[0\]\.toPorts\[0\]\.rules\.http\[0\]: path is no regular expression/,
    ],
    [
      rule("{}").replace("toPorts", "fromCIDR: [300.1.1.1/8]\n      toPorts"),
      /^p\.yaml:9: .*300\.1\.1\.1\/8 is no block of addresses/,
    ],
    [rule("{}").replace("toPorts", "fromEntities: [moon]\n      toPorts"), /^p\.yaml:9: .*it is no entity/],
  ])("%#", (content, message) => {
    expect(() => readPolicies("p.yaml", content)).toThrow(message);
  });
});

test("what kubectl prints as a list is read, other kinds are passed over", () => {
  const list = `kind: List\nitems:\n- { kind: Service, metadata: { name: a } }\n- ${rule("{}").trimEnd().replaceAll("\n", "\n  ")}\n`;
  expect(readPolicies("list.yaml", list).map(({ title }) => title)).toEqual(["CiliumNetworkPolicy shop/cart"]);
});
