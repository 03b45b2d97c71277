import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../tools/package-file.js";
import { loadProtocol } from "../../tools/protocol.js";
import { loadSchema } from "../../tools/schema.js";
import { readCreated } from "../../tools/kusto/script.js";
import { checkQuery, hubbleDatabase } from "../support/engine.js";
import { CheckedDatabase, splitCommands, splitQueries } from "./kusto.js";

const file = (name: string) => readFileSync(packageFile(`adx/${name}`), "utf8");
const schema = loadSchema();

const commandFiles = [
  "schema.kql",
  "views.kql",
  "policies.kql",
  "names.kql",
  "functions.kql",
  "detections.kql",
  "alerts.kql",
];
/** Comments and texts, in which a name is only a word. */
const literals = /\/\/.*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;

/** A database in which the given files have been run. */
function databaseWith(...names: string[]): CheckedDatabase {
  const database = new CheckedDatabase();
  for (const name of names) database.create(splitCommands(file(name)));
  return database;
}

describe("the commands", () => {
  const database = databaseWith(...commandFiles);

  test.each(commandFiles)("%s is sound", (name) => {
    const commands = splitCommands(file(name));
    expect(commands.length).toBeGreaterThan(0);
    expect(database.run(commands)).toEqual([]);
  });

  test("a command uses what commands before it have created", () => {
    const all = commandFiles.flatMap((name) => splitCommands(file(name)).map(({ text }) => ({ name, text })));
    const created = all.map(({ text }) => readCreated(text)?.name);
    expect(created.filter(Boolean)).toEqual(database.names);
    for (const [index, { name, text }] of all.entries()) {
      const used = new Set(text.replaceAll(literals, "").match(/\w+/g));
      const notYet = created.slice(index + 1).filter((later) => later && later !== created[index] && used.has(later));
      expect(notYet, `${name}: ${created[index]}`).toEqual([]);
    }
  });

  test("the bridge is sound and gives the columns of the table", () => {
    const bridged = new CheckedDatabase({ ContainerLogs: "(TimeGenerated: datetime, LogMessage: string)" });
    bridged.create(splitCommands(file("schema.kql")));
    expect(bridged.run(splitCommands(file("container-logs-bridge.kql")))).toEqual([]);
    expect(bridged.columns("HubbleFlowsFromContainerLogs()")).toEqual(bridged.columns("HubbleFlows"));
    expect(bridged.columns("HubbleFlowsWithHistory()")).toEqual(bridged.columns("HubbleFlows"));
  });

  test("the table has the schema's columns, in order", () => {
    expect(Object.entries(database.columns("HubbleFlows"))).toEqual(
      schema.columns.map(({ name, type }) => [name, type]),
    );
    expect(schema.columns.length).toBeLessThanOrEqual(200);
  });

  test("setup.kql is one command made of all others, without a blank line", () => {
    expect(scriptCommands("setup.kql")).toEqual(commandTexts(...commandFiles));
  });

  test("upgrade.kql leaves the policies alone, and comes to the view last", () => {
    expect(scriptCommands("upgrade.kql")).toEqual(
      commandTexts("schema.kql", "names.kql", "functions.kql", "detections.kql", "alerts.kql", "views.kql"),
    );
  });

  // What `az kusto script create`, Bicep and Terraform take.
  test("only verbs that a database script may use", () => {
    const verbs = commandTexts("setup.kql", "container-logs-bridge.kql").map((text) => text.split(/\s/)[0]);
    const allowed = [".create", ".create-or-alter", ".create-merge", ".alter", ".alter-merge", ".add"];
    expect(new Set(verbs.slice(1))).toEqual(new Set(verbs.slice(1).filter((verb) => allowed.includes(verb!))));
  });

  function commandTexts(...names: string[]): string[] {
    return names.flatMap((name) => splitCommands(file(name)).map(({ text }) => withoutBlankLines(text)));
  }

  function scriptCommands(name: string): string[] {
    const text = file(name);
    const [header, ...lines] = text.trimEnd().split("\n");
    expect(header).toBe(".execute database script with (ThrowOnErrors = true) <|");
    expect(lines.filter((line) => line.trim() === "")).toEqual([]);
    return splitCommands(lines.join("\n")).map(({ text }) => text);
  }

  function withoutBlankLines(text: string): string {
    return text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .join("\n");
  }
});

