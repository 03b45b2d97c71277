import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageFile } from "../../tools/package-file.js";
import { splitCommands } from "./kusto.js";

const read = (path: string) => readFileSync(packageFile(path), "utf8");
const commands = (path: string) => splitCommands(read(path)).map(({ text }) => text.trim());

describe("the Terraform module", () => {
  const main = read("adx/deploy/terraform/main.tf");

  test("asks for the first azurerm that has script_content, 3.14.0", () => {
    expect(main).toMatch(/^\s*script_content\s*=/m);
    expect(main).toMatch(/source\s*=\s*"hashicorp\/azurerm"\s*version\s*=\s*">= 3\.14\.0"/);
  });

  test("reads files of its own folder alone, so that it can be copied", () => {
    const files = [...main.matchAll(/\bfile\("\$\{path\.module\}\/([^"]+)"\)/g)].map(([, file]) => file!);
    expect(files).toEqual(["database.kql"]);
    expect(main.match(/\bfile\(/g)).toHaveLength(files.length);
    for (const file of files) {
      expect(file).not.toContain("..");
      expect(existsSync(packageFile(`adx/deploy/terraform/${file}`))).toBe(true);
    }
  });

  test("runs the same commands as the other ways", () => {
    expect(commands("adx/deploy/terraform/database.kql")).toEqual(
      ["schema", "views", "names", "functions", "detections", "alerts"].flatMap((name) => commands(`adx/${name}.kql`)),
    );
  });

  // The variables need no provider, which is what lets Terraform itself judge them without a network.
  describe.skipIf(spawnSync("terraform", ["version"]).status !== 0)("under Terraform itself", () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "hubble-adx-terraform-"));
      copyFileSync(fileURLToPath(packageFile("adx/deploy/terraform/variables.tf")), join(folder, "variables.tf"));
    });
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    test.each([
      ["75", true],
      ["10", true],
      ["1800", true],
      ["75.5", false],
      ["9", false],
      ["1801", false],
    ])("batching_seconds = %s: accepted %s", (seconds, accepted) => {
      const args = ["plan", "-no-color", "-input=false", "-var=database_id=x", `-var=batching_seconds=${seconds}`];
      const { status, stdout, stderr } = spawnSync("terraform", args, { cwd: folder, encoding: "utf8" });
      expect(status, stdout + stderr).toBe(accepted ? 0 : 1);
      const said = stderr.replaceAll(/[\s│]+/g, " ");
      const refusal = "batching_seconds must be a whole number between 10 and 1800.";
      if (accepted) expect(said).not.toContain(refusal);
      else expect(said).toContain(refusal);
    });
  });
});

test("Bicep runs the commands again at each deployment", () => {
  const bicep = read("adx/deploy/bicep/main.bicep");
  expect(bicep).toMatch(/^param forceUpdateTag string = utcNow\(\)$/m);
  expect(bicep).toMatch(/properties: \{[^}]*continueOnErrors: false\n\s*forceUpdateTag: forceUpdateTag\n/);
});
