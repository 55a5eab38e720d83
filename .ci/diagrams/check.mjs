// Parses every diagram of a folder with the programs that draw it; no drawing of a shipped program is too wide.
// usage: node check.mjs FOLDER
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { instance } from '@viz-js/viz';
import { JSDOM } from 'jsdom';

const WIDEST = 1600; // pixels, 96 to the inch
const dom = new JSDOM('<!DOCTYPE html><body></body>');
globalThis.window = dom.window;
globalThis.document = dom.window.document;
const { default: mermaid } = await import('mermaid');
mermaid.initialize({ startOnLoad: false, maxTextSize: 10_000_000, maxEdges: 100_000 });
const viz = await instance();

const folder = process.argv[2];
const counts = { mermaid: 0, dot: 0, hostile: 0 };
let widest = 0;
const wrong = [];
for (const name of readdirSync(folder).sort()) {
  const text = readFileSync(join(folder, name), 'utf8');
  const hostile = name.startsWith('hostile');
  counts.hostile += hostile ? 1 : 0;
  try {
    if (name.endsWith('.mmd')) {
      counts.mermaid += 1;
      await mermaid.parse(text);
    } else {
      counts.dot += 1;
      const svg = viz.renderString(text, { format: 'svg' });
      const width = (Number(/<svg width="([\d.]+)pt"/.exec(svg)[1]) * 96) / 72;
      if (!hostile) widest = Math.max(widest, width);
      if (!hostile && width > WIDEST) throw new Error(`${Math.round(width)} pixels wide`);
    }
  } catch (error) {
    wrong.push(`${name}: ${String(error).split('\n').slice(0, 4).join(' ')}`);
  }
}
console.log(
  `${counts.mermaid} pictures in Mermaid, ${counts.dot} in DOT, ${counts.hostile} of them with hostile texts; ` +
    `the widest of the programs has ${Math.round(widest)} pixels; ${wrong.length} wrong`,
);
for (const line of wrong.slice(0, 20)) console.error(line);
if (wrong.length > 0 || counts.mermaid === 0 || counts.hostile < 500) process.exitCode = 1;
