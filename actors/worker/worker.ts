/**
 * A worker: does parts of candidates for searches on other hosts, which it finds by a NATS server.
 *
 * @module
 */
import { hostname } from "node:os";
import { ConfigurationError } from "../../options.ts";
import { isGranted } from "../../permissions.ts";
import { connect, type Connection } from "../remote/connect.ts";
import { type Announcement, encode, subjects } from "../remote/messages.ts";
import type { NatsOptions } from "../remote/nats_options.ts";
import { pause } from "../remote/streams.ts";
import { remoteTimes } from "../remote/times.ts";
import { createActorSystem } from "../runtime/mod.ts";
import { RunCatalog } from "./run_catalog.ts";
import { Tally } from "./tally.ts";
import type { WorkPlace, WorkRun } from "./work_run.ts";
import { WorkerSlot } from "./worker_slot.ts";

/** Options of {@linkcode runWorker}. */
export interface WorkerOptions extends WorkPlace {
  readonly nats: NatsOptions;
  /** What searches call it. */
  readonly name: string;
}

/** What a worker is called if nobody says: its host, where Deno allows to ask for that. */
export function defaultWorkerName(): string {
  const name = isGranted({ name: "sys", kind: "hostname" }) ? hostname() : "";
  return name.replace(/[^\w.-]/g, "-").slice(0, 64) || "worker";
}

/** Who leaves waits so long for a server. */
const LEAVE_MS = 1500;

/**
 * Work until the signal says to leave.
 *
 * @throws {ConfigurationError} If the server cannot be used.
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { nats, name, say, signal, devices } = options;
  if (devices.length === 0) throw new ConfigurationError("Cannot work without a device");
  await using connection = await connect(nats, `mddes worker ${name}`);
  const worker = new Worker(connection, options);
  const slots = `${devices.length} slot${devices.length === 1 ? "" : "s"}`;
  say(`worker ${name}: ${slots} (${devices}) at ${connection.where}; Ctrl-C leaves`);
  await worker.run(signal);
}

/** A worker that is connected. */
class Worker {
  readonly #connection: Connection;
  readonly #options: WorkerOptions;
  readonly #catalog: RunCatalog;
  readonly #slots: readonly WorkerSlot[];
  readonly #id = crypto.randomUUID();
  readonly #system = createActorSystem();
  readonly #tally = new Tally();
  /** Ends what is being done. */
  readonly #leave = new AbortController();
  /** Then nothing is handed in any more. */
  readonly #left = new AbortController();
  readonly #reported = new Set<string>();

  constructor(connection: Connection, options: WorkerOptions) {
    const { name, say, devices } = options;
    this.#connection = connection;
    this.#options = options;
    this.#catalog = new RunCatalog(connection, options);
    const doer = {
      connection,
      name,
      say,
      report: (text: string) => this.#report(text),
      tally: this.#tally,
      leave: this.#leave.signal,
      left: this.#left.signal,
    };
    this.#slots = devices.map((device, index) =>
      new WorkerSlot({
        slot: `slot-${index}`,
        device,
        system: this.#system,
        doer,
        served: () => this.#catalog.served,
        onUnable: (slot, work, why) => this.#giveUp(slot, work, why),
      })
    );
  }

  async run(signal: AbortSignal): Promise<void> {
    let limit: ReturnType<typeof setTimeout> | undefined;
    const leave = () => {
      this.#leave.abort();
      limit ??= setTimeout(() => this.#left.abort(), LEAVE_MS);
    };
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave);
    const announcing = setInterval(() => this.#announce(), remoteTimes.announce);
    const { say } = this.#options;
    try {
      await Promise.race([
        this.#connection.refused,
        Promise.all([this.#look(), ...this.#slots.map((slot) => slot.serve())]),
        pause(2 ** 31 - 1, this.#left.signal),
      ]);
    } finally {
      leave();
      signal.removeEventListener("abort", leave);
      clearInterval(announcing);
      await this.#system.stop();
      this.#announce(0);
      const flushed = this.#connection.nats.flush().catch(() => {});
      await Promise.race([flushed, pause(LEAVE_MS, this.#left.signal)]);
      clearTimeout(limit);
      this.#left.abort();
      say(`left; ${this.#tally.done} parts done, ${this.#tally.failures} not`);
    }
  }

  /** Looks for runs. */
  async #look(): Promise<void> {
    const { signal } = this.#leave;
    while (!signal.aborted) {
      const before = this.#catalog.served.length;
      // Before the first search there is no stream; without a server there is nothing to look at.
      await this.#catalog.look().catch(() => {});
      if (this.#catalog.served.length !== before) this.#announce();
      await pause(remoteTimes.announce, signal);
    }
  }

  /** A slot cannot work for a run; the others may. */
  #giveUp({ slot, device }: WorkerSlot, work: WorkRun, why: string): void {
    if (this.#slotsFor(work) === 0) this.#catalog.refuse(work.run, why);
    else {
      const [line] = why.split("\n");
      this.#options.say(
        `${slot.replace("-", " ")} (${device}) cannot work for run ${work.run}: ${line}`,
      );
    }
    this.#announce();
  }

  /** How many slots can work for a run. */
  #slotsFor(work: WorkRun): number {
    return this.#slots.filter((slot) => slot.canWorkFor(work)).length;
  }

  /** Says what may happen again and again once. */
  #report(text: string): void {
    if (this.#reported.has(text) || this.#reported.size > 1000) return;
    this.#reported.add(text);
    this.#options.say(text);
  }

  #announce(slots: number = this.#slots.length): void {
    const { nats } = this.#connection;
    if (nats.isClosed()) return;
    const said: Omit<Announcement, "protocol" | "release"> = {
      id: this.#id,
      name: this.#options.name,
      slots,
      everyMs: remoteTimes.announce,
      devices: [...this.#options.devices],
      ...this.#tally.announced,
      serves: Object.fromEntries(
        this.#catalog.served.map(({ work }) => [work.run, this.#slotsFor(work)]),
      ),
      refuses: this.#catalog.refusals,
    };
    nats.publish(subjects.worker(this.#id), encode(said));
  }
}
