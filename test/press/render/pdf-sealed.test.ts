import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPrinter } from '../../../src/press/render/pdf.js';
import { browser, noBrowser, OPTIONS, openPdf, pageTexts } from './pdf-browser.js';

/** Every way out of a page that we know.
 *  @param to address of a server. @param file address of a folder with `secret.*`. */
function hostileHtml(to: string, file: string): string {
  const inner = (name: string) =>
    `<script>document.write('ran')</script><img src='${to}/${name}'><iframe src='${file}/secret.html'></iframe>`;
  return `<!doctype html><html><head><title>T</title>
    <meta http-equiv="refresh" content="0;url=${to}/refresh">
    <link rel="preconnect" href="${to}"><link rel="prefetch" href="${to}/prefetch">
    <link rel="prerender" href="${to}/prerender"><link rel="preload" as="image" href="${to}/preload">
    <link rel="modulepreload" href="${to}/module.js"><link rel="manifest" href="${to}/manifest">
    <link rel="icon" href="${to}/icon"><link rel="stylesheet" href="${to}/sheet.css">
    <style>@import url(${to}/import.css); body{background:url(${to}/background)}
      @font-face{font-family:x;src:url(${to}/font.woff2)} p{font-family:x;content:url(${file}/secret.svg)}</style>
    <script src="${to}/script.js"></script><script>fetch('${to}/fetch');
      addEventListener('DOMContentLoaded', () => document.body.append('ran'))</script>
    <script type="speculationrules">{"prefetch":[{"urls":["${to}/rule"],"eagerness":"immediate"}]}</script>
    </head><body><h1>It stays</h1>
    <img src="${to}/image"><img src="${file}/secret.svg"><img src="x" onerror="document.body.append('ran')">
    <picture><source srcset="${to}/srcset"><img src="${to}/picture"></picture>
    <iframe src="${to}/frame"></iframe><iframe src="${file}/secret.html"></iframe>
    <iframe src="data:text/html,${inner('in-data')}"></iframe><iframe srcdoc="${inner('in-srcdoc')}"></iframe>
    <object data="${file}/secret.html"></object><object data="${to}/object"></object>
    <embed src="${file}/secret.txt"><video src="${to}/video" poster="${to}/poster" autoplay></video>
    <svg><image href="${file}/secret.svg" width="99" height="99"/><use href="${to}/use.svg#a"/></svg>
    <form action="${to}/form"><input autofocus></form></body></html>`;
}

describe.skipIf(noBrowser)(`a hostile page${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const arrived: string[] = [];
  let server: Server;
  let folder: string;

  beforeAll(async () => {
    server = createServer((socket) => {
      arrived.push('a connection');
      socket.on('error', () => socket.destroy());
      socket.on('data', (data) => {
        arrived.push(String(data).split('\r\n')[0] ?? '');
        socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi');
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    folder = await mkdtemp(join(tmpdir(), 'marginalia-test-'));
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><text y="20">secret</text></svg>';
    await writeFile(join(folder, 'secret.svg'), svg);
    await writeFile(join(folder, 'secret.html'), '<p>secret</p>');
    await writeFile(join(folder, 'secret.txt'), 'secret');
  });
  afterAll(async () => {
    server?.close();
    await rm(folder, { recursive: true });
  });

  test('is printed, but reaches no server, reads no file and runs no script', async () => {
    const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await fetch(`${to}/control`);
    expect(arrived.splice(0)).toEqual(['a connection', 'GET /control HTTP/1.1']);

    const printer = await openPrinter(browser);
    const html = hostileHtml(to, String(pathToFileURL(folder)));
    const texts = await pageTexts(await openPdf(await printer.print(html, OPTIONS)));
    await setTimeout(300); // what was only started would arrive now
    await printer.close();

    expect(arrived).toEqual([]);
    expect(texts.join()).toContain('It stays');
    expect(texts.join()).not.toMatch(/secret|ran/);
  });
});
