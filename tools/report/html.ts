import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { packageFile } from "../package-file.js";
import type { Report } from "./model.js";

/**
 * One HTML file that needs nothing but itself. Its content security policy lets only its own script and style run, by
 * their hashes, and no request leave; what comes out of flows lies in a block of JSON, which is never executed.
 */
export function reportHtml(report: Report): string {
  const script = scriptText(readFileSync(packageFile("build/tools/web/page.js"), "utf8"));
  const style = readFileSync(packageFile("build/tools/web/page.css"), "utf8").trim();
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return [
    "<!doctype html>",
    `<html lang="en">`,
    `<meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta name="color-scheme" content="light dark">`,
    `<meta name="referrer" content="no-referrer">`,
    `<link rel="icon" href="data:,">`,
    `<title>Hubble flows</title>`,
    `<style>${style}</style>`,
    `<body><noscript>This page draws its charts with its own script, which is switched off here.</noscript>`,
    `<script type="application/json" id="report">${dataText(report)}</script>`,
    `<script>${script}</script>`,
    "",
  ].join("\n");
}

/** JSON that cannot end its element, nor begin a comment in it. */
function dataText(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function scriptText(text: string): string {
  if (/<\/script|<!--/i.test(text)) throw new Error("the page's script would end its own element");
  return text.trim();
}

function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
