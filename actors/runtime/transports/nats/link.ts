/**
 * Bytes from one end to the other: whole, once and in order, over a channel that loses what is sent
 * while its server is away.
 *
 * Go-back-N: parts are numbered from 1, and the other end takes only the one that is next and
 * acknowledges all that it has taken. When acknowledgements stay out, sending begins again at the
 * oldest part, with one at a time at first. Every tick an acknowledgement is sent anyway, as a sign
 * of life.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { CancelTimer, Clock } from "../../clock.ts";

/** What a link is made of. */
export interface LinkOptions {
  readonly clock: Clock;
  /** How long the other end may be silent. */
  readonly lostAfterMs: number;
  /** The longest frame that the channel carries, in bytes. */
  readonly largestFrame: number;
  /** Sends a frame, or drops it; throws when it can never send again. */
  publish(frame: Uint8Array): void;
  /** Is called with what the other end has sent. */
  receive(bytes: Uint8Array): void;
  /** Is called once if the other end is given up; the link is closed then. */
  lost(why: string): void;
}

interface Part {
  readonly bytes: Uint8Array;
  readonly isLast: boolean;
}

/** Number of the part (0: none), number of the last part taken, whether the part is a last one. */
const HEADER_BYTES = 17;
const LARGEST_PART = 128 * 1024;
/** The most bytes that are sent, or put together, as one. */
const LARGEST_WHOLE = 256 * 1024 * 1024;
/** The most parts on their way. */
const WINDOW = 32;
const ACKNOWLEDGE_AFTER_MS = 20;
const TICKS_UNTIL_LOST = 15;

/** One end. */
export class Link {
  readonly #options: LinkOptions;
  readonly #partBytes: number;
  readonly #tickMs: number;
  #state: "new" | "open" | "closed" = "new";
  #cancelTick: CancelTimer = () => {};
  #silentTicks = 0;

  /** What has not been acknowledged, the oldest first; that has the number `#acknowledged + 1`. */
  readonly #parts: Part[] = [];
  #acknowledged = 0;
  /** How many of them have been sent since sending began at the oldest. */
  #sent = 0;
  #highestSent = 0;
  #window = WINDOW;
  /** Whether it went on since the last tick. */
  #wentOn = true;
  #whenEmpty: () => void = () => {};

