import { createHash } from "node:crypto";
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { packageFile } from "../tools/package-file.js";
import {
  configMap,
  configuration,
  documents,
  expectLeastPrivilege,
  folder,
  MAX_APPLIED,
  noPrivileges,
  path,
  podOf,
  renderChart,
  renderKustomization,
  sources,
  type PodSpec,
} from "./kubernetes/manifests.js";
import { findProgram } from "./kubernetes/tools.js";
import { validate } from "./kubernetes/validate.js";
import type { Manifest } from "./kubernetes/validate.js";

const module = `${folder}/base/hubble-adx.wasm`;
const missing = [module].filter((file) => !existsSync(packageFile(file)));

describe("the validator", () => {
  const pod = (container: object): Manifest => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "a" },
    spec: { containers: [{ name: "a", ...container }] },
  });

  test("takes a good manifest", () => {
    expect(validate(pod({ image: "a" }))).toEqual([]);
  });

  test.each([
    ["a wrong type", { ports: [{ containerPort: "http" }] }, /containerPort must be integer/],
    ["an unknown field", { imagee: "a" }, /imagee"' does not exist/],
    ["a wrong word", { imagePullPolicy: "Sometimes" }, /"Sometimes"/],
  ])("refuses %s", (_, container, message) => {
    expect(validate(pod(container)).join()).toMatch(message);
  });

  test("refuses a kind that it does not know", () => {
    expect(validate({ apiVersion: "v1", kind: "Daemon", metadata: { name: "a" } })).toHaveLength(1);
  });
});

test("podmonitor.yaml is valid and selects the DaemonSet's pods by port name", () => {
  const monitor = documents(readFileSync(path(`${folder}/base/podmonitor.yaml`), "utf8"))[0]!;
  expect(validate(monitor)).toEqual([]);
  expect(monitor["spec"]).toMatchObject({ podMetricsEndpoints: [{ port: "http" }] });
});

const kubectl = findProgram("kubectl");

describe.skipIf(!kubectl || missing.length > 0)(
  `kustomizations, rendered by kubectl${kubectl ? "" : " (skipped: no kubectl)"}${missing.length ? ` (skipped: no ${missing.join(", ")})` : ""}`,
  () => {
    describe.each(sources)("%s", (source, folders) => {
      const manifests =
        kubectl && missing.length === 0 ? renderKustomization(kubectl, path(`${folder}/${source}`)) : [];
      const byKind = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);
      const settings = () => configMap(manifests, "hubble-adx-settings").data!;

      test("has these objects and no role", () => {
        expect(manifests.map(({ kind }) => kind).sort()).toEqual([
          "ConfigMap",
          "ConfigMap",
          "ConfigMap",
          "DaemonSet",
          ...(source === "observe" ? ["Deployment"] : []),
          "Namespace",
          "ServiceAccount",
        ]);
      });

      test("every object is valid", () => {
        expect(manifests.flatMap(validate)).toEqual([]);
      });

      test("the module arrives byte for byte, and `kubectl apply` takes it", () => {
        const { binaryData } = configMap(manifests, "hubble-adx-module");
        const bytes = Buffer.from(binaryData!["hubble-adx.wasm"]!, "base64");
        expect(bytes.equals(readFileSync(path(module)))).toBe(true);
        expect(JSON.stringify(binaryData).length).toBeLessThan(MAX_APPLIED);
      });

      test("the configuration is the source's, unchanged and alone", () => {
        const { data } = configMap(manifests, "hubble-adx-config");
        expect(data).toEqual({ "fluent-bit.yaml": configuration(source) });
        expect(podOf(manifests).spec.containers[0]!.args).toEqual(["--config=/fluent-bit/etc/fluent-bit.yaml"]);
      });

      test("the pods mount the ConfigMaps that are there", () => {
        const names = podOf(manifests).spec.volumes.flatMap(({ configMap }) => configMap?.name ?? []);
        const given = byKind("ConfigMap").map(({ metadata }) => metadata.name);
        expect(names).toHaveLength(2);
        expect(names.filter((name) => !given.includes(name))).toEqual([]);
        const all = byKind("ConfigMap").map(({ metadata }) => metadata.namespace);
        expect([...all, byKind("DaemonSet")[0]!.metadata.namespace]).toEqual(Array(4).fill("logging"));
      });

      test("the client id of settings.env reaches the service account", () => {
        expect(byKind("ServiceAccount")[0]!.metadata.annotations).toEqual({
          "azure.workload.identity/client-id": settings()["AZURE_CLIENT_ID"],
        });
        expect(podOf(manifests).metadata.labels).toMatchObject({ "azure.workload.identity/use": "true" });
      });

      test("least privilege", () => {
        expectLeastPrivilege(podOf(manifests).spec, folders);
      });

      test("what the configuration names is there: variables, module, and writable paths", () => {
        expectConfigurationFits(source, podOf(manifests).spec, Object.keys(settings()));
      });
    });

    test.each([
      ["module", "hubble-adx.wasm", "hubble-adx-module"],
      ["setting", "settings.env", "hubble-adx-settings"],
    ])("a new %s rolls the pods", (_, file, name) => {
      const copy = mkdtempSync(join(tmpdir(), "hubble-adx-"));
      try {
        cpSync(path(folder), copy, { recursive: true });
        const template = () => JSON.stringify(podOf(renderKustomization(kubectl!, join(copy, "acns"))));
        const before = template();
        expect(before).toContain(name);
        expect(template()).toBe(before);
        appendFileSync(join(copy, "base", file), "\nADDED=1\n");
        expect(template()).not.toBe(before);
      } finally {
        rmSync(copy, { recursive: true });
      }
    });
  },
);

