// Fails if what the page loads has grown too large, after gzip: first what every
// visitor loads, then the chain module, which is loaded when a wallet connects.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BOUNDS = { "first load": 200_000, "chain module": 400_000 };
const dist = join(dirname(fileURLToPath(import.meta.url)), "../dist");
const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));
const zipped = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;

function reach(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) reach(next, seen);
  return seen;
}
function files(keys) {
  return new Set([...keys].flatMap((key) => [manifest[key].file, ...(manifest[key].css ?? [])]));
}

const first = files(reach("index.html"));
const lazy = new Set();
for (const [key, chunk] of Object.entries(manifest)) {
  if (chunk.isDynamicEntry) for (const file of files(reach(key))) if (!first.has(file)) lazy.add(file);
}
const sizes = {
  "first load": zipped("index.html") + [...first].reduce((sum, file) => sum + zipped(file), 0),
  "chain module": [...lazy].reduce((sum, file) => sum + zipped(file), 0),
};
for (const [what, bound] of Object.entries(BOUNDS)) {
  const size = sizes[what];
  console.log(`${what}: ${(size / 1000).toFixed(1)} kB of ${bound / 1000} kB gzip`);
  if (size > bound) {
    console.error(`error: ${what} is ${size} bytes: must be at most ${bound}`);
    process.exitCode = 1;
  }
}
