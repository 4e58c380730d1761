/**
 * Everything that goes between a search and its workers by way of a NATS server: subjects, messages,
 * and their checks. A message is JSON; what comes in is not used before it was checked.
 *
 * @module
 */
import { createHash } from "node:crypto";
import * as v from "valibot";
import project from "../../deno.json" with { type: "json" };
import { count, faultIn, finite, key, text } from "../record/check_event.ts";
import type { EvaluationKey } from "../record/facts.ts";
import type { Candidate, Failed, PartDone, Pruned } from "../population/protocol.ts";
import { faultOf } from "../population/check_result.ts";

/** Grows when a message means something else than before. */
export const PROTOCOL = 1;

/** What computes: hosts of one search must have the same, so that they compute the same. */
export const RELEASE = `mddes ${project.version} with onnxruntime-node ${
  project.imports["onnxruntime-node"].replace(/^.*@/, "")
}`;

/** Names of streams. */
export const STREAMS = { runs: "mddes-runs", tasks: "mddes-tasks", answers: "mddes-answers" };

/** Subjects. A part of a candidate has a subject of its own, so that it is in the queue once. */
export const subjects = {
  run: (run: string) => `mddes.run.${run}`,
  task: (run: string, task: string) => `mddes.task.${run}.${task}`,
  tasks: (run: string) => `mddes.task.${run}.>`,
  answer: (run: string) => `mddes.answer.${run}`,
  verdict: (run: string) => `mddes.verdict.${run}`,
  worker: (id: string) => `mddes.worker.${id}`,
};

/** Longer messages are refused before they are read. */
export const MAX_BYTES = 1_000_000;

/** The first 16 digits of a SHA-256 of what decides a part's result: seed and point. */
export function digestOf({ seed, x }: { readonly seed: number; readonly x: readonly number[] }) {
  return createHash("sha256").update(JSON.stringify([seed, x])).digest("hex").slice(0, 16);
}

/** Names a part of a candidate in a run, as the end of its subject does. */
export function taskId(
  { generation, candidate, repeat }: EvaluationKey,
  part: string,
  digest: string,
): string {
  return `${generation}.${candidate}.${repeat}.${part}.${digest}`;
}

const hex = v.pipe(v.string("a SHA-256"), v.regex(/^[0-9a-f]{64}$/, "a SHA-256"));
const name = v.pipe(v.string("a name"), v.regex(/^[\w.-]{1,64}$/, "a name"));
const digest = v.pipe(v.string("a digest"), v.regex(/^[0-9a-f]{16}$/, "a digest"));
const line = v.pipe(v.string("a text"), v.maxLength(2000, "a text of at most 2000 characters"));
const head = { protocol: v.literal(PROTOCOL, `protocol ${PROTOCOL}`), release: line };

/** What a worker must know of a run. */
const runSchema = v.object({
  ...head,
  kind: v.picklist(["search", "minimize"], "search or minimize"),
  run: name,
  /** Where it is, on the host that searches. */
  folder: line,
  /** As `config.json` has it. */
  configuration: v.record(text, v.unknown(), "options"),
  /** In the order in which they are started. */
  parts: v.array(name, "a list of parts"),
  /** Modules that a worker must have been given, by their parts. */
  modules: v.record(name, v.object({ file: line, sha256: hex }), "modules"),
  /** Whether parts are wanted for the images of each class alone, too. */
  byClass: v.boolean("a boolean"),
  /** Whether there is a pruner to be asked. */
  prunes: v.boolean("a boolean"),
  imagesSha256: v.optional(hex),
  /** Where a worker gets the training images that it lacks. */
  images: v.optional(v.object({
    /** Base of its address. */
    server: v.pipe(line, v.regex(/^http:\/\/[^/\s@]+:\d+\/$/, "an address http://HOST:PORT/")),
    token: hex,
    bytes: count,
    sha256: hex,
  })),
  /** A network that a file of the searching host describes, as data. */
  network: v.optional(v.unknown()),
  networkSha256: v.optional(hex),
});

/** What a worker must know of a run. */
export type RunRecord = v.InferOutput<typeof runSchema>;

/** A part of a candidate that is to be done. */
const taskSchema = v.object({
  ...head,
  ...key,
  part: name,
  attempt: count,
  seed: count,
  genome: v.pipe(v.array(finite, "a list of numbers"), v.minLength(1, "a list of numbers")),
  queuedMs: finite,
});

/** A part of a candidate that is to be done. */
export type TaskMessage = v.InferOutput<typeof taskSchema>;

/** A part that its worker gave back. */
export interface GivenBack extends EvaluationKey {
  readonly type: "GivenBack";
  readonly part: string;
  readonly attempt: number;
  /** Whether the candidate may be to blame: the worker was not asked to end. */
  readonly counts: boolean;
  readonly reason: string;
}

/** What becomes of a part. */
export type Answer = PartDone | Failed | Pruned | GivenBack;

/** JSON has neither NaN nor infinities, which are failures of a candidate and not of the message. */
const number = v.union([
  v.number(),
  v.pipe(v.picklist(["NaN", "Infinity", "-Infinity"]), v.transform(Number)),
], "a number");

