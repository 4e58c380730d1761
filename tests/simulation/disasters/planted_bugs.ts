/**
 * Mistakes in parts of a search, and the invariant that each breaks.
 *
 * @module
 */
import type {
  Candidate,
  PartDone,
  SlotFree,
  SlotLost,
} from "../../../actors/population/protocol.ts";
import type { RecorderInit } from "../../../actors/population/recorder.ts";
import type { SamplerInit } from "../../../actors/population/sampler.ts";
import type { Evaluated } from "../../../actors/record/facts.ts";
import type { Behavior, Context, Message, Transport } from "../../../actors/runtime/mod.ts";
import type { Invariant } from "../../../simulation/disasters/invariants.ts";
import type { Replaced } from "../../../simulation/disasters/search_process.ts";

/** A mistake in a search. */
export interface PlantedBug {
  readonly name: string;
  readonly breaks: Invariant;
  readonly replaced: Replaced;
}

/** What an actor does that is not as it should be. */
interface Meddling<Init> {
  /** What it handles in the place of a message. */
  readonly handles?: (message: Message) => readonly Message[];
  /** What it sends in the place of a message. */
  readonly sends?: (message: Message) => readonly Message[];
  /** What it starts from. */
  readonly init?: (init: Init) => Init;
}

type AnyStart<Init> = (
  init: Init,
  context: Context<Message>,
) => Behavior<Message> | Promise<Behavior<Message>>;

/** Meddles with every life of the actors whose names begin so. */
function meddled<Init>(actor: string, meddle: () => Meddling<Init>): Replaced {
  const transport = (inner: Transport): Transport => ({
    sharesMemory: inner.sharesMemory,
    start(launch, uplink) {
      if (!launch.name.startsWith(actor)) return inner.start(launch, uplink);
      const { handles, sends, init = (init) => init } = meddle();
      const begin = launch.start as AnyStart<Init>;
      const start: AnyStart<Init> = async (given, context) => {
        const behavior = await begin(init(given), context);
        return {
          receive: async (message, context) => {
            for (const one of handles?.(message) ?? [message]) await behavior.receive(one, context);
          },
          stop: (reason) => behavior.stop?.(reason),
        };
      };
      return inner.start({ ...launch, start: start as typeof launch.start }, {
        ready: () => uplink.ready(),
        done: (waiting) => uplink.done(waiting),
        reply: (request, message) => uplink.reply(request, message),
        unknown: () => uplink.unknown(),
        request: (...question) => uplink.request(...question),
        heartbeat: () => uplink.heartbeat(),
        log: (level, text, fields) => uplink.log(level, text, fields),
        exited: (reason) => uplink.exited(reason),
        send: async (to, message, trace) => {
          const messages = sends?.(message) ?? [message];
          await Promise.all(messages.map((one) => uplink.send(to, one, trace)));
        },
      });
    },
  });
  return { transport };
}

/** Whether it is the answer of a trainer that was not the first to be asked. */
function isOfSecondAttempt(message: Message): boolean {
  return message.type === "PartDone" && (message as PartDone).timing.attempt > 1;
}

