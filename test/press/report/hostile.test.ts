/** A hostile notebook: its report runs nothing, reads no file and sends no request. */

import { type AddressInfo, createServer, type Server } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import puppeteer, { type Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browser, noBrowser, openPdf, pageTexts } from '../render/pdf-browser.js';
import { type Desk, display, makeDesk, notebookText, publish } from './desk.js';

const VEGA = 'application/vnd.vegalite.v5+json';
/** Writes `42!` into the page; in quotes of either kind. */
const RAN = 'document.body.append(40+2+/!/.source)';

/** Everything that a cell or a text can try; `to` is a server, `file` a folder with secrets. */
function hostileCells(to: string, file: string) {
  const html = `
    <script>${RAN}; fetch("${to}/fetch")</script><script src="${to}/script.js"></script>
    <img src=x onerror='${RAN}'><img src="${to}/image"><img src="../secret.svg">
    <iframe src="${file}/secret.html"></iframe><iframe srcdoc="<script>parent.${RAN}</script>"></iframe>
    <object data="${file}/secret.html"></object><embed src="${file}/secret.html">
    <link rel="stylesheet" href="${to}/sheet.css"><style>@import "${to}/import.css";</style>
    <meta http-equiv="refresh" content="0;url=${to}/refresh"><base href="${to}/">
    <form action="${to}/form"><button autofocus onfocus='${RAN}'>Go</button></form>
    <a href="javascript:${encodeURI(RAN)}">a link of a cell</a><p style="background:url(${to}/bg)">html is here</p>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="99" height="20" onload='${RAN}'>
    <script>${RAN}</script><image href="${to}/svg-image" width="9" height="9"/>
    <use href="${file}/secret.svg#a"/><style>@import "${to}/svg.css";</style>
    <foreignObject><iframe src="${file}/secret.html"></iframe></foreignObject>
    <a href="javascript:${encodeURI(RAN)}"><text y="9">svg is here</text></a></svg>`;
  const text = `# A hostile lesson

<script>${RAN}</script><img src="${to}/markdown-html">

[a link of the text](javascript:${encodeURI(RAN)}) ![remote](${to}/markdown-image) ![above](../secret.svg) text is here`;
  return [
    { md: text },
    { code: display({ 'text/html': html }) },
    { code: display({ 'image/svg+xml': svg }) },
    { code: display({ 'text/markdown': text.replace('# A hostile lesson', '') }) },
    { code: display({ 'application/javascript': RAN }) },
    { code: 'console.log("<script>" + "stream</script>")' },
  ];
}

let desk: Desk;
let server: Server;
let chromium: Browser | undefined;
let to: string;
const arrived: string[] = [];

beforeAll(async () => {
  desk = makeDesk();
  server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      arrived.push(String(data).split('\r\n')[0] ?? '');
      socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n[]');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  to = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  desk.put('secret.html', '<p>secret</p>');
  desk.put(
    'secret.svg',
    '<svg xmlns="http://www.w3.org/2000/svg"><text id="a">secret</text></svg>',
  );
  if (noBrowser === undefined) {
    const { path, args } = browser;
    chromium = await puppeteer.launch({ executablePath: path, args: [...args], headless: 'shell' });
  }
});
afterAll(async () => {
  await chromium?.close();
  server.close();
  desk.clear();
});

/** Clicks what is left of the links. */
const CLICK = `for (const link of document.querySelectorAll('main a, article a')) {
  if (/a link|here/.test(link.textContent)) link.dispatchEvent(new MouseEvent('click'));
}`;

/** Opens a page of the desk; says what it asked for and what ran in it. */
async function visit(name: string) {
  const address = pathToFileURL(desk.path(name)).href;
  const page = await (chromium as Browser).newPage();
  const asked: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith('data:') && url !== address) asked.push(url);
  });
  page.on('dialog', (dialog) => void dialog.dismiss());
  await page.goto(address);
  await page.evaluate(CLICK);
  await setTimeout(300);
  const [text, frames] = [await page.evaluate('document.body.innerText'), page.frames().length];
  await page.close();
  return { asked, text: String(text), frames };
}

describe.skipIf(noBrowser)(`a hostile notebook${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  test('is printed, harmless, as HTML and PDF', async () => {
    const cells = hostileCells(to, pathToFileURL(desk.folder).href);
    desk.book(['hostile.ipynb']);
    desk.put('notebooks/hostile.ipynb', notebookText(cells));
    const found = { version: '', source: '', ...browser };
    const { errors } = await desk.run({ formats: ['html', 'pdf'] }, found);
    expect(errors).toEqual([]);
    const { asked, text, frames } = await visit('reports/hostile.html');
    const printed = await openPdf(desk.bytes('reports/hostile.pdf'));
    for (const seen of [text, (await pageTexts(printed)).join()]) {
      expect(seen).toMatch(/text is here[\s\S]*html is here[\s\S]*svg is here/);
      expect(seen).not.toMatch(/42!|secret/);
    }
    expect({ asked, frames, arrived }).toEqual({ asked: [], frames: 1, arrived: [] });
  });

  test('the visit would see what a page asks for, and what runs in it', async () => {
    const links = `<main><a href="javascript:void ${encodeURI(RAN)}">a link</a></main>`;
    const parts = `<iframe src="secret.html"></iframe><img src="${to}/control">`;
    desk.put('control.html', `<meta charset="utf-8"><body>${links}${parts}`);
    const { asked, frames, text } = await visit('control.html');
    expect({ asked: asked.length, frames, text }).toEqual({
      asked: 2,
      frames: 2,
      text: 'a link\n42!',
    });
    expect(arrived.splice(0)).toEqual(['GET /control HTTP/1.1']);
  });
});

describe('a specification with its data behind an address is never loaded', () => {
  const build = async (code: string) => {
    desk.book(['far.ipynb']);
    desk.put('notebooks/far.ipynb', notebookText([{ md: '# Far' }, { code }]));
    const { errors } = await desk.run();
    expect(arrived).toEqual([]);
    return errors;
  };
  const data = () => ({ [VEGA]: { data: { url: `${to}/data.json` }, mark: 'bar' } });
  const REFUSED = [expect.stringMatching(/^notebooks\/far.ipynb, cell 2 \(fig-far\): .* address/)];

  test('it is refused as a figure', async () => {
    const head = '//| label: fig-far\n//| fig-cap: Far\n//| fig-alt: Bars\n';
    expect(await build(head + publish({ kind: 'figure' }, data()))).toEqual(REFUSED);
  });

  test('it is refused as any output', async () => {
    expect(await build(`//| label: fig-far\n${display(data())}`)).toEqual(REFUSED);
  });

  test('it is no matter where it is hidden', async () => {
    const head = '//| label: fig-far\n//| output: false\n';
    expect(await build(head + publish({ kind: 'figure' }, data()))).toEqual([]);
  });
});