const givenBackSchema = v.object({
  type: v.literal("GivenBack"),
  ...key,
  part: name,
  attempt: count,
  counts: v.boolean("a boolean"),
  reason: line,
});

const answerSchema = v.object({
  ...head,
  worker: name,
  digest,
  answer: v.looseObject({
    type: v.picklist(["PartDone", "Failed", "Pruned", "GivenBack"], "an answer"),
    ...key,
    part: name,
    reason: v.optional(line),
    scores: v.optional(v.record(name, number, "an object")),
    shares: v.optional(v.array(number, "a list of numbers")),
  }),
});

/** An answer, and whose it is. */
export interface AnswerMessage {
  readonly worker: string;
  /** Of the point and the seed that were asked for. */
  readonly digest: string;
  readonly answer: Answer;
}

const holdSchema = v.object({
  run: name,
  /** As its subject ends. */
  task: line,
  ...key,
  part: name,
  device: line,
  /** Since when, in milliseconds. */
  forMs: finite,
});

/** A part that a worker is doing. */
export type Hold = v.InferOutput<typeof holdSchema>;

const announcementSchema = v.object({
  ...head,
  id: name,
  name,
  /** How many parts it does at the same time. */
  slots: v.pipe(count, v.maxValue(10_000, "at most 10000 slots")),
  /** Where it computes; one for each slot. */
  devices: v.array(line, "a list of devices"),
  /** Milliseconds until the next announcement. */
  everyMs: v.pipe(count, v.minValue(1, "a time"), v.maxValue(600_000, "a time")),
  /** What it is doing. */
  holds: v.array(holdSchema, "a list of what it is doing"),
  /** Parts that it has done. */
  done: count,
  /** Parts that it could not do. */
  failures: count,
  /** Of one slot while it trains, on average; 0 before it has. */
  imagesPerSecond: finite,
  /** Runs that it can work for, and how many of its slots can. */
  serves: v.record(name, count, "slots by runs"),
  /** Runs that it cannot work for, and why. */
  refuses: v.record(name, line, "reasons"),
});

/** A worker says that it is there. */
export type Announcement = v.InferOutput<typeof announcementSchema>;

/** A message as bytes. */
export function encode(message: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(
    { protocol: PROTOCOL, release: RELEASE, ...message },
    (_, value) => typeof value === "number" && !Number.isFinite(value) ? `${value}` : value,
  ));
}

/** What cannot be used, in words. */
export class BadMessage extends Error {
  /** Whether the sender only has another release of this program. */
  readonly isOtherRelease: boolean;

  constructor(why: string, isOtherRelease = false) {
    super(why);
    this.isOtherRelease = isOtherRelease;
  }
}

function decode<T extends v.GenericSchema>(bytes: Uint8Array, schema: T): v.InferOutput<T> {
  if (bytes.length > MAX_BYTES) {
    throw new BadMessage(`expected at most ${MAX_BYTES} bytes, received ${bytes.length}`);
  }
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new BadMessage("expected JSON");
  }
  const { protocol, release } = (content ?? {}) as Readonly<Record<string, unknown>>;
  const isHead = Number.isSafeInteger(protocol) && typeof release === "string";
  if (isHead && (protocol !== PROTOCOL || release !== RELEASE)) {
    throw new BadMessage(
      `expected ${RELEASE} (protocol ${PROTOCOL}), received ${
        release.slice(0, 100)
      } (protocol ${protocol})`,
      true,
    );
  }
  const checked = v.safeParse(schema, content, { abortEarly: true });
  if (checked.success) return checked.output;
  throw new BadMessage(faultIn(checked)!);
}

/** @throws {BadMessage} If it is none, or of another release. */
export function decodeRun(bytes: Uint8Array): RunRecord {
  return decode(bytes, runSchema);
}

/** @throws {BadMessage} As {@linkcode decodeRun}. */
export function decodeTask(bytes: Uint8Array): TaskMessage {
  return decode(bytes, taskSchema);
}

/** @throws {BadMessage} As {@linkcode decodeRun}. */
export function decodeAnnouncement(bytes: Uint8Array): Announcement {
  return decode(bytes, announcementSchema);
}

/** @throws {BadMessage} As {@linkcode decodeRun}. */
export function decodeAnswer(bytes: Uint8Array): AnswerMessage {
  const { worker, digest, answer } = decode(bytes, answerSchema);
  const fault = answer.type === "GivenBack"
    ? faultIn(v.safeParse(givenBackSchema, answer, { abortEarly: true }))
    : faultOf(answer as unknown as PartDone | Failed | Pruned);
  if (fault !== undefined) throw new BadMessage(fault);
  return { worker, digest, answer: answer as unknown as Answer };
}

/** A candidate as a task. */
export function taskOf(
  { generation, candidate, repeat, part, attempt, seed, genome, queuedMs }: Candidate,
): Omit<TaskMessage, "protocol" | "release"> {
  return { generation, candidate, repeat, part, attempt, seed, genome: [...genome], queuedMs };
}
