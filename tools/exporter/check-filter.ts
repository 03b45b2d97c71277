import { accepted } from "../flow-filter/accepted.js";
import { checkExclusive } from "./check-exclusive.js";
import { checkValue } from "./check-value.js";
import type { Context } from "./context.js";
import type { EventTypeFilter, FlowFilter } from "../flow-filter/flow-log.js";
import { at, isEmpty, plain } from "../findings/located.js";
import type { Located, LocatedMap } from "../findings/located.js";
import { DROP, L7, POLICY_DENIED, POLICY_DENY } from "../flow-filter/protocol.js";
import { suggestion } from "../findings/words.js";

const FILE_REFUSED = "Cilium refuses the whole file and keeps the configuration it had";

/** Checks `includeFilters` or `excludeFilters` and gives them as Cilium reads them, without what it refuses. */
export function checkFilters(value: Located | undefined, key: string, context: Context): FlowFilter[] {
  if (!value || isEmpty(value)) return [];
  if (value.kind !== "list") {
    context.error(value.line, `${key} is not a list. ${FILE_REFUSED}`, `put "- " before each filter`);
    return [];
  }
  return value.items.map((item) => checkFilter(item, key, context));
}

function checkFilter(value: Located, key: string, context: Context): FlowFilter {
  const filter: FlowFilter = {};
  if (value.kind !== "map") {
    context.error(value.line, `a filter of ${key} is not an object. ${FILE_REFUSED}`, "write e.g. verdict: [DROPPED]");
    return filter;
  }
  if (value.entries.size === 0) {
    context.warning(
      value.line,
      key === "includeFilters" ? "an empty filter matches every flow" : "an empty filter excludes every flow",
      "take it out, or say what it should match",
    );
  }
  for (const [given, { line, value: values }] of value.entries) {
    const name = snakeCase(given);
    const field = Object.hasOwn(accepted.filter, name) ? accepted.filter[name] : undefined;
    if (!field) {
      context.error(
        line,
        `a filter has no field "${given}". ${FILE_REFUSED}`,
        suggestion(given, Object.keys(accepted.filter)),
      );
      continue;
    }
    context.need(field.since, line, `the filter field ${name}`, "refuses the whole file");
    // Go's decoder of the protocol's JSON takes a null for a field that is not there.
    if (values.kind === "scalar" && values.value === null) continue;
    if (field.type === "experimental") {
      if (values.kind !== "map") {
        context.error(line, `${name} is not an object. ${FILE_REFUSED}`, `write ${name}: { cel_expression: [...] }`);
        continue;
      }
      filter[name] = checkExperimental(values, name, context);
      continue;
    }
    if (values.kind !== "list") {
      context.error(
        line,
        `${name} is not a list. ${FILE_REFUSED}`,
        `write ${name}: [${JSON.stringify(plain(values))}]`,
      );
      continue;
    }
    if (values.items.length === 0) {
      context.warning(line, `${name} is an empty list: it is no condition`, "take it out, or say what it should match");
    }
    filter[name] = values.items
      .map((item) => checkValue(item, name, field.type, context))
      .filter((read) => read !== undefined);
  }
  checkTogether(filter, key, value.line, context);
  return filter;
}

/** The CEL expressions of `experimental`, of which one must hold. */
function checkExperimental(value: LocatedMap, name: string, context: Context): unknown[] {
  for (const [key, { line }] of value.entries) {
    if (snakeCase(key) === "cel_expression") continue;
    context.error(line, `${name} has no field "${key}". ${FILE_REFUSED}`, suggestion(key, ["cel_expression"]));
  }
  const expressions = at(value, "cel_expression") ?? at(value, "celExpression");
  if (!expressions || (expressions.kind === "scalar" && expressions.value === null)) return [];
  if (expressions.kind !== "list") {
    context.error(expressions.line, `cel_expression is not a list. ${FILE_REFUSED}`, 'put "- " before each expression');
    return [];
  }
  return expressions.items
    .map((item) => checkValue(item, "cel_expression", "experimental", context))
    .filter((read) => read !== undefined);
}

/** Checks that go over several fields of a filter. */
function checkTogether(filter: FlowFilter, key: string, line: number, context: Context): void {
  const eventTypes = (filter["event_type"] ?? []) as EventTypeFilter[];
  const http = Object.keys(filter).filter((name) => name.startsWith("http_"));
  if (http.length > 0 && eventTypes.length > 0 && !eventTypes.some(({ type }) => type === L7)) {
    context.error(
      line,
      `${http.join(", ")} with an event_type other than ${L7} (l7). Cilium does not start this flow log`,
      `take event_type out, or write event_type: [{ type: ${L7} }]`,
    );
  }
  checkExclusive(filter, line, context);
  if (key !== "includeFilters") return;
  const described = filter["drop_reason_desc"] ?? [];
  // The words of the filter's own field: a sub type of the event beside them would have to hold too.
  const add = (name: string, number: number) =>
    described.length > 0
      ? `for both, add ${name} to drop_reason_desc`
      : `for both, add { type: ${DROP}, match_sub_type: true, sub_type: ${number} } to event_type`;
  const reasons = new Set<number>(
    eventTypes
      .filter(({ type, match_sub_type }) => type === DROP && match_sub_type)
      .map(({ sub_type }) => sub_type ?? 0),
  );
  if (described.includes("POLICY_DENIED")) reasons.add(POLICY_DENIED);
  if (described.includes("POLICY_DENY")) reasons.add(POLICY_DENY);
  if (reasons.has(POLICY_DENY) && !reasons.has(POLICY_DENIED)) {
    context.note(
      line,
      `only what a deny rule forbids is exported (POLICY_DENY, ${POLICY_DENY}), not what no rule allows (POLICY_DENIED, ${POLICY_DENIED})`,
      add("POLICY_DENIED", POLICY_DENIED),
    );
  } else if (reasons.has(POLICY_DENIED) && !reasons.has(POLICY_DENY)) {
    context.note(
      line,
      `only what no rule allows is exported (POLICY_DENIED, ${POLICY_DENIED}), not what a deny rule forbids (POLICY_DENY, ${POLICY_DENY})`,
      add("POLICY_DENY", POLICY_DENY),
    );
  }
}

/** Cilium takes the protocol's names and their lowerCamelCase forms. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
