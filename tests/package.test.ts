import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { expect, test } from "vitest";
import { packageFile } from "../tools/package-file.js";

const { dependencies, optionalDependencies } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as Record<
  "dependencies" | "optionalDependencies",
  Record<string, string>
>;

// Generators and builders, which run in a clone alone.
const onlyInClone = ["build-aot.ts", "generate.ts", "generate/"];

test("the packages that the command line loads come with it", () => {
  const files = readdirSync(packageFile("tools"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .filter((file) => !onlyInClone.some((path) => file.startsWith(path)));
  const loaded = files.flatMap((file) => {
    const text = readFileSync(packageFile(`tools/${file}`), "utf8");
    const names = [...text.matchAll(/^import (?!type ).*?from "([^"]+)"|(?:\bimport|\brequire)\("([^"]+)"\)/gm)];
    return names.map(([, from, called]) => from ?? called!);
  });
  const packages = new Set(
    loaded
      .filter((name) => !name.startsWith(".") && !isBuiltin(name))
      .map((name) =>
        name
          .split("/")
          .slice(0, name.startsWith("@") ? 2 : 1)
          .join("/"),
      ),
  );
  expect(packages.size).toBeGreaterThan(5);
  expect([...packages].filter((name) => !(name in dependencies) && !(name in optionalDependencies))).toEqual([]);
});
