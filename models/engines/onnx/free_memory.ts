/**
 * Returns the C library's free memory to the system. glibc keeps what a released session leaves, in
 * pieces that the next session's tensors do not fit into, so that a process would grow by a half from
 * engine to engine. Does nothing with other C libraries.
 */
export function freeMemory(): void {
  if (Deno.build.os !== "linux") return;
  let library;
  try {
    library = Deno.dlopen("libc.so.6", { malloc_trim: { parameters: ["usize"], result: "i32" } });
  } catch {
    return;
  }
  library.symbols.malloc_trim(0n);
  library.close();
}
