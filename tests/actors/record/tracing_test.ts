import { assert, assertEquals } from "@std/assert";

interface Span {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

/** Run a small search in a process whose spans go to a collector in this one. */
async function spansOf(env: Record<string, string>): Promise<{ spans: Span[]; log: string }> {
  const spans: Span[] = [];
  await using collector = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      const body = await request.json();
      for (const resource of body.resourceSpans ?? []) {
        for (const scope of resource.scopeSpans) {
          if (scope.scope.name === "mddes") {
            spans.push(...scope.spans);
          }
        }
      }
      return new Response("{}", { headers: { "content-type": "application/json" } });
    },
  );
  const folder = await Deno.makeTempDir();
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-all",
      "experiments/search.ts",
      ..."--dataset synthetic --train-size 32 --batch-size 16 --epochs 1 --discriminator-size 20"
        .split(" "),
      ..."--population 3 --generations 1 --finalist-repeats 0 --devices cpu --out".split(" "),
      `${folder}/run`,
    ],
    cwd: new URL("../../..", import.meta.url),
    env: {
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.addr.port}`,
      ...env,
    },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const log = Deno.readTextFileSync(`${folder}/run/log.jsonl`);
  await Deno.remove(folder, { recursive: true });
  return { spans, log };
}

Deno.test("each evaluation is a span with its parts inside", async () => {
  const { spans, log } = await spansOf({ OTEL_DENO: "true" });
  const evaluations = spans.filter(({ name }) => name === "evaluation");
  assertEquals(evaluations.length, 3);
  for (const { spanId, startTimeUnixNano, endTimeUnixNano } of evaluations) {
    const parts = spans.filter(({ parentSpanId }) => parentSpanId === spanId);
    assertEquals(
      parts.map(({ name }) => name).sort(),
      ["queued for score", "queued for train", "score", "tell", "train"],
    );
    for (const part of parts) {
      assert(BigInt(part.startTimeUnixNano) >= BigInt(startTimeUnixNano));
      assert(BigInt(part.endTimeUnixNano) <= BigInt(endTimeUnixNano));
    }
  }
  const lines = log.trim().split("\n").map((line) => JSON.parse(line));
  assert(lines.some(({ actor, text }) => actor === "slots/slot-0-train" && text === "started"));
  assert(lines.every(({ level }) => ["debug", "info", "warn", "error"].includes(level)));
});

Deno.test("without OTEL_DENO nothing is traced", async () => {
  assertEquals((await spansOf({})).spans, []);
});
