/**
 * Trainers that fail when they are told to.
 *
 * @module
 */
import type { Clock, Downlink, Message, Transport, Uplink } from "../../actors/runtime/mod.ts";
import type { TrainerFault } from "./fault.ts";

/** How trainers do. */
export interface FailingOptions {
  /** How many there are. */
  readonly trainers: number;
  /** The number of one of them, from 0. */
  readonly numberOf: (actor: string) => number;
  /** How many times as long everything takes one of them now; 1 is as usual. */
  readonly slowness: (trainer: number) => number;
  /** By how much later it comes what comes too late or twice, in milliseconds. */
  readonly lagMs: () => number;
}

/** The trainers of one process of the search, with all their lives. */
export class FailingTrainers {
  readonly #options: FailingOptions;
  readonly #lives = new Map<number, Life>();
  /** Answers of earlier lives, by the trainer. */
  readonly #late = new Map<number, Answer>();

  constructor(options: FailingOptions) {
    this.#options = options;
  }

  /** A transport to trainers that can fail. */
  wrap(transport: Transport): Transport {
    return {
      sharesMemory: transport.sharesMemory,
      start: (launch, uplink) => {
        const { clock, name } = launch;
        const { numberOf, lagMs, slowness } = this.#options;
        const trainer = numberOf(name);
        const late = this.#late.get(trainer);
        const life = new Life(clock, uplink, () => slowness(trainer), {
          answered: (answer, doubles) => {
            if (doubles) clock.setTimer(lagMs(), () => void send(uplink, answer));
            else this.#late.set(trainer, answer);
          },
          ready: () => {
            if (!late) return;
            this.#late.delete(trainer);
            clock.setTimer(lagMs(), () => void send(uplink, late));
          },
        });
        this.#lives.set(trainer, life);
        return life.begin(transport.start({ ...launch, clock: life.clock }, life.uplink));
      },
    };
  }

  /**
   * Lets a fault happen.
   *
   * @returns Whether there was a trainer that it could happen to.
   */
  strike({ kind, trainer }: TrainerFault): boolean {
    return this.#lives.get(trainer % this.#options.trainers)?.strike(kind) ?? false;
  }
}

/** What a trainer sends to whom. */
type Answer = readonly [to: string, message: Message, trace: string | undefined];

function send(uplink: Uplink, answer: Answer): Promise<void> {
  return uplink.send(...answer);
}

/** Told by a life of a trainer. */
interface LifeListener {
  /** Its answer is to come again; or, unless it `doubles`, only now, since it hangs. */
  readonly answered: (answer: Answer, doubles: boolean) => void;
  readonly ready: () => void;
}

/** One life of a trainer: between its actor and the system. */
class Life {
  /** The time by which it works. */
  readonly clock: Clock;
  /** What it says. */
  readonly uplink: Uplink;
  #state: "works" | "hangs" | "over" = "works";
  #armed: "double" | "late" | undefined;
  #downlink: Downlink | undefined;

  constructor(clock: Clock, uplink: Uplink, slowness: () => number, listener: LifeListener) {
    this.clock = {
      now: () => clock.now(),
      epochMs: () => clock.epochMs(),
      defer: (callback) => clock.defer(callback),
      outside: (work) => clock.outside(work),
      setTimer: (ms, callback) => clock.setTimer(ms * slowness(), () => this.#unlessHung(callback)),
    };
    const asks = <T>(question: () => Promise<T>) =>
      this.#state === "hangs" ? new Promise<T>(() => {}) : question();
    this.uplink = {
      ready: () =>
        this.#unlessHung(() => {
          uplink.ready();
          listener.ready();
        }),
      done: (waiting) => this.#unlessHung(() => uplink.done(waiting)),
      reply: (request, message) => this.#unlessHung(() => uplink.reply(request, message)),
      unknown: () => this.#unlessHung(() => uplink.unknown()),
      heartbeat: () => this.#unlessHung(() => uplink.heartbeat()),
      log: (level, text, fields) => this.#unlessHung(() => uplink.log(level, text, fields)),
      request: (...question) => asks(() => uplink.request(...question)),
      send: (...answer) => {
        const armed = this.#armed;
        if (this.#state === "works" && armed && answer[1].type === "PartDone") {
          this.#armed = undefined;
          listener.answered(answer, armed === "double");
          if (armed === "late") this.#state = "hangs";
        }
        return asks(() => send(uplink, answer));
      },
      exited: (reason) => {
        this.#state = "over";
        uplink.exited(reason);
      },
    };
  }

  /** @returns What the system can do to it. */
  begin(downlink: Downlink): Downlink {
    this.#downlink = downlink;
    return {
      deliver: (envelope) => this.#unlessHung(() => downlink.deliver(envelope)),
      stop: (reason) => this.#unlessHung(() => downlink.stop(reason)),
      kill: (reason) => downlink.kill(reason),
    };
  }

  /** @returns Whether it could happen. */
  strike(kind: TrainerFault["kind"]): boolean {
    if (this.#state === "over" || (this.#state === "hangs" && kind !== "kill")) return false;
    if (kind === "hang") this.#state = "hangs";
    else if (kind !== "kill") this.#armed = kind;
    else this.#downlink?.kill({ kind: "exited", code: null, signal: "SIGKILL" });
    return true;
  }

  #unlessHung(action: () => void): void {
    if (this.#state !== "hangs") action();
  }
}
