/** The signals that end a command. */

/** Each with its exit code: 128 and the signal's number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type EndSignal = keyof typeof EXIT_CODES;
const SIGNALS = Object.keys(EXIT_CODES) as EndSignal[];

/** Does work that ends in its own way on the first signal; the second ends the process at once.
 *  Resolves to the exit code: the signal's, else the one of the work. */
export async function interruptible(
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const interrupt = new AbortController();
  let code: number | undefined;
  // Stays in place after the first signal: without a listener the live list would end the process.
  const onSignal = (name: EndSignal) => {
    if (code !== undefined) process.exit(code);
    code = EXIT_CODES[name];
    // After a hang-up nobody reads any more; what is still written must not stop the end.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
    interrupt.abort();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    const done = await work(interrupt.signal);
    return code ?? done;
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}
