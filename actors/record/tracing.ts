/**
 * A span for each evaluation, with its parts, through OpenTelemetry. Off unless `OTEL_DENO` is set:
 * Deno then sends the spans where `OTEL_EXPORTER_OTLP_ENDPOINT` says.
 *
 * @module
 */
import type { Span, Tracer } from "@opentelemetry/api";
import { isGranted } from "../../permissions.ts";
import type { Evaluated, Timing } from "./facts.ts";

/** Reports an evaluation that has just ended. */
export type Trace = (event: Evaluated) => void;

/**
 * A tracer of evaluations; one that does nothing where tracing is off, or the permission to ask whether
 * it is on is missing.
 */
export async function openTrace(): Promise<Trace> {
  const isOn = isGranted({ name: "env", variable: "OTEL_DENO" }) &&
    Deno.env.get("OTEL_DENO") === "true";
  if (!isOn) return () => {};
  const { context, trace } = await import("@opentelemetry/api");
  const tracer: Tracer = trace.getTracer("mddes");

  /** What was queued and done of one part. */
  function tracePart(name: string, parent: Span, timing: Timing): void {
    const { startedAt, queuedMs, busyMs, slot, device, engine, attempt } = timing;
    const within = trace.setSpan(context.active(), parent);
    const attributes = { slot, device, engine, attempt };
    tracer.startSpan(`queued for ${name}`, { startTime: startedAt - queuedMs }, within)
      .end(startedAt);
    tracer.startSpan(name, { startTime: startedAt, attributes }, within).end(startedAt + busyMs);
  }

  return (event) => {
    const { generation, candidate, repeat, status } = event;
    const timings = Object.values(event.timings);
    const begins = timings.map(({ startedAt, queuedMs }) => startedAt - queuedMs);
    const ends = timings.map(({ startedAt, busyMs }) => startedAt + busyMs);
    const now = Date.now();
    const told = Math.max(...(ends.length > 0 ? ends : [now]));
    // Parts are timed to fractions of a millisecond, and may end within the one that `now` names.
    const end = Math.max(now, told);
    const evaluation = tracer.startSpan("evaluation", {
      startTime: Math.min(now, ...begins),
      attributes: { generation, candidate, repeat, status, fitness: event.fitness ?? status },
    });
    for (const [part, timing] of Object.entries(event.timings)) {
      tracePart(part, evaluation, timing);
    }
    const within = trace.setSpan(context.active(), evaluation);
    tracer.startSpan("tell", { startTime: told }, within).end(end);
    evaluation.end(end);
  };
}
