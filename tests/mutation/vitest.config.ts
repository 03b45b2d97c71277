import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files in the order in which the command line names them. */
class Named extends BaseSequencer {
  override sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) =>
      process.argv.findIndex((argument) => moduleId.includes(argument));
    return Promise.resolve([...specifications].sort((one, other) => place(one) - place(other)));
  }
}

export default defineConfig({
  test: {
    include: ["tests/*.test.ts", "tests/fuzz/fuzz.test.ts"],
    fileParallelism: false,
    bail: 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    sequence: { sequencer: Named },
    reporters: [["json", { outputFile: "build/mutation/vitest.json" }]],
  },
});
