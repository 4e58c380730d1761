import { assertEquals, assertThrows } from "@std/assert";
import { fc } from "./fast_check.ts";
import { LeaseTable } from "../../actors/runtime/mod.ts";

Deno.test("a lease lapses at its deadline, and the work can be leased again", () => {
  const leases = new LeaseTable();
  leases.grant("a", "x", 10);
  assertEquals(leases.expire(9), []);
  assertEquals(leases.expire(10), [{ work: "a", holder: "x", deadline: 10, attempt: 1 }]);
  assertEquals(leases.grant("a", "y", 20).attempt, 2);
});

Deno.test("a sign of life moves the deadlines of all that a holder has", () => {
  const leases = new LeaseTable();
  leases.grant("a", "x", 10);
  leases.grant("b", "y", 10);
  leases.grant("c", "x", 12);
  assertEquals(leases.extend("x", 30), 2);
  assertEquals(leases.expire(29).map(({ work }) => work), ["b"]);
  assertEquals(leases.nextDeadline, 30);
});

Deno.test("the first result counts, even one that comes after the lease has lapsed", () => {
  const leases = new LeaseTable();
  leases.grant("a", "x", 10);
  leases.expire(10);
  leases.grant("a", "y", 20);
  assertEquals(leases.complete("a", "x"), "first");
  assertEquals(leases.leases, []);
  assertEquals(leases.complete("a", "y"), "duplicate");
});

Deno.test("a result for work that the holder was not given is unknown", () => {
  const leases = new LeaseTable();
  leases.grant("a", "x", 10);
  assertEquals(leases.complete("a", "z"), "unknown");
  assertEquals(leases.complete("b", "x"), "unknown");
  assertEquals(leases.complete("a", "x"), "first");
});

Deno.test("work is leased to one holder at a time, and never again when it is done", () => {
  const leases = new LeaseTable();
  leases.grant("a", "x", 10);
  assertThrows(() => leases.grant("a", "y", 10), RangeError, 'is leased to "x"');
  leases.complete("a", "x");
  assertThrows(() => leases.grant("a", "y", 10), RangeError, "is done");
});

/** The same table as a list of all that happened, searched anew for each question. */
class Model {
  #history: { work: string; holder: string; deadline: number; ended: boolean }[] = [];
  #done: string[] = [];

  current() {
    return this.#history.filter(({ ended }) => !ended);
  }
  grant(work: string, holder: string, deadline: number): number | "refused" {
    if (this.#done.includes(work) || this.current().some((lease) => lease.work === work)) {
      return "refused";
    }
    this.#history.push({ work, holder, deadline, ended: false });
    return this.#history.filter((lease) => lease.work === work).length;
  }
  extend(holder: string, deadline: number): number {
    const own = this.current().filter((lease) => lease.holder === holder);
    for (const lease of own) lease.deadline = deadline;
    return own.length;
  }
  complete(work: string, holder: string): string {
    if (!this.#history.some((lease) => lease.work === work && lease.holder === holder)) {
      return "unknown";
    }
    if (this.#done.includes(work)) return "duplicate";
    this.#done.push(work);
    this.end((lease) => lease.work === work);
    return "first";
  }
  end(which: (lease: { work: string; holder: string; deadline: number }) => boolean): string[] {
    const ended = this.current().filter(which);
    for (const lease of ended) lease.ended = true;
    return ended.map(({ work }) => work);
  }
  forget(work: string): void {
    this.#history = this.#history.filter((lease) => lease.work !== work);
    this.#done = this.#done.filter((done) => done !== work);
  }
}

Deno.test("whatever happens in whatever order, a lease table agrees with its model", () => {
  const step = fc.record({
    action: fc.constantFrom("grant", "grant", "extend", "complete", "expire", "release", "forget"),
    work: fc.constantFrom("a", "b", "c"),
    holder: fc.constantFrom("x", "y", "z"),
    pass: fc.integer({ min: 0, max: 10 }),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const leases = new LeaseTable();
    const model = new Model();
    let now = 0;
    for (const { action, work, holder, pass } of steps) {
      now += pass;
      switch (action) {
        case "grant": {
          const attempt = model.grant(work, holder, now + 10);
          if (attempt !== "refused") {
            assertEquals(leases.grant(work, holder, now + 10).attempt, attempt);
          } else assertThrows(() => leases.grant(work, holder, now + 10), RangeError);
          break;
        }
        case "extend":
          assertEquals(leases.extend(holder, now + 10), model.extend(holder, now + 10));
          break;
        case "complete":
          assertEquals<string>(leases.complete(work, holder), model.complete(work, holder));
          break;
        case "expire":
          assertEquals(
            leases.expire(now).map((lease) => lease.work),
            model.end((lease) => lease.deadline <= now),
          );
          break;
        case "release":
          assertEquals(
            leases.releaseHolder(holder).map((lease) => lease.work),
            model.end((lease) => lease.holder === holder),
          );
          break;
        case "forget":
          leases.forget(work);
          model.forget(work);
      }
      const current = model.current();
      assertEquals(
        leases.leases.map(({ work, holder, deadline }) => ({ work, holder, deadline })),
        current.map(({ work, holder, deadline }) => ({ work, holder, deadline })),
      );
      const deadlines = current.map(({ deadline }) => deadline);
      assertEquals(leases.nextDeadline, deadlines.length ? Math.min(...deadlines) : undefined);
    }
  }));
});
