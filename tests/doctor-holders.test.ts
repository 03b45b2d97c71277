import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkFluentBit } from "../tools/doctor/check.js";
import { UserError } from "../tools/user-error.js";
import { good } from "./support/good-configuration.js";

const said = (text: string, file = "f.yaml") =>
  checkFluentBit(text, file).map(({ line, severity, message }) => `${line} ${severity}: ${message}`);

const indent = (text: string, by: number) => text.replace(/^(?=.)/gm, " ".repeat(by));
const bad = good.replace("function_name: hubble_flows", "function_name: hubble_flow");

const configMap = (text: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: fluent-bit
data:
  fluent-bit.yaml: |
${indent(text, 4)}`;

describe("a ConfigMap", () => {
  test("is read for what is in it, with the lines of the file", () => {
    expect(said(configMap(good))).toEqual([]);
    // Line 16 of the configuration, whose first line is the file's seventh.
    expect(said(configMap(bad))).toEqual([
      expect.stringMatching(/^22 error: the module has no function "hubble_flow"/),
    ]);
  });

  test("as an item of a list, as kubectl get -o yaml gives it", () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n  - ${indent(configMap(bad), 4).trimStart()}`;
    expect(said(list)).toEqual([expect.stringMatching(/^25 error: the module has no function/)]);
  });

  test("whose keys include each other is one configuration", () => {
    const text = `kind: ConfigMap
data:
  fluent-bit.conf: |
    [SERVICE]
        storage.path /s
        log_level warn
    @INCLUDE input.conf
    @INCLUDE /fluent-bit/etc/elsewhere.conf
  input.conf: |
    [INPUT]
        name tail
        path /var/log/acns/hubble/events.log
        tag hubble
        refresh_interval 60
        rotate_wait 120
        read_from_head on
        db /d
        storage.type filesystem
  parsers.conf: |
    [PARSER]
        name a
`;
    expect(said(text)).toEqual([
      expect.stringMatching(/^14 warning: a new file is noticed after up to 60 s/),
      "8 note: /fluent-bit/etc/elsewhere.conf is included and not looked at here",
    ]);
  });
});

describe("Helm values of fluent/fluent-bit", () => {
  const values = (path: string) => `image:
  tag: 4.0.1
env:
  - name: HTTP_PROXY
    value: http://proxy:3128
config:
  service: |
    [SERVICE]
        storage.path /s
        log_level warn
  inputs: |
    [INPUT]
        name tail
        path ${path}
        tag hubble
        multiline.parser cri
        db /d
        storage.type filesystem
  filters: |
    [FILTER]
        name wasm
        match hubble
        wasm_path /a.wasm
        function_name hubble_flows
`;

  test("are read: configuration, image and proxy", () => {
    expect(said(values("/var/log/containers/cilium-*_kube-system_cilium-agent-*.log"))).toEqual([
      expect.stringMatching(/^2 warning: Fluent Bit 4\.0\.1 frees memory twice/),
      expect.stringMatching(/^4 warning: with HTTP_PROXY set azure_kusto/),
      expect.stringMatching(/^6 note: the chart's own config\.outputs is included and not looked at here/),
    ]);
  });

  test("a file among config.extraFiles is one of its own", () => {
    const text = `config:\n  inputs: ""\n  extraFiles:\n    fluent-bit.yaml: |\n${indent(bad, 6)}`;
    expect(said(text)).toEqual([expect.stringMatching(/^20 error: the module has no function/)]);
  });

  test("NO_PROXY that names the cluster leaves nothing to be said", () => {
    const text = `env:
  - name: HTTP_PROXY
    value: http://proxy:3128
  - name: NO_PROXY
    value: ingest-a.westeurope.kusto.windows.net
config:
  extraFiles:
    fluent-bit.yaml: |
${indent(good, 6)}`;
    expect(said(text)).toEqual([]);
  });

  test("without a configuration say so once", () => {
    const text = readFileSync(new URL("../fluent-bit/kubernetes/base/helm-values.yaml", import.meta.url), "utf8");
    expect(said(text, "helm-values.yaml")).toEqual([
      expect.stringMatching(/^1 error: there is no Fluent Bit configuration in this file/),
    ]);
  });
});

test("objects of the Fluent Operator are one configuration", () => {
  const text = `apiVersion: fluentbit.fluent.io/v1alpha2
kind: ClusterInput
metadata: { name: acns }
spec:
  tail:
    tag: hubble
    path: /var/log/acns/hubble/events.log
    refreshIntervalSeconds: 60
    rotateWaitSeconds: 120
    readFromHead: true
    db: /d
    storageType: filesystem
---
apiVersion: fluentbit.fluent.io/v1alpha2
kind: ClusterFluentBitConfig
metadata: { name: config }
spec:
  service:
    logLevel: warn
    storage.path: /s
---
apiVersion: fluentbit.fluent.io/v1alpha2
kind: ClusterFilter
metadata: { name: hubble }
spec:
  match: hubble
  filters:
    - wasm:
        wasmPath: /a.wasm
        functionName: hubble_flow
---
apiVersion: fluentbit.fluent.io/v1alpha2
kind: ClusterOutput
metadata: { name: adx }
spec:
  match: kube.*
  customPlugin:
    config: |
      Name azure_kusto
      Auth_Type managed_identity
      Client_Id system
      Ingestion_Endpoint https://ingest-a.westeurope.kusto.windows.net
      Database_Name Kubernetes
      Table_Name HubbleFlow
      Ingestion_Mapping_Reference HubbleFlowsMapping
      Retry_Limit no_limits
`;
  expect(said(text)).toEqual([
    expect.stringMatching(/^30 error: the module has no function "hubble_flow"/),
    expect.stringMatching(/^38 error: no azure_kusto output matches the tag/),
    expect.stringMatching(/^8 warning: a new file is noticed after up to 60 s/),
    expect.stringMatching(/^44 warning: adx\/setup\.kql makes no table HubbleFlow/),
  ]);
});

describe("what is no configuration", () => {
  test("YAML that does not parse is one error, of the YAML", () => {
    const found = checkFluentBit("service:\n  a: [1\npipeline:\n", "f.yaml");
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ severity: "error", message: expect.stringMatching(/not valid YAML/) as string });
    expect(found[0]!.remedy).not.toMatch(/Cilium/);
    expect(said(configMap("service:\n  a: [1\npipeline:\n"))).toEqual([
      expect.stringMatching(/^\d+ error: .*not valid YAML/),
    ]);
  });

  test("a binary file", () => {
    expect(() => checkFluentBit("\0asm\u0001\0\0\0", "hubble-adx.wasm")).toThrow(UserError);
  });

  test.each([
    ["an empty file", "", "f.yaml"],
    ["a Deployment", "kind: Deployment\nspec: {}\n", "f.yaml"],
    ["prose", "hello\n", "f.conf"],
  ])("%s", (_, text, file) => {
    expect(said(text, file)).toEqual([expect.stringMatching(/^1 error: there is no Fluent Bit configuration/)]);
  });
});