describe("the queries", () => {
  const database = hubbleDatabase();

  test.each(splitQueries(file("queries.kql")).map(({ line, text }) => [line, text] as const))(
    "queries.kql, line %i",
    (_, text) => {
      expect(text).toMatch(/^\/\/ \S/);
      expect(checkQuery(text)).toEqual([]);
    },
  );

  test("queries written for ContainerNetworkLogs run", () => {
    const query = `ContainerNetworkLogs
| where TimeGenerated > ago(30m)
| where SourceNamespace == "pets" and TrafficDirection == "EGRESS" and FlowType == "L3_L4"
| extend SrcIP = tostring(IP.source), DstIP = tostring(IP.destination), Layer4Data = parse_json(Layer4)
| extend DstPort = coalesce(tostring(Layer4Data.TCP.destination_port), tostring(Layer4Data.UDP.destination_port))
| where DstPort in ("53", "443") and isnotempty(DstIP)
| project TimeGenerated, SrcIP, DstIP, DstPort, Verdict, tostring(Layer7.dns.query), tostring(Layer7.http.code)`;
    expect(checkQuery(query)).toEqual([]);
  });

  test("ContainerNetworkLogs has Microsoft's columns and types", () => {
    const strings =
      "SourceClusterName SourceNamespace SourcePodName DestinationClusterName DestinationNamespace DestinationPodName " +
      "DropReason FlowType NodeName TraceObservationPoint TrafficDirection UUID Verdict";
    const ints = "SourceIdentity DestinationIdentity IngressFlowCount EgressFlowCount UnknownDirectionFlowCount";
    const dynamics =
      "AdditionalFlowData SourceWorkloads DestinationWorkloads EventType IP Layer4 Layer7 Policies Service";
    const typed = (names: string, type: string) => names.split(" ").map((name) => [name, type]);
    expect(database.columns("ContainerNetworkLogs")).toEqual(
      Object.fromEntries([
        ...typed(strings, "string"),
        ...typed(ints, "int"),
        ...typed(dynamics, "dynamic"),
        ["Reply", "bool"],
        ["TimeGenerated", "datetime"],
      ]),
    );
  });

  test("the ASIM view has the fields that the NetworkSession schema asks for", () => {
    const mandatory =
      "TimeGenerated EventCount EventStartTime EventEndTime EventType EventResult EventProduct EventVendor EventSchema " +
      "EventSchemaVersion EventSeverity Dvc DvcAction SrcIpAddr DstIpAddr NetworkProtocol NetworkDirection AdditionalFields";
    expect(Object.keys(database.columns("ASimNetworkSessionCiliumHubble"))).toEqual(
      expect.arrayContaining(mandatory.split(" ")),
    );
  });
});

describe("the names", () => {
  const protocol = loadProtocol();
  const names = file("names.kql");

  test.each(Object.entries(protocol))(
    "%s are numbered once and named once",
    (_, values: { number: number; name: string }[]) => {
      expect(new Set(values.map(({ number }) => number)).size).toBe(values.length);
      expect(new Set(values.map(({ name }) => name)).size).toBe(values.length);
    },
  );

  test("every drop reason from 130 on has a name, but for 159, which Cilium has not assigned", () => {
    const numbers = protocol.dropReasons.map(({ number }) => number).filter((number) => number > 0);
    const expected = Array.from({ length: numbers.at(-1)! - 129 }, (_, index) => 130 + index);
    expect(numbers).toEqual(expected.filter((number) => number !== 159));
    for (const { number, name } of protocol.dropReasons) expect(names).toContain(`"${number}": "${name}"`);
  });
});

describe("the checker finds", () => {
  test.each([
    ["an unknown column", "HubbleFlows | where Vredict == 'DROPPED'", "KS142"],
    ["an unknown table", "HubbleFlow | take 1", "KS204"],
    ["an unknown function", "HubbleDeniedIngress(ago(1d), now())", "KS211"],
    ["an unknown column of a function's result", "HubbleDrops(ago(1d), now()) | project Dropped", "KS142"],
    ["an unknown column of the materialized view", "HubbleFlowsByFiveMinutes | project TimeGenerated", "KS142"],
    ["a missing argument", "HubbleDrops(ago(1d))", "KS119"],
    ["a wrong operand", "HubbleFlows | where TimeGenerated > 'yesterday'", "KS106"],
    ["a wrong argument", "HubbleFlows | extend Day = startofday(Verdict)", "KS107"],
    ["a number compared with text", "HubbleFlows | where DestinationPort == '443'", "comparison"],
    ["a number in a list of texts", "HubbleFlows | where DestinationPort in (53, '443')", "comparison"],
    ["values of two types in one expression", "HubbleFlows | extend Port = coalesce(SourcePort, 'none')", "arguments"],
    ["branches of two types", "HubbleFlows | extend Port = iff(Reply, SourcePort, 'none')", "arguments"],
    ["a deprecated function", "HubbleFlows | summarize makeset(Verdict)", "KS507"],
    ["a deprecated operator", "HubbleFlows | mvexpand SourceNames", "deprecated"],
    ["a join without a kind", "HubbleFlows | join (HubbleFlows) on UUID", "KS508"],
    ["a syntax error", "HubbleFlows | where (Verdict == 'DROPPED'", "KS005"],
  ])("%s", (_, query, code) => {
    expect(checkQuery(query).map((problem) => problem.code)).toContain(code);
  });

  test("mistakes inside commands, with the line in the file", () => {
    const commands = splitCommands(
      [
        "// A comment.",
        "",
        '.create-or-alter function with (folder = "Hubble")',
        "F()",
        "{",
        "    HubbleFlows",
        "    | where Vredict == 'DROPPED'",
        "}",
      ].join("\n"),
    );
    expect(databaseWith("schema.kql").run(commands)).toMatchObject([{ code: "KS142", line: 7 }]);
  });
});
