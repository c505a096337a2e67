/** Ends the process with one sentence when Node is too old. Written so that old ones can read it. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  process.stderr.write(
    `marginalia: expected Node 20.19 or newer, got ${process.versions.node}. Install a current Node, for instance from nodejs.org.\n`,
  );
  process.exit(1);
}
