import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { download, type DownloadProgress } from "../../../datasets/published/download.ts";
import { loadCached } from "../../../datasets/published/cache.ts";
import { fetchDataset } from "../../../datasets/mod.ts";
import { filesUnder, published, randomBytes, smallIdxSet, temporaryFolder } from "../small_set.ts";

const content = randomBytes(100_000, 1);
const file = published("file.bin", content);

interface TestServer extends AsyncDisposable {
  readonly base: string;
  /** The Range headers that were asked for; "" for none. */
  readonly ranges: string[];
}

/** A server on loopback; `answer` gets the byte to start at. */
function serve(answer: (from: number, request: Request) => Response): TestServer {
  const ranges: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const range = request.headers.get("range") ?? "";
    ranges.push(range);
    return answer(Number(/bytes=(\d+)-/.exec(range)?.[1] ?? 0), request);
  });
  return {
    base: `http://127.0.0.1:${server.addr.port}/`,
    ranges,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function partial(bytes: Uint8Array<ArrayBuffer>, from: number): Response {
  return new Response(bytes.slice(from), {
    status: from > 0 ? 206 : 200,
    headers: from > 0
      ? { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` }
      : {},
  });
}

const rightServer = () => serve((from) => partial(content, from));

/** Announces everything after `from`, and closes after `length` bytes of it. */
function cut(from: number, length: number): Response {
  const { status, headers } = partial(content, from);
  headers.set("content-length", `${content.length - from}`);
  const body = ReadableStream.from([content.slice(from, from + length)]);
  return new Response(body, { status, headers });
}

Deno.test("a right file gets its name, and progress reaches the end", async () => {
  using folder = temporaryFolder();
  await using server = rightServer();
  const seen: DownloadProgress[] = [];
  const onProgress = (progress: DownloadProgress) => seen.push(progress);
  const path = await download(file, folder.path, [server.base], { onProgress });
  assertEquals(path, `${folder.path}/file.bin`);
  assertEquals(Deno.readFileSync(path), content);
  assertEquals(seen.at(-1), { file: "file.bin", received: 100_000, total: 100_000 });
  assertEquals(filesUnder(folder.path), [path]);
});

Deno.test("a download that is stopped asks no other mirror, and keeps what arrived", async () => {
  using folder = temporaryFolder();
  await using server = rightServer();
  const stop = new AbortController();
  const onProgress = () => stop.abort();
  await assertRejects(
    () =>
      download(file, folder.path, [server.base, server.base], { onProgress, signal: stop.signal }),
    DOMException,
    "aborted",
  );
  assertEquals(server.ranges.length, 1);
  assertEquals(filesUnder(folder.path), [`${folder.path}/file.bin.part`]);
});

Deno.test("a file that is there and right is not asked for again", async () => {
  using folder = temporaryFolder();
  await using server = rightServer();
  await download(file, folder.path, [server.base]);
  await download(file, folder.path, [server.base]);
  assertEquals(server.ranges.length, 1);
});

Deno.test("a wrong file is not kept, and the next mirror is asked", async () => {
  using folder = temporaryFolder();
  const wrong = content.with(500, content[500]! ^ 1) as Uint8Array<ArrayBuffer>;
  await using bad = serve((from) => partial(wrong, from));
  await using good = rightServer();
  await assertRejects(() => download(file, folder.path, [bad.base]), Error, "expected the SHA-256");
  assertEquals(filesUnder(folder.path), []);
  await download(file, folder.path, [bad.base, good.base]);
  assertEquals(Deno.readFileSync(`${folder.path}/file.bin`), content);
});

Deno.test("a cut transfer goes on where it broke", async () => {
  using folder = temporaryFolder();
  await using server = serve((from) => from === 0 ? cut(0, 40_000) : partial(content, from));
  await download(file, folder.path, [server.base]);
  assertEquals(server.ranges, ["", "bytes=40000-"]);
  assertEquals(Deno.readFileSync(`${folder.path}/file.bin`), content);
});

Deno.test("what one call received is used by the next, and by another mirror", async () => {
  using folder = temporaryFolder();
  await using broken = serve((from) =>
    from === 0 ? cut(0, 30_000) : new Response("busy", { status: 503 })
  );
  await assertRejects(
    () => download(file, folder.path, [broken.base]),
    Error,
    "the server answered 503 Service Unavailable",
  );
  assertEquals(filesUnder(folder.path), [`${folder.path}/file.bin.part`]);
  await using good = rightServer();
  await download(file, folder.path, [good.base]);
  assertEquals(good.ranges, ["bytes=30000-"]);
});

Deno.test("a server that cannot resume sends the file from its start", async () => {
  using folder = temporaryFolder();
  Deno.writeFileSync(`${folder.path}/file.bin.part`, content.subarray(0, 50_000));
  await using server = serve(() => partial(content, 0));
  await download(file, folder.path, [server.base]);
  assertEquals(Deno.readFileSync(`${folder.path}/file.bin`), content);
});

Deno.test("a left-over part that was wrong is thrown away and the file fetched anew", async () => {
  using folder = temporaryFolder();
  Deno.writeFileSync(`${folder.path}/file.bin.part`, randomBytes(50_000, 9));
  await using server = rightServer();
  await download(file, folder.path, [server.base]);
  assertEquals(server.ranges, ["bytes=50000-", ""]);
});

Deno.test("a file that is too long is stopped", async () => {
  using folder = temporaryFolder();
  await using server = serve(() => partial(randomBytes(100_001, 1), 0));
  await assertRejects(
    () => download(file, folder.path, [server.base]),
    Error,
    "expected 100000 bytes, received more",
  );
  assertEquals(filesUnder(folder.path), []);
});

Deno.test("a server that stalls is given up, and the next mirror goes on from there", async () => {
  using folder = temporaryFolder();
  await using stalled = serve((from) =>
    new Response(
      new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(content.subarray(from, from + 10_000)),
      }),
      { status: from > 0 ? 206 : 200 },
    )
  );
  await using good = rightServer();
  await download(file, folder.path, [stalled.base, good.base], { idleMs: 100 });
  assertEquals(Deno.readFileSync(`${folder.path}/file.bin`), content);
  assert(good.ranges[0]!.startsWith("bytes="), "the good mirror goes on");
});

Deno.test("when no mirror has the file, each one's reason is told in one line", async () => {
  using folder = temporaryFolder();
  await using absent = serve(() => new Response("gone", { status: 404 }));
  const closed = serve(() => new Response());
  await closed[Symbol.asyncDispose]();
  const error = await assertRejects(
    () => download(file, folder.path, [absent.base, closed.base]),
    Error,
    `Cannot download file.bin: ${absent.base}: the server answered 404 Not Found`,
  );
  assertMatch(error.message, /http:\/\/127\.0\.0\.1:\d+\/: \(Connect\): .*refused/);
  assertEquals(error.message.includes("\n"), false);
});

Deno.test("a set is fetched, checked, unpacked and then read from the cache", async () => {
  using folder = temporaryFolder();
  const { known, files } = await smallIdxSet();
  await using server = serve((_, request) => {
    const bytes = files.get(new URL(request.url).pathname.slice(1));
    return bytes ? partial(bytes, 0) : new Response(null, { status: 404 });
  });
  const options = { directory: folder.path, mirrors: [server.base.slice(0, -1)] };
  const imported = await fetchDataset(known, options);
  assertEquals(imported.map(({ split }) => split), ["train", "test"]);
  assertEquals((await loadCached(known, "test", folder.path))!.count, 10);
  assertEquals(filesUnder(folder.path).length, 6);
  assertEquals(await fetchDataset(known, options), []);
  assertEquals(server.ranges.length, 4);
});

Deno.test("downloads go through the proxy that HTTP_PROXY names", async () => {
  using folder = temporaryFolder();
  const asked: string[] = [];
  await using proxy = serve((_, request) => {
    asked.push(request.url);
    return partial(content, 0);
  });
  const module = new URL("../../../datasets/published/download.ts", import.meta.url);
  const program = `import { download } from ${JSON.stringify(module.href)};
    await download(${JSON.stringify(file)}, ${
    JSON.stringify(folder.path)
  }, ["http://example.invalid/data/"]);`;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-lock",
      "--allow-net=example.invalid",
      `--allow-read=${folder.path}`,
      `--allow-write=${folder.path}`,
      `data:text/javascript,${encodeURIComponent(program)}`,
    ],
    env: { HTTP_PROXY: proxy.base },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  assertEquals(asked, ["http://example.invalid/data/file.bin"]);
  assertEquals(Deno.readFileSync(`${folder.path}/file.bin`), content);
});