  /** The number of the last part taken, and what is still to be put together. */
  #taken = 0;
  #whole: Uint8Array[] = [];
  #wholeBytes = 0;
  /** How many parts were taken and not acknowledged. */
  #owed = 0;
  #cancelAcknowledge: CancelTimer | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#partBytes = Math.min(LARGEST_PART, options.largestFrame - HEADER_BYTES);
    this.#tickMs = options.lostAfterMs / TICKS_UNTIL_LOST;
  }

  /** Begins to send: the other end is there. */
  open(): void {
    if (this.#state !== "new") return;
    this.#state = "open";
    this.#tickLater();
    this.#pump();
  }

  /**
   * Sends bytes, which must not change any more; when the link has been closed they are dropped.
   *
   * @throws {RangeError} If they are too many.
   */
  send(bytes: Uint8Array): void {
    if (this.#state === "closed") return;
    if (bytes.length > LARGEST_WHOLE) {
      throw new RangeError(
        `Cannot send ${bytes.length} bytes at once: expected at most ${LARGEST_WHOLE}`,
      );
    }
    for (let from = 0; from < bytes.length; from += this.#partBytes) {
      const to = from + this.#partBytes;
      this.#parts.push({ bytes: bytes.subarray(from, to), isLast: to >= bytes.length });
    }
    this.#pump();
  }

  /**
   * Takes a frame from the other end.
   *
   * @param frame Is not kept.
   * @throws {TypeError} If the other end would not send it.
   */
  receive(frame: Uint8Array): void {
    if (this.#state !== "open") return;
    if (frame.length < HEADER_BYTES) {
      throw new TypeError(`expected a frame of a link, received ${frame.length} bytes`);
    }
    const header = new DataView(frame.buffer, frame.byteOffset, HEADER_BYTES);
    const [number, acknowledged] = [header.getFloat64(0), header.getFloat64(8)];
    if (!isCount(number) || number > this.#taken + WINDOW) {
      throw new TypeError(`expected part ${this.#taken + 1} of a link, received ${number}`);
    }
    if (!isCount(acknowledged) || acknowledged > this.#highestSent) {
      throw new TypeError(
        `expected a link to acknowledge at most ${this.#highestSent}, received ${acknowledged}`,
      );
    }
    this.#silentTicks = 0;
    this.#takeAcknowledgement(acknowledged);
    if (number === 0) return;
    if (number !== this.#taken + 1) return this.#acknowledge(); // it came twice, or one before it is lost
    this.#taken = number;
    if (++this.#owed >= WINDOW / 2) this.#acknowledge();
    else this.#acknowledgeLater();
    this.#join(frame.slice(HEADER_BYTES), header.getUint8(16) === 1);
  }

  /** Resolves when all has arrived, or the link is closed. */
  empty(): Promise<void> {
    if (this.#parts.length === 0 || this.#state === "closed") return Promise.resolve();
    return new Promise((resolve) => this.#whenEmpty = resolve);
  }

  /** Ends this end; the other one is not told. */
  close(): void {
    if (this.#state === "closed") return;
    if (this.#state === "open" && this.#owed > 0) this.#acknowledge();
    this.#state = "closed";
    this.#cancelTick();
    this.#cancelAcknowledge?.();
    this.#parts.length = 0;
    this.#whole = [];
    this.#whenEmpty();
  }

  #pump(): void {
    while (this.#state === "open" && this.#sent < Math.min(this.#window, this.#parts.length)) {
      if (this.#sent === 0) this.#wentOn = true;
      const part = this.#parts[this.#sent++]!;
      const number = this.#acknowledged + this.#sent;
      this.#highestSent = Math.max(this.#highestSent, number);
      this.#publish(number, part);
    }
  }

  #publish(number: number, { bytes, isLast }: Part): void {
    const frame = new Uint8Array(HEADER_BYTES + bytes.length);
    const header = new DataView(frame.buffer);
    header.setFloat64(0, number);
    header.setFloat64(8, this.#taken);
    header.setUint8(16, isLast ? 1 : 0);
    frame.set(bytes, HEADER_BYTES);
    this.#owed = 0;
    try {
      this.#options.publish(frame);
    } catch (error) {
      this.#lose((error as Error).message);
    }
  }

  #acknowledge(): void {
    this.#publish(0, NOTHING);
  }

  #acknowledgeLater(): void {
    this.#cancelAcknowledge ??= this.#options.clock.setTimer(ACKNOWLEDGE_AFTER_MS, () => {
      this.#cancelAcknowledge = undefined;
      if (this.#owed > 0) this.#acknowledge();
    });
  }

  #takeAcknowledgement(acknowledged: number): void {
    const news = acknowledged - this.#acknowledged;
    if (news <= 0) return;
    this.#parts.splice(0, news);
    this.#acknowledged = acknowledged;
    this.#sent = Math.max(0, this.#sent - news);
    this.#window = Math.min(WINDOW, 2 * this.#window);
    this.#wentOn = true;
    this.#pump();
    if (this.#parts.length === 0) this.#whenEmpty();
  }

  #join(part: Uint8Array, isLast: boolean): void {
    this.#whole.push(part);
    this.#wholeBytes += part.length;
    if (this.#wholeBytes > LARGEST_WHOLE) {
      throw new TypeError(`expected at most ${LARGEST_WHOLE} bytes at once, received more`);
    }
    if (!isLast) return;
    const parts = this.#whole;
    this.#whole = [];
    this.#wholeBytes = 0;
    this.#options.receive(parts.length === 1 ? part : Buffer.concat(parts));
  }

  #tickLater(): void {
    this.#cancelTick = this.#options.clock.setTimer(this.#tickMs, () => this.#tick());
  }

  /** Silence is counted in ticks: while this thread was busy, it was not the other end that was silent. */
  #tick(): void {
    if (++this.#silentTicks > TICKS_UNTIL_LOST) {
      return this.#lose(`nothing was heard of it for ${this.#options.lostAfterMs} ms`);
    }
    this.#tickLater();
    if (!this.#wentOn && this.#sent > 0) {
      this.#sent = 0;
      this.#window = 1;
      this.#pump();
    }
    this.#wentOn = false;
    this.#acknowledge();
  }

  #lose(why: string): void {
    if (this.#state === "closed") return;
    this.#owed = 0;
    this.close();
    this.#options.lost(why);
  }
}

const NOTHING: Part = { bytes: new Uint8Array(0), isLast: false };

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
