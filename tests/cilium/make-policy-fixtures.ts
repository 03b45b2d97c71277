import { writeFileSync } from "node:fs";
import { buildJudge, hasGo, judge, judgedFlow } from "../policy/judge.js";
import { judgedPolicies, judgedRows } from "../policy/judged-cases.js";
import { requestsOf } from "../policy/support.js";

/** Asks Cilium's own policy engine about each policy and every request, and writes its answers as a fixture. */
if (!hasGo) {
  console.log("skipped: there is no Go on this machine");
  process.exit(0);
}
const program = buildJudge();
const requests = requestsOf(judgedRows);
const flows = requests.map((request) => judgedFlow(request)!);
const answers = Object.entries(judgedPolicies).map(([name, policy]) => {
  const { refused, flows: told } = judge(program, "blue", [policy], flows);
  if (refused[0] !== "") throw new Error(`${name}: ${refused[0]}`);
  // One letter a request: allowed or denied.
  return [name, told.map((one, i) => one[requests[i]!.direction!][0]).join("")];
});
writeFileSync(
  new URL("../fixtures/cilium-1.20.2/policies.json", import.meta.url),
  `${JSON.stringify(Object.fromEntries(answers), undefined, 1)}\n`,
);
