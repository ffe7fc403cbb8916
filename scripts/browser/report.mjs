// Checks a report, or a page of many seeds, in a real browser: no error, no request, no
// overflow on a phone, labels that stay, links that lead somewhere, no empty drawing,
// values by pointer and by keyboard, light and dark.
//
//   node report.mjs REPORT.html SCREENSHOTS-FOLDER

import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [file, folder] = process.argv.slice(2);
if (!file || !folder) {
  console.error('usage: node report.mjs REPORT.html SCREENSHOTS-FOLDER');
  process.exit(2);
}
// A page of many seeds has no script, and so no values.
const seeds = file.endsWith('seeds.html');
const page_url = pathToFileURL(resolve(file)).href;
mkdirSync(folder, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
  ],
});

const failures = [];
const check = (holds, what) => {
  if (!holds) failures.push(what);
};

const views = [
  { name: 'wide-light', width: 1280, height: 900, colorScheme: 'light' },
  { name: 'wide-dark', width: 1280, height: 900, colorScheme: 'dark' },
  { name: 'phone-light', width: 360, height: 740, colorScheme: 'light' },
  { name: 'phone-dark', width: 360, height: 740, colorScheme: 'dark' },
];

// Values by pointer and by keyboard.
async function hover(page, name) {
  const plot = page.locator('#price .plot');
  const values = page.locator('#price .values');
  await plot.scrollIntoViewIfNeeded();
  const box = await plot.boundingBox();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5);
  check(/\d{4}-\d\d-\d\d/.test(await values.innerText()), `${name}: no values under the pointer`);
  await page.screenshot({ path: `${folder}/${name}-hover.png` });
  await page.mouse.move(0, 0);
  check((await values.innerText()) === '', `${name}: values stay when the pointer has left`);
  await plot.focus();
  await page.keyboard.press('End');
  const last = await values.innerText();
  await page.keyboard.press('ArrowLeft');
  const before = await values.innerText();
  check(last !== '' && before !== '' && last !== before, `${name}: no values by arrow keys`);
  await page.keyboard.press('Escape');
}

