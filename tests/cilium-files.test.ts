import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { explain } from "../tools/exporter/explain.js";
import { presets } from "../tools/exporter/presets.js";
import { ciliumFiles } from "../tools/generate/cilium.js";
import { packageFile } from "../tools/package-file.js";
import { command } from "./support/command.js";

const files = ["dynamic", "static"].flatMap((folder) =>
  readdirSync(packageFile(`cilium/${folder}`)).map((name) => `cilium/${folder}/${name}`),
);

test("every shipped flow log is a preset, in both modes", () => {
  const generated = [...ciliumFiles().keys()].filter((file) => !file.startsWith("cilium/acns/"));
  expect(files.sort()).toEqual(generated.sort());
  expect(files).toHaveLength(2 * presets.length);
});

describe.each(files)("%s", (file) => {
  const text = readFileSync(packageFile(file), "utf8");

  test("is what the generator writes", () => {
    expect(text).toBe(ciliumFiles().get(file));
  });

  test("is accepted by every Cilium from the one it names on, without a warning", () => {
    const { needs, findings } = explain(text, file);
    expect(findings.filter(({ severity }) => severity !== "note")).toEqual([]);
    expect(text).toContain(`# Works with Cilium ${needs} and later.`);
    for (const version of ["1.19", "1.20"]) expect(explain(text, file, { version }).findings).toEqual(findings);
  });
});

test("the Helm values of the dynamic exporter point at the ConfigMap of dynamic/", () => {
  const values = readFileSync(packageFile("cilium/helm-dynamic.yaml"), "utf8");
  expect(explain(values, "helm-dynamic.yaml").findings).toMatchObject([
    { severity: "note", message: expect.stringContaining("those of the ConfigMap cilium-flowlog-config") as string },
  ]);
});

test("the policy's rule refers to its CIDR group", () => {
  const [group, policy] = parseAllDocuments(readFileSync(packageFile("cilium/policy/blocked-egress.yaml"), "utf8")).map(
    (document) => document.toJS() as Record<string, unknown>,
  );
  expect(group).toMatchObject({ kind: "CiliumCIDRGroup", spec: { externalCIDRs: expect.any(Array) as unknown[] } });
  expect(policy).toMatchObject({
    kind: "CiliumClusterwideNetworkPolicy",
    spec: {
      enableDefaultDeny: { egress: false },
      egressDeny: [{ toCIDRSet: [{ cidrGroupRef: (group!["metadata"] as { name: string }).name }] }],
    },
  });
});

describe("the commands in the documentation work", () => {
  const text = readFileSync(packageFile("docs/exporter.md"), "utf8").replaceAll(/\\\n\s*/g, "");
  const commands = [...text.matchAll(/^\$ hubble-adx ((?:exporter|explain) .*)$/gm)].map(([, command]) => command!);

  test.each(commands)("hubble-adx %s", async (line) => {
    const { code, stderr } = await command(line.split(/\s+/));
    expect(stderr).not.toMatch(/warning|error/);
    expect(code).toBe(0);
  });
});
