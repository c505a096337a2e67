/** The signals that end a command: Ctrl-C lets it finish what it does, all others stop it. */

/** Each with its exit code: 128 and the signal's number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type EndSignal = keyof typeof EXIT_CODES;
const SIGNALS = Object.keys(EXIT_CODES) as EndSignal[];

/** npm hands Ctrl-C on to a command that the terminal has told already. */
const ONE_PRESS_MS = 300;
/** What has not stopped so long after the second Ctrl-C is ended: a page that is printed, say. */
const STOP_MS = 2000;

export interface Interruption {
  /** Ctrl-C, the first time: what has begun is finished, and nothing else is begun. */
  readonly finish: AbortSignal;
  /** Ctrl-C once more, or another signal: stop at once, and clear away. */
  readonly stop: AbortSignal;
}

/** Does work that ends in its own way when it is interrupted; one signal more than that ends the
 *  process. Resolves to the exit code: the signal's, else the one of the work. */
export async function interruptible(
  work: (interruption: Interruption) => Promise<number>,
): Promise<number> {
  const [finish, stop] = [new AbortController(), new AbortController()];
  let code: number | undefined;
  let pressed = Number.NEGATIVE_INFINITY;
  // Stays in place after the first signal: without a listener the live list would end the process.
  const onSignal = (name: EndSignal) => {
    const isPress = name === 'SIGINT';
    if (isPress && performance.now() - pressed < ONE_PRESS_MS) return;
    if (isPress) pressed = performance.now();
    if (stop.signal.aborted) process.exit(code);
    code ??= EXIT_CODES[name];
    // After a hang-up nobody reads any more; what is still written must not stop the end.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
    if (isPress && !finish.signal.aborted) finish.abort();
    else stop.abort();
  };
  const onStop = () => {
    if (finish.signal.aborted) setTimeout(() => process.exit(code), STOP_MS).unref();
  };
  stop.signal.addEventListener('abort', onStop);
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    const done = await work({ finish: finish.signal, stop: stop.signal });
    return code ?? done;
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}