for (const { name, width, height, colorScheme } of views) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) failures.push(`${name}: console: ${message.text()}`);
  });
  page.on('pageerror', (error) => failures.push(`${name}: script: ${error.message}`));
  page.on('request', (request) => {
    const asked = request.url();
    if (asked !== page_url && !asked.startsWith('data:')) failures.push(`${name}: request: ${asked}`);
  });
  await page.goto(page_url);

  const overflow = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const wide = [...document.querySelectorAll('main *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1 && !element.closest('.scroll, .skip'),
    );
    return { scrollWidth, clientWidth, wide: wide.slice(0, 5).map((e) => `${e.tagName}.${e.className}`) };
  });
  check(
    overflow.scrollWidth <= overflow.clientWidth && overflow.wide.length === 0,
    `${name}: overflow: ${overflow.scrollWidth} > ${overflow.clientWidth} px ${overflow.wide.join(' ')}`,
  );

  // What scrolls shows it by its edges, and keeps each row's label in sight, beside
  // the amount at the far end.
  const scrolled = await page.evaluate(() => {
    const bad = [];
    for (const region of document.querySelectorAll('.scroll')) {
      if (!region.checkVisibility() || region.scrollWidth <= region.clientWidth + 1) continue;
      const title = region.getAttribute('aria-label');
      if (!getComputedStyle(region).backgroundImage.includes('gradient')) bad.push(`${title}: no edge`);
      region.scrollLeft = region.scrollWidth;
      const frame = region.getBoundingClientRect();
      for (const row of region.querySelectorAll('tr')) {
        const cells = [...row.children].map((cell) => cell.getBoundingClientRect());
        const [label, amount] = [cells[0], cells[cells.length - 1]];
        const seen = label.left >= frame.left - 1 && label.right <= frame.right + 1;
        const beside = amount.left >= label.right - 1 && amount.right <= frame.right + 1;
        // The text of a label must not be pushed out of it either.
        if (!seen || !beside) {
          bad.push(`${title}: ${row.children[0].textContent.trim()}`);
          break;
        }
      }
      region.scrollLeft = 0;
    }
    return bad;
  });
  check(scrolled.length === 0, `${name}: labels out of sight when scrolled: ${scrolled.join('; ')}`);

  const lost = await page.evaluate(() =>
    [...document.querySelectorAll('nav a, a[href^="#"]')]
      .map((link) => link.getAttribute('href'))
      .filter((href) => !href.startsWith('#') || !document.getElementById(href.slice(1))),
  );
  check(lost.length === 0, `${name}: links to nowhere: ${lost.join(' ')}`);
  check((await page.locator('nav a').count()) >= 6, `${name}: no table of contents`);

  // A drawing has something on it: values that are not all zero, or a line.
  const empty = await page.evaluate(() => {
    const data = JSON.parse(document.getElementById('data')?.textContent ?? '[]');
    const zero = data.filter((figure) => !figure.values.some((list) => list.some((value) => value)));
    const bare = [...document.querySelectorAll('figure')].filter(
      (figure) => ![...figure.querySelectorAll('svg')].every((svg) => svg.querySelector('polyline, polygon, rect, path, circle')),
    );
    return [...zero.map((figure) => figure.id), ...bare.map((figure) => figure.id)];
  });
  check(empty.length === 0, `${name}: empty drawings: ${empty.join(' ')}`);

  const drawn = seeds ? '#drawings' : '#timeline';
  const figures = await page.locator(`section${drawn} figure`).all();
  const least = seeds ? 1 : 3;
  check(figures.length >= least, `${name}: ${figures.length} drawings, must be at least ${least}`);
  for (const figure of figures) {
    const id = await figure.getAttribute('id');
    const drawn = await figure.locator('svg:visible').count();
    check(drawn === 1, `${name}: ${id}: ${drawn} drawings visible, must be 1`);
  }

  if (!seeds) await hover(page, name);

  const contrast = await page.evaluate(() => {
    const number = (text) => text.match(/\d+(\.\d+)?/g).slice(0, 3).map(Number);
    const light = (rgb) =>
      rgb.map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    const luminance = (rgb) => light(rgb).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const paper = luminance(number(getComputedStyle(document.body).backgroundColor));
    const ratio = (text) => {
      const ink = luminance(number(text));
      return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    };
    const words = [...document.querySelectorAll('p, li, td, th, h1, h2, h3, a, summary, dt, dd, dfn, small')]
      .filter((element) => element.textContent.trim() !== '' && element.checkVisibility())
      .map((element) => [ratio(getComputedStyle(element).color), element.tagName]);
    const drawn = [...document.querySelectorAll('svg text')]
      .filter((element) => element.checkVisibility())
      .map((element) => [ratio(getComputedStyle(element).fill), 'svg text']);
    return [...words, ...drawn].reduce((least, one) => (one[0] < least[0] ? one : least));
  });
  check(contrast[0] >= 4.5, `${name}: contrast of ${contrast[1]} is ${contrast[0].toFixed(2)}, must be at least 4.5`);

  await page.evaluate(() => window.scrollTo(0, 0));
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  await context.close();
}

const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
const page = await context.newPage();
await page.goto(page_url);
const sections = seeds
  ? ['contents', 'words', 'drawings', 'figures-0', 'limits', 'runs-0', 'origin']
  : ['contents', 'words', 'bearers', 'timeline', 'yields', 'reference-stakers', 'liquidation-cost', 'answers', 'losses', 'transitions', 'prices', 'parameters', 'checks', 'origin'];
for (const id of sections) {
  check((await page.locator(`#${id}`).count()) === 1, `without scripts: no #${id}`);
}
await page.pdf({ path: `${folder}/print.pdf`, format: 'A4' });
await browser.close();

for (const failure of failures) console.error(`FAILS  ${failure}`);
console.log(failures.length === 0 ? `holds  ${views.length} views of ${file}` : `${failures.length} checks failed`);
process.exit(failures.length === 0 ? 0 : 1);
