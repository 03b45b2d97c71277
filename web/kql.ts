import { autocompletion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { linter, type Diagnostic } from "@codemirror/lint";
import { EditorView, keymap } from "@codemirror/view";
import { Prec } from "@codemirror/state";
import { basicSetup } from "codemirror";
import type { Completion } from "../tools/serve/editor.js";
import { ask, download, type Answer } from "./api.js";
import { element } from "./element.js";
import { table } from "./table.js";
import { numberText } from "./text.js";

const example = `HubbleFlows
| summarize Flows = count() by Verdict, SourceNamespace
| order by Flows desc`;
// Outlives a change of pages.
let text = example;

/** The box for KQL of one's own, with the language service's completion and errors, and its answer under it. */
export function kqlPage(): HTMLElement {
  const answer = element("div", { class: "answer", "aria-live": "polite" });
  const editor = new EditorView({
    doc: text,
    extensions: [
      Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (void run(), true) }])),
      basicSetup,
      EditorView.lineWrapping,
      EditorView.cspNonce.of(document.querySelector("meta[name=style-nonce]")?.getAttribute("content") ?? ""),
      EditorView.contentAttributes.of({ "aria-label": "KQL" }),
      EditorView.updateListener.of(({ docChanged, state }) => {
        if (docChanged) text = state.doc.toString();
      }),
      autocompletion({ override: [complete] }),
      linter(({ state }) => check(state.doc.toString()), { delay: 300 }),
    ],
  });
  const fail = (error: unknown) =>
    answer.replaceChildren(element("pre", { class: "error", role: "alert" }, (error as Error).message));
  const run = async () => {
    answer.replaceChildren(element("p", { class: "state", role: "status" }, "Running…"));
    const kql = text;
    const started = performance.now();
    try {
      const answers = await ask<Answer[]>("api/query", { kql });
      const milliseconds = Math.round(performance.now() - started);
      const counts = answers.map(({ rows, total }) => numberText(total ?? rows.length)).join(" and ");
      answer.replaceChildren(element("p", { class: "note" }, `${counts} rows in ${numberText(milliseconds)} ms`));
      for (const each of answers) {
        if (each.rows.length > 0) answer.append(table({ ...each, title: "Answer" }));
      }
    } catch (error) {
      fail(error);
    }
  };
  const save = (format: string) => async () => {
    try {
      await download("api/query", `flows.${format}`, { kql: text, format });
    } catch (error) {
      fail(error);
    }
  };
  const button = (label: string, title: string, onClick: () => Promise<void>) => {
    const made = element("button", { type: "button", title }, label);
    made.addEventListener("click", () => void onClick());
    return made;
  };
  return element(
    "section",
    { class: "tile kql", "aria-label": "KQL" },
    element(
      "header",
      {},
      element("h2", {}, "KQL over these flows"),
      button("Run", "Run the query (Ctrl-Enter)", run),
      button("CSV", "Download the whole answer as CSV", save("csv")),
      button("JSON", "Download the whole answer as JSON lines", save("json")),
    ),
    editor.dom,
    answer,
  );
}

async function complete({ state, pos, explicit }: CompletionContext): Promise<CompletionResult | null> {
  const kql = state.doc.toString();
  if (!explicit && !/[\w|.\s(]$/.test(kql.slice(0, pos))) return null;
  const { from, items } = await ask<{ from: number; items: Completion[] }>("api/complete", { kql, position: pos });
  const types: Record<string, string> = {
    column: "property",
    table: "class",
    queryprefix: "keyword",
    builtinfunction: "function",
    databasefunction: "function",
    aggregatefunction: "function",
  };
  return {
    from,
    filter: false,
    options: items.map(({ label, apply, kind }) => ({ label, apply, type: types[kind] ?? kind })),
  };
}

async function check(kql: string): Promise<Diagnostic[]> {
  const found = await ask<{ message: string; isError: boolean; from: number; to: number }[]>("api/check", { kql });
  return found.map(({ message, isError, from, to }) => ({
    from,
    to,
    message,
    severity: isError ? "error" : "warning",
  }));
}
