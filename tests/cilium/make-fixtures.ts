import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { events, filters, ranges } from "./filter-cases.js";
import { aggregates, maskEvents, masks } from "./mask-cases.js";
import { mutations } from "./mutations.js";
import { observeArguments } from "./observe-cases.js";

/** Asks Cilium's own code, by the Go program beside this file, and writes its answers as fixtures. */
const program = new URL("verdict/", import.meta.url);
const configurations = new URL("../fixtures/cilium-configs/", import.meta.url);
const fixtures = new URL("../fixtures/cilium-1.20.2/", import.meta.url);

interface Protocol {
  messages: Record<string, Record<string, { type: string; repeated?: boolean }>>;
  enums: Record<string, Record<string, number>>;
}

interface Verdict {
  refused?: string;
  flowLogs?: Record<string, string>;
}

interface Answer {
  configurations: Verdict[];
  filters: { error?: string; flows: number[] }[];
  observe: { error?: string; filters: string }[];
  masks: string[][];
  aggregates: string[][];
  protocol: Protocol;
}

if (spawnSync("go", ["version"]).status !== 0) {
  console.log("skipped: there is no Go on this machine");
  process.exit(0);
}
const names = readdirSync(configurations).sort();
const told = ask({
  configurations: [...names.map((name) => readFileSync(new URL(name, configurations), "utf8")), ...mutations],
  protocol: true,
});
const write = (name: string, value: unknown) =>
  writeFileSync(new URL(name, fixtures), `${JSON.stringify(value, undefined, 1)}\n`);
write("verdicts.json", Object.fromEntries(names.map((name, i) => [name, told.configurations[i]])));
write(
  "mutations.json",
  Object.fromEntries(mutations.map((text, i) => [text, kindOf(told.configurations[names.length + i]!)])),
);
const written = ask({ masks, aggregates, flows: maskEvents });
write("masks.json", {
  flows: maskEvents,
  masks: masks.map((mask, i) => ({ mask, lines: written.masks[i] })),
  aggregates: aggregates.map((fields, i) => ({ fields, lines: written.aggregates[i] })),
});
const observed = ask({ observe: observeArguments }).observe;
write(
  "observe.json",
  observeArguments.map((given, i) => ({ arguments: given, ...observed[i]! })),
);
const passed = ask({ filters, flows: events }).filters;
const answers = filters.map((filter, i) => {
  const { error, flows } = passed[i]!;
  return JSON.stringify({ filter, passed: error === undefined ? ranges(flows) : "refused" });
});
writeFileSync(new URL("filters.json", fixtures), `[\n${answers.join(",\n")}\n]\n`);
write("protocol.json", told.protocol);
writeFileSync(
  new URL("../../schema/flow-types.json", import.meta.url),
  `${JSON.stringify(flowTypes(told.protocol), undefined, 2)}\n`,
);

function ask(asked: Record<string, unknown>): Answer {
  const ran = spawnSync("go", ["run", "."], {
    cwd: program,
    input: JSON.stringify(asked),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (ran.status !== 0) throw new Error(`the Go program failed: ${ran.stderr}`);
  // Each build of protobuf's Go module writes one of two blanks into its errors.
  return JSON.parse(ran.stdout.replaceAll("\u00a0", " ")) as Answer;
}

/** The messages that a flow is made of, and the enums, as CEL expressions see them. */
function flowTypes({ messages, enums }: Protocol): Protocol {
  const reached = new Set<string>();
  const reach = (name: string) => {
    if (reached.has(name) || !(name in messages) || name.startsWith("google.")) return;
    reached.add(name);
    for (const { type } of Object.values(messages[name]!)) reach(type);
  };
  reach("flow.Flow");
  const types = [...reached].sort().map((name) => {
    const fields = Object.entries(messages[name]!).map(([field, { type, repeated }]) => [
      field,
      { type, ...(repeated ? { repeated } : {}) },
    ]);
    return [name, Object.fromEntries(fields) as Protocol["messages"][string]] as const;
  });
  return { messages: Object.fromEntries(types), enums };
}

/** Which of Cilium's three answers it is. */
function kindOf({ refused, flowLogs = {} }: Verdict): "refused" | "not started" | "taken" {
  if (refused !== undefined) return "refused";
  return Object.values(flowLogs).some((error) => error !== "") ? "not started" : "taken";
}
