import { readdirSync, readFileSync } from "node:fs";
import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** What allocates, or unwinds: the filter has an arena and status codes instead. `memory.data` takes static lists. */
const allocations = [
  ["NewExpression", "new allocates: take room from the arena"],
  ["ObjectExpression", "object literals allocate: take room from the arena"],
  [
    "ArrayExpression:not(CallExpression[callee.object.name='memory'][callee.property.name='data'] > ArrayExpression)",
    "array literals allocate: take room from the arena, or use memory.data for what is static",
  ],
  ["TemplateLiteral", "template strings allocate: write bytes"],
  ["ThrowStatement, TryStatement", "the module never traps: return 0 and note why with fail()"],
  [":matches(FunctionExpression, ArrowFunctionExpression)", "closures are calls through a table: name the function"],
].map(([selector, message]) => ({ selector, message }));

/** The files of assembly/ from bytes up to rows: each imports only from those in front of it, so that there are no circles. */
const assemblyOrder = [
  "arena",
  ...["byte", "failure", "string", "text", "value"].map((name) => `json/${name}`),
  ...["tables", "slots", "columns", "hash", "key", "key-set", "members"].map((name) => `flow/${name}`),
  ...["timestamp", "node-name", "text-start", "frame", "sift"].map((name) => `flow/${name}`),
  ...["objects", "entries", "recall", "run"].map((name) => `flow/${name}`),
  ...["misfit", "scalars", "flags", "found-key", "scan"].map((name) => `flow/${name}`),
  ...["event", "record", "row"].map((name) => `flow/${name}`),
  "filter",
  "index",
];

const onlyDownwards = assemblyOrder.map((file, index) => {
  const names = assemblyOrder.slice(index).map((other) => other.split("/").at(-1));
  const patterns = [
    { regex: `/(${names.join("|")})$`, message: "It stands higher in eslint.config.js: assemblyOrder." },
  ];
  return { files: [`assembly/${file}.ts`], rules: { "no-restricted-imports": ["error", { patterns }] } };
});

/** Which folder of tools/ imports which: the picture in CONTRIBUTING.md. */
const picture = /```parts\n([^]*?)\n```/.exec(readFileSync(new URL("CONTRIBUTING.md", import.meta.url), "utf8"))[1];
const parts = picture.split("\n").map((line) => {
  const [, name, list = ""] = /^([\w-]+) +(?:→ ([\w-]+(?:, [\w-]+)*))?/.exec(line);
  return { name, uses: list === "" ? [] : list.split(", ") };
});
const names = parts.map(({ name }) => name);
const folders = readdirSync(new URL("tools", import.meta.url), { withFileTypes: true });
const unseen = folders.find((entry) => entry.isDirectory() && !names.includes(entry.name));
if (unseen) throw new Error(`CONTRIBUTING.md: the picture lacks tools/${unseen.name}`);
for (const [index, { name, uses }] of parts.entries()) {
  const up = uses.find((other) => names.indexOf(other) <= index);
  if (up) throw new Error(`CONTRIBUTING.md: the arrow from ${name} to ${up} points up, or nowhere`);
}

const onlyArrows = parts.map(({ name, uses }) => {
  const others = names.filter((other) => other !== name && !uses.includes(other));
  const message = `tools/${name} imports nothing of it in the picture in CONTRIBUTING.md.`;
  const patterns = [{ regex: `^(?:\\.\\./)+(?:${[...others, "tests", "bench", "web"].join("|")})/`, message }];
  return { files: [`tools/${name}/**/*.ts`], rules: { "no-restricted-imports": ["error", { patterns }] } };
});

export default tseslint.config(
  { ignores: ["build/", "node_modules/", "tests/fixtures/"] },
  {
    files: ["**/*.ts"],
    ignores: ["assembly/**", "bench/pass-through/**", "reference/**"],
    extends: [js.configs.recommended, ...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: ["tsconfig.json", "web/tsconfig.json"], tsconfigRootDir: import.meta.dirname },
    },
  },
  {
    files: ["assembly/**/*.ts", "reference/assembly/**/*.ts"],
    extends: [js.configs.recommended, ...tseslint.configs.recommended],
    // Decorators stand on functions in AssemblyScript, which TypeScript's grammar does not have.
    languageOptions: { parserOptions: { allowInvalidAST: true } },
    rules: {
      "@typescript-eslint/ban-ts-comment": ["error", { "ts-ignore": { descriptionFormat: "^: decorator$" } }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      // `do … while (false)` is the block that `break` leaves: there are no labels.
      "no-constant-condition": "off",
      // Integers have 64 bits there.
      "no-loss-of-precision": "off",
    },
  },
  {
    files: ["assembly/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", ...allocations] },
  },
  {
    files: ["assembly/**/*.ts"],
    ignores: assemblyOrder.map((file) => `assembly/${file}.ts`),
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ regex: ".", message: "Give the file a place in eslint.config.js: assemblyOrder." }] },
      ],
    },
  },
  ...onlyArrows,
  {
    files: ["tools/*.ts"],
    ignores: ["tools/{cli,command-line,index,generate,build-*}.ts"],
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ regex: "^\\./.*/", message: "Every folder uses it." }] }],
    },
  },
  ...onlyDownwards,
);
