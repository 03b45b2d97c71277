import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { packageFile } from "../tools/package-file.js";
import { findProgram, run } from "./kubernetes/tools.js";
import { validate } from "./kubernetes/validate.js";
import type { Manifest } from "./kubernetes/validate.js";

interface Container {
  name: string;
  args: string[];
  env?: { name: string }[];
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
  securityContext: Record<string, unknown>;
}

interface PodSpec {
  automountServiceAccountToken: boolean;
  serviceAccountName: string;
  containers: Container[];
  volumes: { name: string; hostPath?: { path: string }; configMap?: { name: string } }[];
}

const module = "build/hubble-adx.wasm";
const config = "fluent-bit/fluent-bit.yaml";
const missing = [module, config].filter((file) => !existsSync(packageFile(file)));
const path = (file: string) => fileURLToPath(packageFile(file));

function documents(yaml: string): Manifest[] {
  return parseAllDocuments(yaml)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

function podOf(manifests: Manifest[]): { metadata: Manifest["metadata"]; spec: PodSpec } {
  const daemonSet = manifests.find(({ kind }) => kind === "DaemonSet")!;
  return (daemonSet["spec"] as { template: { metadata: Manifest["metadata"]; spec: PodSpec } }).template;
}

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
  const monitor = documents(readFileSync(path("fluent-bit/kubernetes/podmonitor.yaml"), "utf8"))[0]!;
  expect(validate(monitor)).toEqual([]);
  expect(monitor["spec"]).toMatchObject({ podMetricsEndpoints: [{ port: "http" }] });
});

const kubectl = findProgram("kubectl");

describe.skipIf(!kubectl || missing.length > 0)(
  `kustomization, rendered by kubectl${kubectl ? "" : " (skipped: no kubectl)"}${missing.length ? ` (skipped: no ${missing.join(", ")})` : ""}`,
  () => {
    const manifests = kubectl && missing.length === 0 ? renderKustomization(kubectl) : [];
    const byKind = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);
    const named = (kind: string, prefix: string) =>
      byKind(kind).find(({ metadata }) => metadata.name.startsWith(prefix));

    test("has these objects and no role", () => {
      expect(manifests.map(({ kind }) => kind).sort()).toEqual([
        "ConfigMap",
        "ConfigMap",
        "ConfigMap",
        "DaemonSet",
        "Namespace",
        "ServiceAccount",
      ]);
    });

    test("every object is valid", () => {
      expect(manifests.flatMap(validate)).toEqual([]);
    });

    test("the module arrives byte for byte, and a ConfigMap can hold it", () => {
      const { binaryData } = named("ConfigMap", "hubble-adx-module")! as unknown as {
        binaryData: Record<string, string>;
      };
      const bytes = Buffer.from(binaryData["hubble-adx.wasm"]!, "base64");
      expect(bytes.equals(readFileSync(path(module)))).toBe(true);
      expect(JSON.stringify(binaryData).length).toBeLessThan(1 << 20);
    });

    test("the configuration is fluent-bit.yaml, unchanged", () => {
      const { data } = named("ConfigMap", "hubble-adx-config")! as unknown as { data: Record<string, string> };
      expect(data).toEqual({ "fluent-bit.yaml": readFileSync(path(config), "utf8") });
      expect(podOf(manifests).spec.containers[0]!.args).toEqual(["--config=/fluent-bit/etc/fluent-bit.yaml"]);
    });

    test("the client id of settings.env reaches the service account", () => {
      const settings = named("ConfigMap", "hubble-adx-settings")! as unknown as { data: Record<string, string> };
      expect(byKind("ServiceAccount")[0]!.metadata.annotations).toEqual({
        "azure.workload.identity/client-id": settings.data["AZURE_CLIENT_ID"],
      });
      expect(podOf(manifests).metadata.labels).toMatchObject({ "azure.workload.identity/use": "true" });
    });

    test("least privilege", () => {
      expectLeastPrivilege(podOf(manifests).spec);
    });

    test("what the configuration names is there: variables, module, and writable paths", () => {
      const settings = named("ConfigMap", "hubble-adx-settings")! as unknown as { data: Record<string, string> };
      expectConfigurationFits(podOf(manifests).spec, Object.keys(settings.data));
    });
  },
);

const helm = findProgram("helm");
const chart = process.env["FLUENT_BIT_CHART"];

describe.skipIf(!helm || !chart || missing.length > 0)(
  `Helm values, rendered by helm${helm && chart ? "" : " (skipped: needs helm and FLUENT_BIT_CHART, the chart fluent/fluent-bit or its folder)"}`,
  () => {
    const manifests = helm && chart && missing.length === 0 ? renderChart(helm, chart) : [];

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
      expectLeastPrivilege(podOf(manifests).spec);
    });

    test("the configuration is in the chart's ConfigMap, unchanged, and what it names is there", () => {
      const { data } = manifests.find(({ kind }) => kind === "ConfigMap")! as unknown as {
        data: Record<string, string>;
      };
      expect(data["fluent-bit.yaml"]!.trim()).toBe(readFileSync(path(config), "utf8").trim());
      const { spec } = podOf(manifests);
      expect(spec.containers[0]!.args).toContain("--config=/fluent-bit/etc/conf/fluent-bit.yaml");
      expectConfigurationFits(spec, []);
    });
  },
);

function renderKustomization(program: string): Manifest[] {
  return documents(
    run(program, ["kustomize", "--load-restrictor", "LoadRestrictionsNone", path("fluent-bit/kubernetes")]),
  );
}

function renderChart(program: string, chartPath: string): Manifest[] {
  const values = ["--values", path("fluent-bit/kubernetes/helm-values.yaml")];
  const file = ["--set-file", `config.extraFiles.fluent-bit\\.yaml=${path(config)}`];
  return documents(run(program, ["template", "hubble-adx", chartPath, "--namespace", "logging", ...values, ...file]));
}

function expectLeastPrivilege(spec: PodSpec): void {
  expect(spec.automountServiceAccountToken).toBe(false);
  for (const { securityContext } of spec.containers) {
    expect(securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  }
  const writable = spec.containers.flatMap(({ volumeMounts }) => volumeMounts.filter(({ readOnly }) => !readOnly));
  const hostPaths = spec.volumes.flatMap(({ hostPath }) => hostPath?.path ?? []);
  expect(hostPaths.sort()).toEqual(["/var/lib/hubble-adx", "/var/log/containers", "/var/log/pods"]);
  // The chart mounts its own ConfigMap without readOnly; a ConfigMap cannot be written anyway.
  expect(writable.map(({ mountPath }) => mountPath).filter((mount) => mount !== "/fluent-bit/etc/conf")).toEqual([
    "/var/lib/hubble-adx",
  ]);
}

/** Checks the Fluent Bit configuration against the pod that runs it. */
function expectConfigurationFits(spec: PodSpec, settings: string[]): void {
  const text = readFileSync(path(config), "utf8");
  const container = spec.containers[0]!;
  const variables = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, variable]) => variable!);
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
