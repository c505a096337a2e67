/** Stands in for a kernel whose cell never lets anything else run. */

process.stdout.write(`${process.pid}\n`);
while (true);
