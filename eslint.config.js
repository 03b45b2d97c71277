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

/** Imports point downwards: filter -> flow -> json. */
const upwardImports = (...group) => ["error", { patterns: [{ group, message: "Imports point downwards." }] }];

export default tseslint.config(
  { ignores: ["build/", "node_modules/", "tests/fixtures/"] },
  {
    files: ["**/*.ts"],
    ignores: ["assembly/**", "bench/pass-through/**", "reference/**"],
    extends: [js.configs.recommended, ...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
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
    files: ["assembly/flow/**/*.ts"],
    rules: { "no-restricted-imports": upwardImports("../filter", "../index") },
  },
  {
    files: ["assembly/json/**/*.ts"],
    rules: { "no-restricted-imports": upwardImports("../flow/*", "../filter", "../index") },
  },
);
