import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { FileLock } from "../../../actors/record/file_lock.ts";
import { findRuns } from "../../../experiments/dashboard/runs_folder.ts";
import { minimize } from "../../../mod.ts";
import { scratch } from "../reported_runs.ts";
import { MadeRun } from "./made_run.ts";
import { served, until } from "./served.ts";

const ROOT = new URL("../../../", import.meta.url);

/** Get a page, under any name of the server. */
async function get(
  url: string,
  { host, method = "GET", cookie }: { host?: string; method?: string; cookie?: string } = {},
): Promise<{ status: number; head: string; body: string }> {
  // `fetch` does not let a program choose the Host.
  const { hostname, port, pathname, search } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const lines = [
    `${method} ${pathname}${search} HTTP/1.1`,
    `Host: ${host ?? `${hostname}:${port}`}`,
    ...(cookie === undefined ? [] : [`Cookie: ${cookie}`]),
    "Connection: close",
    "Content-Length: 0",
  ];
  await connection.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  const text = await new Response(connection.readable).text();
  const [head = "", body = ""] = text.split(/\r\n\r\n(.*)/s);
  return { status: Number(head.split(" ")[1]), head, body };
}

/** The news of a page, until `signal` is aborted. */
async function* newsOf(url: string, signal: AbortSignal) {
  const response = await fetch(url, { signal });
  let text = "";
  try {
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        yield JSON.parse(text.slice(text.indexOf("data: ") + 6, end)) as {
          revision: string;
          order: string[];
          sections: Record<string, string>;
        };
        text = text.slice(end + 2);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

Deno.test("only who asks for it by its own name gets a page, and nothing can be changed", async () => {
  using folder = scratch();
  new MadeRun(`${folder.path}/a`).generation();
  await using server = await served(folder.path);
  const { url, port } = server;
  for (const host of [`evil.example:${port}`, "127.0.0.1", `127.0.0.1:${port + 1}`, ""]) {
    assertEquals((await get(url, { host })).status, 421, host);
  }
  const { status, head } = await get(url, { host: `localhost:${port}` });
  assertEquals(status, 200);
  assertMatch(head, /content-security-policy: default-src 'none'; script-src 'self'; style-src/i);
  assert(!/unsafe/.test(head));
  for (const method of ["POST", "PUT", "DELETE"]) {
    assertEquals((await get(`${url}/run?run=a`, { method })).status, 404);
  }
  for (
    const path of [
      "run?run=../a",
      "run?run=a%00",
      "run?run=",
      "run",
      "run?run=/etc",
      "candidate?run=a&candidate=7/7",
      "candidate?run=b&candidate=0/0",
      "figures/none.svg?run=a",
      "figures/..%2Fapp.ts?run=a",
      "map?run=a&frame=99",
      "nowhere",
    ]
  ) {
    const { status, body } = await get(`${url}/${path}`);
    assertEquals(status, 404, path);
    assert(!body.includes("    at "), body);
  }
});

Deno.test("with a token only who has it gets a page, and it is asked for once", async () => {
  using folder = scratch();
  await using server = await served(folder.path, { token: "0123456789abcdef" });
  const { url } = server;
  assertEquals((await get(url)).status, 401);
  assertEquals((await get(`${url}/?token=0123456789abcdeg`)).status, 401);
  assertEquals((await get(`${url}/client.js`)).status, 401);
  const { status, head } = await get(`${url}/?token=0123456789abcdef&x=1`);
  assertEquals(status, 302);
  assertMatch(head, /^location: \/\?x=1$/mi);
  const [, cookie] = /^set-cookie: ([^;]*);.*HttpOnly/mi.exec(head)!;
  assertEquals((await get(url, { cookie: cookie! })).status, 200);
  // Who has the cookie is not left with the token in the address, and nobody is sent elsewhere.
  const token = "?token=0123456789abcdef";
  const again = await get(`${url}/run${token}&run=a`, { cookie: cookie! });
  assertMatch(again.head, /^location: \/run\?run=a$/mi);
  assertMatch((await get(`${url}//evil.example/${token}`)).head, /^location: \/evil.example\/$/mi);
});

Deno.test("all texts of a run are text, and never markup", async () => {
  using folder = scratch();
  const hostile = (where: string) => `"'><img src=x onerror=alert('${where}')>&lt;`;
  const name = `<b id=x>&"'#?%`;
  const run = new MadeRun(`${folder.path}/${name}`, {
    source: hostile("source"),
    slot: hostile("slot"),
    device: hostile("device"),
    engine: hostile("engine"),
    reason: hostile("reason"),
    actor: hostile("actor"),
    dataset: hostile("dataset"),
  });
  for (let generation = 0; generation < 3; generation++) run.generation();
  await using server = await served(folder.path);
  const query = `run=${encodeURIComponent(name)}`;
  const pages = [
    "",
    `run?${query}`,
    `candidate?${query}&candidate=1/3`,
    `candidate?${query}&candidate=1/2`,
    `figures/slots.html?${query}`,
    `figures/slots.svg?${query}`,
  ];
  const seen = new Set<string>();
  for (const path of pages) {
    const { status, body } = await get(`${server.url}/${path}`);
    assertEquals(status, 200, path);
    assert(!body.includes("<img"), path);
    assert(!body.includes("<b id"), path);
    for (const [, where] of body.matchAll(/alert\(&#39;(\w+)&#39;\)/g)) seen.add(where!);
  }
  assertEquals([...seen].sort(), [
    "actor",
    "dataset",
    "device",
    "engine",
    "reason",
    "slot",
    "source",
  ]);
});

Deno.test("a page of several runs compares them; of several kinds it says why not", async () => {
  using folder = scratch();
  for (const name of ["a", "b"]) new MadeRun(`${folder.path}/${name}`).generation();
  await using server = await served(folder.path);
  const { body } = await get(`${server.url}/run?run=a&run=b`);
  assertStringIncludes(body, "Comparison of 2 runs");
  assertStringIncludes(body, "Best fitness so far");
  assertStringIncludes(body, "figures/sigma.csv?run=a&#38;run=b");
  const { body: csv } = await get(`${server.url}/figures/sigma.csv?run=a&run=b`);
  assertEquals(csv.trim().split("\r\n").slice(-2).map((row) => row.split(",")[0]), ["a", "b"]);
  Deno.mkdirSync(`${folder.path}/c`);
  Deno.writeTextFileSync(
    `${folder.path}/c/config.json`,
    Deno.readTextFileSync(`${folder.path}/b/config.json`).replace('"search"', '"minimize"'),
  );
  const { body: other } = await get(`${server.url}/run?run=a&run=c`);
  assertStringIncludes(other, "config.json");
});

Deno.test("links lead to runs, and round in circles only once", () => {
  using folder = scratch();
  new MadeRun(`${folder.path}/a`);
  Deno.mkdirSync(`${folder.path}/inside`);
  new MadeRun(`${folder.path}/inside/b`);
  Deno.symlinkSync("a", `${folder.path}/linked`);
  Deno.symlinkSync(".", `${folder.path}/self`);
  Deno.symlinkSync("..", `${folder.path}/inside/up`);
  Deno.symlinkSync("two", `${folder.path}/one`);
  Deno.symlinkSync("one", `${folder.path}/two`);
  Deno.symlinkSync("nowhere", `${folder.path}/dead`);
  Deno.symlinkSync("a/config.json", `${folder.path}/file`);
  assertEquals(findRuns(folder.path).sort(), ["a", "inside/b", "linked"]);
});

Deno.test("each page leads to the one it belongs to, and keeps nothing when it is done", async () => {
  using folder = scratch();
  const run = new MadeRun(`${folder.path}/a`);
  run.generation();
  Deno.writeTextFileSync(`${run.directory}/log.jsonl`, "{}\n", { append: true });
  await using server = await served(folder.path);
  const candidate = await get(`${server.url}/candidate?run=a&candidate=0/1`);
  assertStringIncludes(candidate.body, '<a href="/run?run=a">Run a</a>');
  assertEquals(server.dashboard.load, { feeds: 0, watchers: 0, runs: 0 });
  const { body } = await get(`${server.url}/run?run=a`);
  assertStringIncludes(body, '<a href="/">All runs</a>');
  const list = (await get(server.url)).body;
  assertStringIncludes(list, "1 run, ");
  assert(!list.includes("<nav") && !list.includes('<a href="/">'));
  const failures = await get(`${server.url}/run?run=a`);
  assertMatch(failures.body, /log.jsonl: line 3 is none that a run writes: time is missing/);
});

Deno.test("a candidate of an objective of one's own has a point, and its value once", async () => {
  using folder = scratch();
  await using run = minimize({
    evaluator: new URL("examples/rosenbrock.ts", ROOT),
    mean: [0, 0],
    generations: 1,
    directory: `${folder.path}/a`,
  });
  await run.result;
  await using server = await served(folder.path);
  const { body } = await get(`${server.url}/candidate?run=a&candidate=0/1`);
  assertStringIncludes(body, '<h2 id="point">Point</h2>');
  assertEquals(body.match(/<th[^>]*>value</g)?.length, 1);
});

Deno.test("50 people who look at a run share what is read and drawn", async () => {
  using folder = scratch();
  const run = new MadeRun(`${folder.path}/a`);
  run.generation();
  await using server = await served(folder.path);
  const stop = new AbortController();
  const seen = Array.from({ length: 50 }, () => "");
  const all = seen.map(async (_, index) => {
    for await (const { sections } of newsOf(`${server.url}/run/events?run=a`, stop.signal)) {
      seen[index] = sections["now"] ?? seen[index]!;
    }
  });
  await until("all look", () => server.dashboard.load.watchers === 50);
  assertEquals(server.dashboard.load.feeds, 1);
  for (let generation = 1; generation < 4; generation++) {
    run.generation();
    await until(
      "all see it",
      () => seen.every((now) => now.includes(`${generation + 1} of 20 gen`)),
    );
  }
  stop.abort();
  await Promise.all(all);
  await until("nobody looks", () => server.dashboard.load.watchers === 0);
});

Deno.test("the list shows what runs, what begins, and what cannot be read", async () => {
  using folder = scratch();
  await using server = await served(folder.path);
  const stop = new AbortController();
  let list = "";
  const reading = (async () => {
    for await (const { sections } of newsOf(`${server.url}/events`, stop.signal)) {
      list = sections["runs"] ?? list;
    }
  })();
  await until("the list is empty", () => list.includes("There is no run"));
  const run = new MadeRun(`${folder.path}/experiment/one`);
  run.generation();
  {
    using _lock = FileLock.tryAcquire(`${run.directory}/lock`);
    await until("it runs", () => list.includes("1 run, 1 of them running."));
    assertMatch(list, /run\?run=experiment%2Fone/);
    assertStringIncludes(list, "1 of 20");
  }
  await until("it is stopped", () => list.includes("1 run, 0 of them running."));
  Deno.mkdirSync(`${folder.path}/broken`);
  Deno.writeTextFileSync(`${folder.path}/broken/config.json`, "{");
  await until("the other one is there", () => list.includes(">unreadable<"));
  Deno.removeSync(`${folder.path}/experiment`, { recursive: true });
  await until("it is gone", () => !list.includes("experiment"));
  stop.abort();
  await reading;
});

Deno.test("what cannot be served is refused in one line", async () => {
  using folder = scratch();
  new MadeRun(`${folder.path}/a`);
  await using server = await served(folder.path);
  const cases: [args: string[], line: RegExp][] = [
    [["--runs", `${folder.path}/none`], /Cannot read the folder of runs .*none: No such file/],
    [["--runs", `${folder.path}/a`], /Cannot read the folder of runs .*a: it is a run; expected/],
    [["--port", "99999"], /--port must be an integer from 0 to 65535, received 99999/],
    [["--host", "0.0.0.0"], /--host 0.0.0.0 needs --token/],
    [["--host", "0.0.0.0", "--token", "short"], /--token must be at least 16 characters/],
    [
      ["--runs", folder.path, "--port", `${server.port}`],
      /Cannot serve the page on 127.0.0.1:\d+: Address already in use; choose another --port/,
    ],
  ];
  for (const [args, line] of cases) {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-prompt", "--allow-read", "--allow-net=127.0.0.1,0.0.0.0"],
        ...["experiments/dashboard.ts", ...args],
      ],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    const error = new TextDecoder().decode(stderr);
    assertEquals(code, 2, error);
    assertMatch(error, line);
    assertEquals(error.trim().split("\n").length, 1, error);
  }
});