/** Mistakes, at least one for each invariant. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    name: "a dropped result",
    breaks: "none-lost",
    replaced: meddled("search/updater", () => ({
      handles: (message) => isOfSecondAttempt(message) ? [] : [message],
    })),
  },
  {
    name: "a result that is counted twice",
    breaks: "once",
    replaced: meddled("search/recorder", () => ({
      handles: (message) => {
        const { timings = {} } = message as Partial<Evaluated>;
        const isSecond = Object.values(timings).some(({ attempt }) => attempt > 1);
        return isSecond ? [message, message] : [message];
      },
    })),
  },
  {
    name: "a lost restart",
    breaks: "no-idling",
    replaced: meddled("search/sampler", () => {
      const lives = new Set<string>();
      return {
        handles: (message) => {
          const { type, finished, slot } = message as SlotFree;
          if (type !== "SlotFree" || finished !== null || !lives.has(slot)) {
            if (type === "SlotFree") lives.add(slot);
            return [message];
          }
          return [];
        },
      };
    }),
  },
  {
    name: "a line of the journal that is shown before it is on the disk",
    breaks: "shown",
    replaced: meddled<RecorderInit>("search/recorder", () => ({
      init: (init) => {
        const { journal } = init;
        const hasty = new Proxy(journal, {
          get(_, property) {
            if (property === "whenSynced") return (then: () => void) => then();
            const value: unknown = Reflect.get(
              journal,
              property === "synced" ? "lines" : property,
              journal,
            );
            return typeof value === "function" ? value.bind(journal) : value;
          },
        });
        return { ...init, journal: hasty };
      },
    })),
  },
  {
    name: "a disk that only says that it has synced",
    breaks: "shown",
    replaced: {
      files: (files) => ({
        read: (path) => files.read(path),
        open: (path, keep) => {
          const file = files.open(path, keep);
          return {
            write: (bytes) => file.write(bytes),
            sync: () => Promise.resolve(),
            isIntact: () => true,
            [Symbol.dispose]: () => file[Symbol.dispose](),
          };
        },
      }),
    },
  },
  {
    name: "a resume that begins the journal anew",
    breaks: "kept",
    replaced: {
      files: (files) => ({
        read: (path) => path.endsWith(".jsonl") ? new Uint8Array() : files.read(path),
        open: (path, keep) => files.open(path, keep),
      }),
    },
  },
  {
    name: "a generation without its row",
    breaks: "tables",
    replaced: meddled<RecorderInit>("search/recorder", () => ({
      init: (init) => {
        const { tables } = init;
        const forgetful = new Proxy(tables, {
          get(_, property) {
            if (property === "generation") return () => {};
            const value: unknown = Reflect.get(tables, property, tables);
            return typeof value === "function" ? value.bind(tables) : value;
          },
        });
        return { ...init, tables: forgetful };
      },
    })),
  },
  {
    name: "a result that nobody hears of",
    breaks: "summary",
    replaced: meddled<RecorderInit>("search/recorder", () => ({
      init: (init) => ({
        ...init,
        onEvent: (event) => {
          if (event.type !== "Evaluated" || event.candidate > 0) init.onEvent(event);
        },
      }),
    })),
  },
  {
    name: "an age with the wrong sign",
    breaks: "age",
    replaced: meddled("search/recorder", () => ({
      handles: (message) =>
        message.type === "Evaluated"
          ? [{ ...message, age: -(message as Evaluated).age } as Message]
          : [message],
    })),
  },
  {
    name: "a candidate that is sent twice",
    breaks: "one-candidate",
    replaced: meddled("search/sampler", () => ({
      sends: (message) =>
        message.type === "Candidate" && (message as Candidate).attempt > 1
          ? [message, message]
          : [message],
    })),
  },
  {
    name: "a lost candidate that is taken for finished",
    breaks: "none-forgotten",
    replaced: meddled("search/sampler", () => ({
      handles: (message) => {
        const { type, slot, part, lost } = message as SlotLost;
        if (type !== "SlotLost" || lost === null) return [message];
        return [
          { type: "SlotFree", slot, part, finished: lost } as Message,
          { ...message, lost: null } as Message,
        ];
      },
    })),
  },
  {
    name: "a candidate that is given up too early",
    breaks: "all-attempts",
    replaced: meddled<SamplerInit>("search/sampler", () => ({
      init: (init) => ({ ...init, maxAttempts: Math.max(1, init.maxAttempts - 1) }),
    })),
  },
  {
    name: "trainers that say everything a hundred times",
    breaks: "mailboxes",
    replaced: meddled("slots/", () => ({
      sends: (message) =>
        message.type === "SlotFree" ? new Array<Message>(200).fill(message) : [message],
    })),
  },
  {
    name: "an evaluation that depends on how often it was tried",
    breaks: "same-result",
    replaced: {
      prepared: (prepared) => ({
        ...prepared,
        objective: (x, key) => {
          const value = prepared.objective(x, key);
          const { attempt } = key as Candidate;
          return value === null ? null : value + attempt - 1;
        },
      }),
    },
  },
  {
    name: "an end that is never said",
    breaks: "ending",
    replaced: meddled("search/recorder", () => ({
      handles: (message) => message.type === "SearchDone" ? [] : [message],
    })),
  },
];
