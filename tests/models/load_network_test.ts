import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { grayNet, loadNetwork, locateNetwork, type Network } from "../../models/mod.ts";

/** A folder with a module for each of these texts; gives their paths. */
async function modules(
  ...texts: string[]
): Promise<{ paths: string[]; folder: string } & AsyncDisposable> {
  const folder = await Deno.makeTempDir();
  const paths = texts.map((text, i) => {
    const path = `${folder}/network ${i}.ts`;
    Deno.writeTextFileSync(path, text);
    return path;
  });
  return {
    paths,
    folder,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

const tiny: Network = {
  name: "tiny",
  input: [1, 6, 6],
  classes: 2,
  layers: [
    { kind: "flatten", name: "flat" },
    { kind: "dense", name: "out", units: 2 },
  ],
};

Deno.test("a network is found by name, path, URL, as data and as a function", async () => {
  assertEquals(await loadNetwork("graynet", [1, 28, 28], 10), grayNet([1, 28, 28], 10));
  const data = JSON.stringify(tiny);
  await using files = await modules(
    `export default ${data};`,
    `export default (input: number[], classes: number) => ({ ...${data}, input, classes });`,
    `export default () => Promise.resolve(${data});`,
  );
  for (const path of files.paths) {
    const url = locateNetwork(path);
    assert(url.startsWith("file:///") && url.includes("%20"), url);
    assertEquals(locateNetwork(url), url);
    assertEquals(locateNetwork(url.replace("file:///", "file:///somewhere/../")), url);
    assertEquals(await loadNetwork(path, [1, 6, 6], 2), tiny);
    assertEquals(await loadNetwork(url, [1, 6, 6], 2), tiny);
  }
  const here = locateNetwork("./networks/mine.ts");
  assertEquals(here, new URL("networks/mine.ts", `file://${Deno.cwd()}/`).href);
  assertEquals(locateNetwork("mine.ts"), new URL("mine.ts", `file://${Deno.cwd()}/`).href);
});

Deno.test("what is neither a name nor a path is answered with the names", () => {
  assertThrows(
    () => locateNetwork("bignet"),
    RangeError,
    `discriminator or the path of a file, received "bignet"`,
  );
});

Deno.test("a file that does not hold a network is one line that says why", async () => {
  const changed = (change: unknown) =>
    `export default ${JSON.stringify({ ...tiny, ...change as object })};`;
  const layers = (...wrong: unknown[]) => changed({ layers: wrong });
  const cases: [string, string][] = [
    [
      "export const network = 3;",
      "by default a network, or a function of the images' shape and the classes, received one that " +
      "exports network (number)",
    ],
    ["export default 3;", "must be an object with name, input, classes and layers, received 3"],
    ["export default () => { throw new Error('too small\\nby far'); };", ": too small"],
    ["export default {\n  name: 'a'\n  classes: 3\n};", "network%203.ts:3:3"],
    ["import './nothing.ts'; export default 3;", "Module not found"],
    [changed({ layers: undefined }), "layers is missing"],
    [
      changed({ name: "a/b" }),
      "name must be 1 to 100 letters, digits, dots, dashes and underscores",
    ],
    [changed({ name: "a".repeat(101) }), "name must be 1 to 100 letters"],
    [changed({ name: "a\nb" }), 'underscores, received "a\\nb"'],
    [changed({ input: [6, 6] }), "input.2 is missing"],
    [changed({ loss: "mse" }), "loss is not a known property"],
    [
      `export default JSON.parse('${JSON.stringify(tiny).replace("{", '{"__proto__": 1, ')}');`,
      "__proto__ is not a known property",
    ],
    [
      layers({ kind: "relu", name: "a", constructor: 1 }),
      `layer 1 "a" (relu): constructor is not a known property`,
    ],
    [layers({ kind: "relu", name: "" }), `layer 1 "" (relu): name must be a text, received ""`],
    [layers({ kind: "relu", name: "a\nb", size: 2 }), 'layer 1 "a\\nb" (relu): size is not'],
    [layers(7), "layer 1: must be an object, received 7"],
    [
      layers({ kind: "lstm", name: "a" }),
      `layer 1 "a" (lstm): kind must be one of conv, batch_norm,`,
    ],
    [layers({ kind: "relu" }), "layer 1 (relu): name is missing"],
    [
      layers({ kind: "conv", name: "a", filters: "3", kernel: 3 }),
      `layer 1 "a" (conv): filters must be a number, received "3"`,
    ],
    [
      layers({ kind: "relu", name: "a" }, { kind: "max_pool", name: "b", size: 2, stride: 1 }),
      `layer 2 "b" (max_pool): stride is not a known property`,
    ],
    [
      layers({ kind: "conv", name: "a", filters: 3, kernel: 3, padding: "full" }),
      `padding must be same or valid, received "full"`,
    ],
    [
      layers({ kind: "conv", name: "a", filters: 3, kernel: 9, padding: "valid" }),
      `layer "a" (conv) has a 9x9 kernel too big for [1, 6, 6]`,
    ],
    [
      changed({ input: [3, 6, 6] }),
      "it is for images of [3, 6, 6] and 2 classes, received [1, 6, 6] and 2",
    ],
    [changed({ classes: 5 }), "it is for images of [1, 6, 6] and 5 classes"],
  ];
  await using files = await modules(...cases.map(([text]) => text));
  await Promise.all(cases.map(async ([text, message], i) => {
    const error = await assertRejects(
      () => loadNetwork(files.paths[i]!, [1, 6, 6], 2),
      TypeError,
      message,
      text,
    );
    assert(!error.message.includes("\n"), error.message);
    assert(/network \d+\.ts|Cannot build tiny/.test(error.message), error.message);
  }));
  await assertRejects(
    () => loadNetwork(`${files.folder}/none.ts`, [1, 6, 6], 2),
    TypeError,
    `Cannot use the network in ${files.folder}/none.ts: there is no such file`,
  );
  await assertRejects(
    () => loadNetwork(files.folder, [1, 6, 6], 2),
    TypeError,
    `Cannot use the network in ${files.folder}: it is a folder, and not a file`,
  );
  for (const wrong of ["file://elsewhere/a.ts", "file:///%zz.ts"]) {
    await assertRejects(
      () => loadNetwork(wrong, [1, 6, 6], 2),
      TypeError,
      `Cannot use the network in ${wrong}: there is no such file`,
    );
  }
});

Deno.test("whatever a file does instead of giving a network, it is one line that says so", async () => {
  const cases: [string, RegExp][] = [
    ["Deno.exit(0);", /: it ended its process, with code 0, instead of exporting a network$/],
    ["import process from 'node:process'; process.exit(3);", /with code 3, instead/],
    ["export default () => Deno.exit(4);", /with code 4, instead/],
    ["for (;;);", /: it was not loaded within 10 s$/],
    ["export default () => { for (;;); };", /: it was not loaded within 10 s$/],
    ["await new Promise(() => setInterval(() => {}, 100));", /: it was not loaded within 10 s$/],
    ["throw new RangeError('no\\nluck');", /: no(?!.*luck)/],
    ["throw null;", /: null$/],
    ["throw Object.create(null);", /: \[Object: null prototype\] \{\}$/],
    ["setTimeout(() => { throw new Error('later'); }); await new Promise(() => {});", /: .*later/],
    [`export default ${JSON.stringify({ ...tiny, extra: 0 }).replace("0}", "() => 1}")};`, /clone/],
    ["export default async () => { await null; throw 'no'; };", /: "no"$/],
    ["export default { layers: new SharedArrayBuffer(8) };", /: [^\n]+$/],
    ["Deno.writeTextFileSync('written', '');", /: Requires write access/],
    ["export default Deno.env.get('HOME');", /: Requires env access/],
    ["export default new Deno.Command('ls').outputSync();", /: Requires run access/],
  ];
  await using files = await modules(...cases.map(([text]) => text));
  await Promise.all(cases.map(async ([text, message], i) => {
    const error = await assertRejects(
      () => loadNetwork(files.paths[i]!, [1, 6, 6], 2, { timeoutMs: 10_000 }),
      TypeError,
      `Cannot use the network in ${files.paths[i]}: `,
      text,
    );
    assertMatch(error.message, message, text);
    assert(!error.message.includes("\n"), error.message);
  }));
});

Deno.test("what a file prints or posts on its way to a network does not matter", async () => {
  await using files = await modules(
    `console.error("");
     globalThis.postMessage?.({ type: "Progress" });
     globalThis.postMessage?.(5);
     export default ${JSON.stringify(tiny)};
     setInterval(() => {}, 1000);`,
  );
  assertEquals(await loadNetwork(files.paths[0]!, [1, 6, 6], 2), tiny);
});

Deno.test("the loading of a file ends when it is to stop", async () => {
  await using files = await modules("for (;;);");
  const stop = new AbortController();
  const loading = loadNetwork(files.paths[0]!, [1, 6, 6], 2, { signal: stop.signal });
  setTimeout(() => stop.abort(new Error("stopped")), 300);
  await assertRejects(() => loading, Error, "stopped");
  await assertRejects(
    () => loadNetwork(files.paths[0]!, [1, 6, 6], 2, { signal: stop.signal }),
    Error,
    "stopped",
  );
});

Deno.test({
  name: "a program that is killed while it loads a file leaves nothing behind",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using files = await modules("console.log(Deno.pid + '\\n'); for (;;);");
    const load = new URL("../../models/load_network.ts", import.meta.url).href;
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const source = `import { loadNetwork } from ${JSON.stringify(load)};
      await loadNetwork(${JSON.stringify(files.paths[0])}, [1, 6, 6], 2);`;
    const main = `${files.folder}/main.ts`;
    Deno.writeTextFileSync(main, source);
    await using program = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--quiet", `--config=${config}`, main],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const reader = program.stderr.pipeThrough(new TextDecoderStream()).getReader();
    const pid = parseInt((await reader.read()).value!);
    const runs = async () => {
      const args = ["-o", "stat=", "-p", `${pid}`];
      const { stdout } = await new Deno.Command("ps", { args }).output();
      return /^[^Z]/.test(new TextDecoder().decode(stdout).trim());
    };
    assert(await runs());
    program.kill("SIGKILL");
    await program.status;
    await reader.cancel();
    while (await runs());
  },
});

Deno.test("a network that cannot have the classes of the images is refused", async () => {
  await assertRejects(
    () => loadNetwork("discriminator", [1, 6, 6], 10),
    RangeError,
    "it tells 2 classes apart, received 10",
  );
});
