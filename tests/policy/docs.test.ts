import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageFile } from "../../tools/package-file.js";
import { cli } from "../support/cli.js";

const text = readFileSync(packageFile("docs/policies.md"), "utf8");
const blocks = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, content]) => ({
  language,
  content: content!,
}));
const shown = blocks.flatMap(({ language, content }, i) => {
  const before = blocks[i - 1];
  return language !== "sh" && before?.language === "sh" ? [[before.content, content] as const] : [];
});

test("docs/policies.md shows what its commands print", () => {
  const folder = mkdtempSync(join(tmpdir(), "hubble-adx-"));
  mkdirSync(join(folder, "fluent-bit/sample"), { recursive: true });
  cpSync(packageFile("fluent-bit/sample/cilium-agent.log"), join(folder, "fluent-bit/sample/cilium-agent.log"));
  expect(shown).toHaveLength(2);
  for (const [commands, output] of shown) {
    const script = commands.replaceAll("npx hubble-adx", `"${process.execPath}" "${cli}"`);
    // What is denied ends the command with 1, which a shell passes on.
    const printed = execFileSync("sh", ["-c", `${script}\ntrue`], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    expect(printed.startsWith(output), `${output}\n---\n${printed}`).toBe(true);
  }
});
