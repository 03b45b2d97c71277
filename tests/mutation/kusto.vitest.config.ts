import { defineConfig } from "vitest/config";

/**
 * Without KUSTO_ENGINE only the tests that need no engine: minutes instead of hours. With it also those that ask DuckDB
 * one thing each, for `KUSTO_ENGINE=1 npm run mutation:kusto -- --mutate 'tools/kusto/translate/sort.ts'`.
 */
const files = process.env["KUSTO_ENGINE"]
  ? "{answers,bridge,response,result,script,sql,terms,ticks}"
  : "{response,result,script,ticks}";

export default defineConfig({
  test: { include: [`tests/kql/${files}.test.ts`], testTimeout: 60_000, hookTimeout: 120_000 },
});
