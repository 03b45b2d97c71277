import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { explain } from "../tools/exporter/explain.js";
import { presets } from "../tools/exporter/presets.js";
import { ciliumFiles } from "../tools/generate/cilium.js";
import { packageFile } from "../tools/package-file.js";

const files = ["dynamic", "static"].flatMap((folder) =>
  readdirSync(packageFile(`cilium/${folder}`)).map((name) => `cilium/${folder}/${name}`),
);

test("every shipped flow log is a preset, in both modes", () => {
  expect(files.sort()).toEqual([...ciliumFiles().keys()].sort());
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
