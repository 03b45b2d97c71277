import type { ResultTile, TextTile } from "../tools/report/model.js";
import type { FlowsState } from "../tools/serve/live-flows.js";

export type { FlowsState };

/** The dashboard without its answers. */
export interface Frame {
  title: string;
  sources: string[];
  keep: number;
  ranges: string[];
  parameters: { name: string; key: string; description?: string; isList: boolean }[];
  pages: { key: string; name: string; tiles: (Omit<ResultTile, "kql" | "columns" | "rows"> | TextTile)[] }[];
}

/** The answer of a query of one's own. */
export type Answer = Pick<ResultTile, "columns" | "rows" | "total">;

/**
 * Asks the server.
 * @param body is sent as JSON, by POST.
 * @throws Error with the server's words, or saying that it does not answer.
 */
export async function ask<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await send(path, body, signal);
  return (await response.json()) as T;
}

/** Saves an answer of the server as a file. */
export async function download(path: string, name: string, body?: unknown): Promise<void> {
  const response = await send(path, body);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function send(path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const init: RequestInit =
    body === undefined
      ? {}
      : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  let response: Response;
  try {
    response = await fetch(path, { ...init, ...(signal && { signal }) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Error("hubble-adx serve does not answer: has it been ended?", { cause: error });
  }
  if (response.ok) return response;
  const { error } = (await response.json()) as { error: string };
  throw new Error(error);
}
