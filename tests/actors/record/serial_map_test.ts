import { assertEquals } from "@std/assert";
import { SerialMap } from "../../../actors/record/serial_map.ts";
import { Random } from "../../../random.ts";

Deno.test("a map of serial numbers has what a Map has, in the order of the numbers", () => {
  const random = new Random(1);
  const map = new SerialMap<string>();
  const expected = new Map<number, string>();
  for (let step = 0; step < 5000; step++) {
    const serial = step + random.integer(400);
    if (random.uniform() < 0.5) {
      map.set(serial, `${step}`);
      expected.set(serial, `${step}`);
    } else {
      map.delete(serial);
      expected.delete(serial);
    }
    const asked = step + random.integer(400);
    assertEquals(map.get(asked), expected.get(asked));
  }
  const inOrder = [...expected].sort(([a], [b]) => a - b).map(([, value]) => value);
  assertEquals(map.inOrder(), inOrder);
});
