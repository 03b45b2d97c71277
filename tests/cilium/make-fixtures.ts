import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** Asks Cilium's own code, by the Go program beside this file, and writes its answers as fixtures. */
const program = new URL("verdict/", import.meta.url);
const configurations = new URL("../fixtures/cilium-configs/", import.meta.url);
const fixtures = new URL("../fixtures/cilium-1.20.2/", import.meta.url);

/** A TCP flow, then a UDP flow, then one of another protocol. */
const flows = [
  { uuid: "a", l4: { TCP: { source_port: 40000, destination_port: 443 } }, verdict: "FORWARDED" },
  { uuid: "b", l4: { UDP: { source_port: 40001, destination_port: 53 } }, verdict: "FORWARDED" },
  { uuid: "c", l4: { ICMPv4: { type: 8 } }, verdict: "DROPPED" },
];
const masks = [["uuid", "l4.TCP.destination_port"], ["uuid", "l4"], ["uuid"]];

interface Answer {
  configurations: unknown[];
  masks: unknown[];
  protocol: unknown;
}

if (spawnSync("go", ["version"]).status !== 0) {
  console.log("skipped: there is no Go on this machine");
  process.exit(0);
}
const names = readdirSync(configurations).sort();
const asked = {
  configurations: names.map((name) => readFileSync(new URL(name, configurations), "utf8")),
  masks,
  flows,
  protocol: true,
};
const ran = spawnSync("go", ["run", "."], {
  cwd: program,
  input: JSON.stringify(asked),
  encoding: "utf8",
  maxBuffer: 1 << 28,
});
if (ran.status !== 0) throw new Error(`the Go program failed: ${ran.stderr}`);
const told = JSON.parse(ran.stdout) as Answer;
const write = (name: string, value: unknown) =>
  writeFileSync(new URL(name, fixtures), `${JSON.stringify(value, undefined, 1)}\n`);
write("verdicts.json", Object.fromEntries(names.map((name, i) => [name, told.configurations[i]])));
write("masks.json", { flows, masks: masks.map((mask, i) => ({ mask, lines: told.masks[i] })) });
write("protocol.json", told.protocol);
