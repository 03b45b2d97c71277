import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { accepted } from "../tools/flow-filter/accepted.js";
import { explain } from "../tools/exporter/explain.js";

/** What Cilium's own code answered (`npm run cilium:fixtures`). */
const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`fixtures/cilium-1.20.2/${name}`, import.meta.url), "utf8")) as unknown;

interface Protocol {
  messages: Record<string, Record<string, { type: string; repeated?: boolean; oneof?: boolean }>>;
}

const { messages } = fixture("protocol.json") as Protocol;

describe("the words of Cilium 1.20.2", () => {
  test("every field of a flow filter, and no other", () => {
    expect(Object.keys(accepted.filter).sort()).toEqual(Object.keys(messages["flow.FlowFilter"]!).sort());
  });

  test("every field of a flow, and which of them are lists", () => {
    const ours = Object.entries(accepted.messages.Flow).map(([name, field]) => [name, field.repeated === true]);
    const theirs = Object.entries(messages["flow.Flow"]!).map(([name, field]) => [name, field.repeated === true]);
    expect(ours.sort()).toEqual(theirs.sort());
  });
});

test("a mask below one of several choices leaves the flow before in the line after, and explain calls it an error", () => {
  type Layers = Partial<Record<"l4" | "l7", Record<string, unknown>>>;
  const { flows, masks } = fixture("masks.json") as {
    flows: { flow: Layers }[];
    masks: { mask: string[]; lines: string[] }[];
  };
  for (const { mask, lines } of masks) {
    const read = lines.map((line) => JSON.parse(line) as { flow: Layers });
    const wrong = read.some(({ flow }, i) =>
      (["l4", "l7"] as const).some((layer) =>
        Object.keys(flow[layer] ?? {}).some((name) => !Object.keys(flows[i]!.flow[layer] ?? {}).includes(name)),
      ),
    );
    const text = `flowLogs:\n  - { name: a, filePath: stdout, fieldMask: ${JSON.stringify(mask)} }\n`;
    const errors = explain(text, "f.yaml").findings.filter(({ severity }) => severity === "error");
    expect([mask, errors.length > 0]).toEqual([mask, wrong]);
  }
});

type Kind = "refused" | "not started" | "taken";

/** Which of Cilium's three answers `explain` gives. */
function kindOf(text: string): Kind {
  const errors = explain(text, "f.yaml").findings.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return "taken";
  return errors.some(({ message }) => /refuses the whole file|not valid YAML/.test(message))
    ? "refused"
    : "not started";
}

/**
 * Cilium takes a mask below one of several choices and then writes wrong data, which is an error here.
 */
const MEANT = ["mask_chunk.yaml", "mask_ok.yaml"];

test("explain gives the answer that Cilium gives", () => {
  const verdicts = fixture("verdicts.json") as Record<string, { refused?: string; flowLogs?: Record<string, string> }>;
  const unlike = Object.entries(verdicts).flatMap(([name, { refused, flowLogs = {} }]) => {
    const text = readFileSync(new URL(`fixtures/cilium-configs/${name}`, import.meta.url), "utf8");
    const isStarted = Object.values(flowLogs).every((error) => error === "");
    const theirs: Kind = refused !== undefined ? "refused" : isStarted ? "taken" : "not started";
    return kindOf(text) === theirs ? [] : [name];
  });
  expect(unlike.sort()).toEqual(MEANT);
});

test("and to configurations made odd in one place", () => {
  const answers = Object.entries(fixture("mutations.json") as Record<string, Kind>);
  expect(answers.length).toBeGreaterThan(1500);
  const unlike = answers.flatMap(([text, theirs]) => {
    const ours = kindOf(text);
    return ours === theirs ? [] : [`${text}: Cilium ${theirs}, explain ${ours}`];
  });
  expect(unlike).toEqual([]);
});
