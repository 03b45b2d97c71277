import { describe, expect, test } from "vitest";
import { explainAcns } from "../tools/acns/explain.js";

const resource = `apiVersion: acn.azure.com/v1alpha1
kind: ContainerNetworkLog
metadata: { name: drops }
spec:
  includefilters:
    - from:
        namespacedPod: [shop/]
        labelSelector: { matchLabels: { app: web }, matchExpressions: [{ key: tier, operator: Exists }] }
      to: { ip: ["10.0.0.0/8"] }
      protocol: [tcp]
      verdict: [dropped]
`;
const messages = (text: string) =>
  explainAcns(text, "f.yaml")!.findings.map(({ line, severity, message }) => `${line} ${severity}: ${message}`);

describe("a ContainerNetworkLog", () => {
  test("becomes the exporter's filter", () => {
    const { text, findings } = explainAcns(resource, "f.yaml")!;
    expect(findings).toEqual([]);
    const filter = text.split("\n").find((line) => line.startsWith("  {"))!;
    expect(JSON.parse(filter)).toEqual({
      source_pod: ["shop/"],
      source_label: ["app=web,tier"],
      destination_ip: ["10.0.0.0/8"],
      protocol: ["tcp"],
      verdict: ["DROPPED"],
    });
  });

  test.each([
    ["verdict: [dropped]", "verdict: [audit]", /^11 error: verdict does not take "audit"/],
    ["protocol: [tcp]", "protocol: [sctp]", /^10 error: protocol does not take "sctp"/],
    ["[shop/]", "[shop]", /^7 warning: the pod "shop" has no namespace/],
    ["operator: Exists", "operator: Is", /^8 error: there is no operator "Is"/],
    ["verdict: [dropped]", "drop_reason: [1]", /^11 error: there is no field "drop_reason"/],
    ["kind: ContainerNetworkLog", "kind: RetinaNetworkFlowLog", /warning: RetinaNetworkFlowLog was renamed/],
    ["spec:", "status: { state: FAILED }\nspec:", /^4 error: its state is FAILED/],
  ])("%s as %s", (from, to, expected) => {
    expect(messages(resource.replace(from, to))).toEqual([expect.stringMatching(expected)]);
  });

  test("in a list, and without filters", () => {
    expect(messages(`kind: List\nitems:\n  - { kind: ContainerNetworkLog, spec: {} }\n`)).toEqual([
      expect.stringMatching(/^3 error: there is no filter/),
    ]);
  });

  test("is not seen in anything else", () => {
    expect(explainAcns("kind: ConfigMap\n", "f.yaml")).toBeUndefined();
  });
});
