// Writes the TypeScript types of the contracts' messages from the JSON schemas.
//
//   npm run types             writes src/client/generated
//   npm run types -- --check  fails if what is there differs
//
// ts-codegen takes one folder a contract and writes clients that need other
// packages: only its types are kept.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import codegen from "@cosmwasm/ts-codegen";

const CONTRACTS = { "backstop-vault": "Vault", "reward-distributor": "Distributor", "oracle-breaker": "Breaker", "risk-timelock": "Timelock" };
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const schemas = join(root, "../../schema");
const target = join(root, "src/client/generated");

const options = process.argv.slice(2);
if (options.some((option) => option !== "--check")) {
  console.error(`error: unknown argument ${options.join(" ")}: there is only --check`);
  process.exit(2);
}

const work = mkdtempSync(join(tmpdir(), "staking-web-types-"));
try {
  const contracts = Object.entries(CONTRACTS).map(([file, name]) => {
    const dir = join(work, "schema", file);
    mkdirSync(dir, { recursive: true });
    cpSync(join(schemas, `${file}.json`), join(dir, `${file}.json`));
    return { name, dir };
  });
  const out = join(work, "out");
  const log = console.log;
  console.log = () => undefined;
  await codegen.default({
    contracts,
    outPath: out,
    options: {
      bundle: { enabled: false },
      types: { enabled: true },
      client: { enabled: false },
      reactQuery: { enabled: false },
      messageComposer: { enabled: false },
      messageBuilder: { enabled: false },
    },
  });
  console.log = log;
  const written = readdirSync(out).filter((name) => name.endsWith(".types.ts")).sort();
  if (written.length !== contracts.length) throw new Error(`ts-codegen wrote ${written.join(", ")}`);
  if (options.includes("--check")) check(out, written);
  else write(out, written);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function write(out, written) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const name of written) writeFileSync(join(target, name), readFileSync(join(out, name)));
  console.log(`${written.length} files written to ${basename(target)}`);
}

function check(out, written) {
  const there = readdirSync(target).sort();
  const differs = written.filter((name) => !there.includes(name) || readFileSync(join(target, name), "utf8") !== readFileSync(join(out, name), "utf8"));
  const extra = there.filter((name) => !written.includes(name));
  if (differs.length + extra.length > 0) {
    console.error(`error: ${[...differs, ...extra].join(", ")} differ from schema/: run 'npm run types' and commit the result`);
    process.exitCode = 1;
  } else {
    console.log("the types are those of schema/");
  }
}
