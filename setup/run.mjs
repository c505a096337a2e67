import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** @typedef {object} RunOptions
 *  @property {string} [cwd]
 *  @property {NodeJS.ProcessEnv} [env] the whole environment; the parent's where absent
 *  @property {number} [timeoutMs] the command and its children are killed after this time
 *  @property {'collect' | 'show'} [output] `show` lets the command write to the terminal */

/** @typedef {{ok: boolean, code: number | null, stdout: string, stderr: string}} RunResult */

/** Runs one command to its end. A command that cannot start, fails or takes too long gives
 *  `ok: false` and the reason in `stderr`; nothing is thrown.
 *  @param {string} command @param {string[]} args @param {RunOptions} [options]
 *  @returns {Promise<RunResult>} */
export function run(command, args, { cwd, env, timeoutMs, output = 'collect' } = {}) {
  return new Promise((done) => {
    const stdio = output === 'show' ? 'inherit' : 'pipe';
    // A group of its own, so that a time limit also reaches what the command has started.
    const detached = timeoutMs !== undefined && process.platform !== 'win32';
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', stdio, stdio],
      detached,
    });
    const text = { stdout: '', stderr: '' };
    child.stdout?.setEncoding('utf8').on('data', (part) => (text.stdout += part));
    child.stderr?.setEncoding('utf8').on('data', (part) => (text.stderr += part));
    const kill = () => killGroup(child, detached);
    const timer = timeoutMs === undefined ? undefined : setTimeout(expire, timeoutMs);
    function expire() {
      text.stderr += `\nstopped after ${Math.round(/** @type {number} */ (timeoutMs) / 1000)} s`;
      kill();
    }
    const release = detached ? onExit(kill) : () => {};
    child.on('error', (error) => finish(null, error.message));
    child.on('close', (code) => finish(code, ''));
    /** @param {number | null} code @param {string} reason */
    function finish(code, reason) {
      clearTimeout(timer);
      release();
      done({ ok: code === 0, code, stdout: text.stdout, stderr: text.stderr + reason });
    }
  });
}

/** @param {import('node:child_process').ChildProcess} child @param {boolean} group */
function killGroup(child, group) {
  if (child.pid === undefined) return;
  try {
    process.kill(group ? -child.pid : child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself in the meantime.
  }
}

/** Ctrl-C does not reach a group of its own: hand it on. The exit code tells the signal.
 *  @param {() => void} kill @returns {() => void} takes the handlers away again */
function onExit(kill) {
  const stop = (/** @type {'SIGINT' | 'SIGTERM'} */ signal) => {
    kill();
    process.exit(128 + constants.signals[signal]);
  };
  process.once('exit', kill).once('SIGINT', stop).once('SIGTERM', stop);
  return () => process.off('exit', kill).off('SIGINT', stop).off('SIGTERM', stop);
}

/** The line of a command's complaint that says most, for a message of one line: the error that it
 *  names, else its last words.
 *  @param {RunResult} result @returns {string} */
export function lastLine({ stderr, stdout }) {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim());
  const error = lines.find((line) => /^\w*Error(?: \[\w+\])?:/.test(line));
  return error ?? lines.filter((line) => line !== '').at(-1) ?? 'no message';
}
