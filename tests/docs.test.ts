import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { loadAlerts } from "../tools/alerts/source.js";
import { ciliumVersionsTable } from "../tools/generate/cilium-versions-markdown.js";
import { detectionsTable, storedFunctions } from "../tools/generate/functions-markdown.js";
import { withTable } from "../tools/generate/markdown-table.js";
import { questionsTable } from "../tools/generate/questions-markdown.js";
import { packageFile } from "../tools/package-file.js";
import { CheckedDatabase, splitCommands } from "./adx/kusto.js";

const root = fileURLToPath(packageFile("."));
const read = (path: string) => readFileSync(packageFile(path), "utf8");
const pages = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => path !== "" && existsSync(packageFile(path)));
const adxFiles = ["functions", "detections", "names", "alerts"].map((name) => read(`adx/${name}.kql`));

/** The anchors that GitHub gives the headings of a page. */
function anchors(page: string): Set<string> {
  const found = new Set<string>();
  const headings = page.replaceAll(/^```.*?^```$/gms, "").matchAll(/^#{1,6} (.+)$/gm);
  for (const [, heading] of headings) {
    const text = heading!.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = text.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-");
    let anchor = slug;
    for (let i = 1; found.has(anchor); i++) anchor = `${slug}-${i}`;
    found.add(anchor);
  }
  return found;
}

describe("links", () => {
  const links = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link]) => link!)
      .filter((link) => !/^[a-z]+:/.test(link))
      .map((link) => {
        const [path, anchor] = link.split("#") as [string, string?];
        return { page, link, target: path === "" ? page : posix.join(posix.dirname(page), path), anchor };
      }),
  );

  test("are many", () => {
    expect(pages).toContain("docs/aks.md");
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter(({ anchor }) => anchor !== undefined).length).toBeGreaterThan(20);
  });

  test("lead to files that are there", () => {
    expect(links.filter(({ target }) => !existsSync(packageFile(target)))).toEqual([]);
  });

  test("lead to headings that are there", () => {
    const dead = links.filter(({ target, anchor }) => anchor !== undefined && !anchors(read(target)).has(anchor));
    expect(dead).toEqual([]);
  });
});

test("anchors are GitHub's", () => {
  const page = "# A `b` & c's, d\n\n```sh\n# no heading\n```\n\n## [E](f.md)\n\n## [E](g.md)\n";
  expect([...anchors(page)]).toEqual(["a-b--cs-d", "e", "e-1"]);
});

test("the README leads to every page of docs/", () => {
  const readme = read("README.md");
  const docs = pages.filter((page) => page.startsWith("docs/"));
  expect(docs.filter((page) => !readme.includes(`](${page})`))).toEqual([]);
});

test("every page of docs/ that a file names is there", () => {
  const named = execFileSync("git", ["grep", "-ohE", "\\bdocs/[a-z-]+\\.md"], { cwd: root, encoding: "utf8" });
  const paths = [...new Set(named.trim().split("\n"))];
  expect(paths.length).toBeGreaterThan(5);
  expect(paths.filter((path) => !existsSync(packageFile(path)))).toEqual([]);
});

test("KQL that is shown is valid", () => {
  const database = new CheckedDatabase();
  for (const text of [read("adx/schema.kql"), read("adx/views.kql"), ...adxFiles]) database.create(splitCommands(text));
  const shown = pages
    .flatMap((page) => [...read(page).matchAll(/^ *```kusto\n(.*?)^ *```$/gms)].map(([, kql]) => kql!))
    .filter((kql) => !kql.trimStart().startsWith("."));
  expect(shown.length).toBeGreaterThan(1);
  for (const kql of shown) expect(database.check(kql), kql).toEqual([]);
});

describe("tables that are generated", () => {
  test("have every function of adx/ once", () => {
    const created = adxFiles.flatMap((kql) => [...kql.matchAll(/^(\w+)\(.*\)$/gm)].map(([, name]) => name!));
    const shown = ["functions", "detections", "alerts"].flatMap((page) =>
      [...read(`docs/${page}.md`).matchAll(/^\|(?: [A-Z][^|`]*\|)? `(\w+)[`(]/gm)].map(([, name]) => name!),
    );
    expect(created.length).toBeGreaterThan(50);
    expect(shown.sort()).toEqual(created.sort());
  });

  test("say which parameters may be left out, and what the others are then", () => {
    const [stored] = storedFunctions(
      '// A comment.\n.create-or-alter function with (folder = "F", docstring = "Says \\"so\\"")\n' +
        'F(a: long, b: string = "", c: dynamic = dynamic(["x, y"]), d: string = "p, q")\n{\n}\n',
    );
    expect(stored).toEqual({
      name: "F",
      docstring: 'Says "so"',
      techniques: [],
      parameters: [
        { name: "a", type: "long" },
        { name: "b", type: "string", standard: '""' },
        { name: "c", type: "dynamic", standard: 'dynamic(["x, y"])' },
        { name: "d", type: "string", standard: '"p, q"' },
      ],
    });
  });

  test("refuse a command that they cannot read", () => {
    expect(() => storedFunctions('.create-or-alter function with (docstring = "x")\nF()\n{\n}\n')).toThrow(
      "a function is not created by",
    );
  });

  test("refuse a detection without an alert, which says what misleads it", () => {
    const detections = storedFunctions(read("adx/detections.kql"));
    const others = loadAlerts().filter(({ key }) => key !== "cleartext");
    expect(() => detectionsTable(detections, others)).toThrow("adx/alerts.yaml has no alert that asks HubbleCleartext");
  });

  test("have Cilium's words by the version that brought them", () => {
    const rows = ciliumVersionsTable().split("\n");
    const cells = (version: string) =>
      rows
        .find((row) => row.startsWith(`| ${version} `))!
        .split("|")
        .map((cell) => cell.trim());
    expect(cells("1.17")).toEqual(["", "1.17", "", "`source_cluster_name`, `destination_cluster_name`", "`file`", ""]);
    expect(cells("1.18")[2]).toBe("`fileMaxSizeMb`, `fileMaxBackups`, `fileCompress`");
    // Below a field that is new itself nothing is new.
    expect(cells("1.18")[4]).toBe("`tunnel`, `policy_log`");
  });

  test("have the questions of one line", () => {
    const kql = "// Head.\n\n// One?\nA()\n\n// Two?\nB\n| take 1\n\n// Three?\nC()\n";
    const cells = questionsTable(kql)
      .split("\n")
      .map((line) => line.replaceAll(/ +/g, " "));
    expect(cells.slice(2)).toEqual(["| One? | `A()` |", "| Three? | `C()` |"]);
  });

  test("stand in a page between their comments, or the page is refused", () => {
    const page = "a\n\n<!-- Generated from x by `npm run generate`. -->\n\nold\n\n<!-- The table's end. -->\n\nb\n";
    expect(withTable(page, "p.md", "x", "new")).toBe(page.replace("old", "new"));
    expect(() => withTable("a", "p.md", "x", "new")).toThrow("p.md lacks");
  });
});