test("hubble observe runs without privileges, once, and Fluent Bit reads its log", () => {
  const [deployment] = documents(readFileSync(path(`${folder}/observe/hubble-observe.yaml`), "utf8"));
  const spec = deployment!["spec"] as { replicas: number; template: { spec: PodSpec } };
  const [container] = spec.template.spec.containers;
  expect(spec.replicas).toBe(1);
  expect(container!.securityContext).toEqual(noPrivileges);
  expect(spec.template.spec).toMatchObject({
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true },
  });
  const { name, namespace } = deployment!.metadata;
  const [input] = (parse(configuration("observe")) as { pipeline: { inputs: { path: string }[] } }).pipeline.inputs;
  expect(input!.path).toBe(`/var/log/containers/${name}-*_${namespace}_${container!.name}-*.log`);
});

const helm = findProgram("helm");
const chart = process.env["FLUENT_BIT_CHART"];

describe.skipIf(!helm || !chart || missing.length > 0)(
  `Helm values, rendered by helm${helm && chart ? "" : " (skipped: needs helm and FLUENT_BIT_CHART, the chart fluent/fluent-bit or its folder)"}`,
  () => {
    describe.each(sources)("%s", (source, folders) => {
      const manifests = helm && chart && missing.length === 0 ? renderChart(helm, chart, source) : [];

      test("every object is valid, and there is no role", () => {
        expect(manifests.flatMap(validate)).toEqual([]);
        expect(manifests.map(({ kind }) => kind)).not.toContain("ClusterRole");
      });

      test("workload identity", () => {
        const account = manifests.find(({ kind }) => kind === "ServiceAccount")!;
        expect(account.metadata.annotations).toHaveProperty(["azure.workload.identity/client-id"]);
        expect(podOf(manifests).metadata.labels).toMatchObject({ "azure.workload.identity/use": "true" });
        expect(podOf(manifests).spec.serviceAccountName).toBe(account.metadata.name);
      });

      test("least privilege", () => {
        expectLeastPrivilege(podOf(manifests).spec, folders);
      });

      test("the chart's ConfigMap has the source's configuration and nothing beside it", () => {
        const { data } = configMap(manifests, "hubble-adx");
        const files = Object.entries(data!).map(([file, text]) => [file, text.trim()]);
        expect(files.filter(([, text]) => text !== "")).toEqual([["fluent-bit.yaml", configuration(source).trim()]]);
        const { spec } = podOf(manifests);
        expect(spec.containers[0]!.args).toContain("--config=/fluent-bit/etc/conf/fluent-bit.yaml");
        expectConfigurationFits(source, spec, []);
      });

      test("the module's hash is in the pods' template", () => {
        const hash = createHash("sha256")
          .update(readFileSync(path(module)))
          .digest("hex");
        expect(podOf(manifests).metadata.annotations).toHaveProperty(["hubble-adx/module"], hash);
      });
    });
  },
);

/** Checks the Fluent Bit configuration against the pod that runs it. */
function expectConfigurationFits(source: string, spec: PodSpec, settings: string[]): void {
  const text = configuration(source);
  const container = spec.containers[0]!;
  const variables = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, variable]) => variable!);
  const nodeName = (container.env ?? []).find(({ name }) => name === "NODE_NAME");
  expect(nodeName?.valueFrom?.fieldRef?.fieldPath).toBe("spec.nodeName");
  const given = [...settings, ...(container.env ?? []).map(({ name }) => name)];
  expect(variables.filter((variable) => !given.includes(variable))).toEqual([]);

  const settingsOf = (value: unknown): [string, unknown][] =>
    value !== null && typeof value === "object"
      ? Object.entries(value).flatMap(([key, inner]) => [[key, inner] as [string, unknown], ...settingsOf(inner)])
      : [];
  const all = settingsOf(parse(text));
  const valuesOf = (key: string) => all.filter(([name]) => name === key).map(([, value]) => String(value));
  const mounted = (file: string, writable: boolean) =>
    container.volumeMounts.some((mount) => file.startsWith(`${mount.mountPath}/`) && (!writable || !mount.readOnly));
  expect(new Set(valuesOf("wasm_path"))).toEqual(new Set(["/fluent-bit/wasm/hubble-adx.wasm"]));
  for (const key of ["db", "storage.path", "buffer_dir"]) {
    for (const file of valuesOf(key)) expect([file, mounted(`${file}/`, true)]).toEqual([file, true]);
  }
  expect(valuesOf("path").filter((file) => file.startsWith("/") && !mounted(file, false))).toEqual([]);
  expect(valuesOf("http_port")).toEqual(["2020"]);
}
