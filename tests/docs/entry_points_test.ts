import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { ROOT } from "./documents.ts";

/** What `deno doc --json` says of an entry point, as far as it matters here. */
interface Documentation {
  readonly nodes: Readonly<Record<string, EntryPoint>>;
}

interface EntryPoint {
  readonly module_doc?: { readonly tags?: readonly { readonly kind: string }[] };
  readonly symbols: readonly { readonly name: string }[];
}

async function denoDoc(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out!, err: err! };
}

async function documentationOf(file: string): Promise<EntryPoint> {
  const { nodes }: Documentation = JSON.parse((await denoDoc("--json", file)).out);
  return Object.values(nodes)[0]!;
}

/** The names of the project's types that a documentation refers to. */
function* typesNamedIn(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  const { typeName, resolution } = value as {
    readonly typeName?: string;
    readonly resolution?: { readonly kind: string };
  };
  if (typeName && (resolution?.kind === "import" || resolution?.kind === "local")) yield typeName;
  for (const inner of Object.values(value)) yield* typesNamedIn(inner);
}

/** Types that an entry point names and does not export, each as `SYMBOL names TYPE`. */
function unexported({ symbols }: EntryPoint): string[] {
  const exported = new Set(symbols.map(({ name }) => name));
  return symbols.flatMap((symbol) =>
    [...new Set(typesNamedIn(symbol))]
      .filter((type) => !exported.has(type))
      .map((type) => `${symbol.name} names ${type}`)
  );
}

/** Those of commands are for `deno run`. */
const libraries = Object.entries(config.exports).filter(([, file]) => file.endsWith("mod.ts"));

for (const [name, file] of libraries) {
  Deno.test(`entry point ${name} explains itself, and exports every type it names`, async () => {
    // The lint does not see static properties, functions that are constants, and `import * as`; the
    // documentation does not show base classes and `typeof`.
    const { code, err } = await denoDoc("--lint", file);
    assertEquals(code, 0, err);
    const entryPoint = await documentationOf(file);
    assertEquals(unexported(entryPoint), []);
    assert(!JSON.stringify(entryPoint).includes("```ts ignore"), "an example that is not run");
    assert(entryPoint.module_doc?.tags?.some(({ kind }) => kind === "example"), "no example");
  });
}

Deno.test("a type that is named and not exported is found", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/hidden.ts`, "export interface Hidden { readonly a: 1 }");
  await Deno.writeTextFile(
    `${folder}/mod.ts`,
    `import type * as hidden from "./hidden.ts";
     export class Open { static key?: hidden.Hidden; }
     export const twice = (x: number[]): hidden.Hidden => ({ a: 1 });`,
  );
  assertEquals(unexported(await documentationOf(`${folder}/mod.ts`)), [
    "Open names hidden.Hidden",
    "twice names hidden.Hidden",
  ]);
  await Deno.remove(folder, { recursive: true });
});
