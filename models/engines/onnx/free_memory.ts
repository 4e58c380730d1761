import { isGranted } from "../../../permissions.ts";

/**
 * Returns the C library's free memory to the system. glibc keeps what a released session leaves, in
 * pieces that the next session's tensors do not fit into, so that a process would grow by a half from
 * engine to engine. Does nothing with other C libraries.
 */
export function freeMemory(): void {
  const path = "libc.so.6";
  if (Deno.build.os !== "linux" || !isGranted({ name: "ffi", path })) return;
  let library;
  try {
    library = Deno.dlopen(path, { malloc_trim: { parameters: ["usize"], result: "i32" } });
  } catch {
    return;
  }
  library.symbols.malloc_trim(0n);
  library.close();
}
