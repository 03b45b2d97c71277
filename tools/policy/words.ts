/** 1 flow, 12,345 flows. */
export function counted(flows: number): string {
  return `${flows.toLocaleString("en-US")} ${flows === 1 ? "flow" : "flows"}`;
}

/** From when to when, to the second. */
export function spanOf({ firstSeen, lastSeen }: { firstSeen: string; lastSeen: string }): string {
  return [...new Set([toSecond(firstSeen), toSecond(lastSeen)])].join(" to ");
}

const toSecond = (time: string) => time.replace(/\.\d+(?=Z|$)/, "");
