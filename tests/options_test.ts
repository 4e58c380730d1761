import { assertEquals, assertThrows } from "@std/assert";
import * as v from "valibot";
import {
  ABOVE_0,
  checkOptions,
  choice,
  ConfigurationError,
  describeOption,
  integer,
  number,
  optionsDeciding,
  requireMeaning,
  withoutDefaults,
} from "../options.ts";

const schema = v.strictObject({
  fuel: v.optional(choice(["wood", "gas"], "what burns"), "wood"),
  pressure: v.optional(
    integer(1, 9, "of the gas", { needs: { fuel: "gas", draught: ABOVE_0 } }),
    3,
  ),
  draught: v.optional(number(0, 1, "how far the flap is open"), 1),
  days: v.optional(integer(1, 9, "how long", { decides: "length" }), 1),
  lamp: v.optional(choice(["on", "off"], "whether anybody sees it", { decides: "nothing" })),
});

/** What a user gives, as a command or a call checks it. */
function settle(given: Record<string, unknown>, nameOf?: (option: string) => string) {
  const settled = checkOptions(schema, given);
  requireMeaning(schema.entries, given, settled, nameOf);
  return settled;
}

Deno.test("an option says whether it decides the results; without a word it does", () => {
  assertEquals(optionsDeciding(schema.entries, "results"), ["fuel", "pressure", "draught"]);
  assertEquals(optionsDeciding(schema.entries, "length"), ["days"]);
  assertEquals(optionsDeciding(schema.entries, "nothing"), ["lamp"]);
  assertEquals(describeOption(v.string()).decides, "results");
});

Deno.test("an option without the choices that it needs is refused, and says which", () => {
  assertEquals(settle({ fuel: "gas", pressure: 5 }).pressure, 5);
  const cases: [Record<string, unknown>, string][] = [
    [{ pressure: 5 }, "received fuel wood"],
    [{ pressure: 3 }, "received fuel wood"],
    [{ pressure: 5, draught: 0 }, "received fuel wood and draught 0"],
    [{ pressure: 5, fuel: "gas", draught: 0 }, "received draught 0"],
  ];
  for (const [given, received] of cases) {
    const { message } = assertThrows(() => settle(given), ConfigurationError);
    assertEquals(
      message,
      `Option pressure means something only with fuel gas and draught above 0, ${received}`,
    );
  }
  const named = assertThrows(() => settle({ pressure: 5 }, (name) => `--${name}`));
  assertEquals(
    (named as Error).message,
    "Option --pressure means something only with --fuel gas and --draught above 0, received " +
      "--fuel wood",
  );
});

Deno.test("an error calls options by their own names, and as whoever shows it says", () => {
  const call = (option: string) => `--${option}`;
  for (
    const [given, message] of [
      [{ days: 0 }, "Option days must be an integer from 1 to 9, received 0"],
      [{ colour: 1 }, "Unknown option colour"],
      [
        { pressure: 3 },
        "Option pressure means something only with fuel gas and draught above 0, received fuel wood",
      ],
    ] as const
  ) {
    const error = assertThrows(() => settle(given), ConfigurationError);
    assertEquals(error.message, message);
    assertEquals(
      error.messageWith(call),
      message.replace(/\b(days|colour|pressure|fuel|draught)\b/g, "--$1"),
    );
  }
  assertEquals(new ConfigurationError("Cannot go on").messageWith(call), "Cannot go on");
});

Deno.test("what was not given is not refused: a default means nothing until its choice is made", () => {
  assertEquals(settle({}), { fuel: "wood", pressure: 3, draught: 1, days: 1 });
  assertEquals(settle({ pressure: undefined }).pressure, 3);
  const whole = settle({});
  requireMeaning(schema.entries, withoutDefaults(schema.entries, whole), whole);
  assertEquals(withoutDefaults(schema.entries, { ...whole, pressure: 4, lamp: "on" }), {
    pressure: 4,
    lamp: "on",
  });
});
