import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  type DeviceReport,
  parseCards,
  probeDevices,
  renderDevices,
} from "../../experiments/devices.ts";
import { DeviceUnavailable, formatChoice } from "../../models/mod.ts";

Deno.test("the processor trains with every engine, and one of them is chosen", async () => {
  const [cpu, gpu, ...others] = await probeDevices([], 6);
  assertEquals(others, []);
  assertEquals(cpu!.title, "6 cores");
  for (const { result } of cpu!.engines) assert(!(result instanceof DeviceUnavailable));
  assertEquals(
    cpu!.engines.filter(({ chosen }) => chosen).map(({ choice }) => choice),
    [{ engine: "onnx", backend: "cpu" }],
  );
  assertEquals(
    gpu!.engines.map(({ choice }) => formatChoice(choice)),
    ["tfjs/tensorflow", "onnx/cuda", "tfjs/webgpu", "onnx/webgpu"],
  );
});

Deno.test("each further card of NVIDIA is a device of CUDA's engines", async () => {
  const reports = await probeDevices(["One", "Two"]);
  const [, first, second] = reports;
  assertEquals(reports.length, 3);
  assertEquals([first!.title, second!.title], ["One", "Two"]);
  assertEquals(second!.device, { type: "gpu", index: 1 });
  assertEquals(
    second!.engines.map(({ choice }) => formatChoice(choice)),
    ["tfjs/tensorflow", "onnx/cuda"],
  );
});

Deno.test("a report has a line for each engine: what computes, or what to install", () => {
  const device = { type: "gpu", index: 0 } as const;
  const report: DeviceReport = {
    device,
    title: "Some Card",
    engines: [
      {
        choice: { engine: "tfjs", backend: "tensorflow" },
        result: new DeviceUnavailable(device, "install it"),
        chosen: false,
      },
      {
        choice: { engine: "tfjs", backend: "webgpu" },
        result: { engine: "tfjs", backend: "webgpu", version: "1.2.3", hardware: "Chip" },
        chosen: true,
      },
    ],
  };
  const lines = renderDevices([report]).split("\n");
  assertEquals(lines[0], "gpu:0: Some Card");
  assertMatch(lines[1]!, /^ {4}tfjs\/tensorflow +missing: install it$/);
  assertMatch(lines[2]!, /^ {2}\* tfjs\/webgpu +ready, 1\.2\.3, Chip$/);
});

Deno.test("cards are read from nvidia-smi", () => {
  assertEquals(
    parseCards("NVIDIA A100, 40960 MiB, 535.54.03\nNVIDIA T4, 15360 MiB, 535.54.03\n"),
    ["NVIDIA A100, 40960 MiB, driver 535.54.03", "NVIDIA T4, 15360 MiB, driver 535.54.03"],
  );
  assertEquals(parseCards("NVIDIA-SMI has failed because it could not find a driver.\n"), []);
});
