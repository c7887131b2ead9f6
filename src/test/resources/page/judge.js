// Judges a page in a browser: every finding is a sentence. Runs in the page that holds the pages to be judged in frames.
'use strict';

function judge(frame) {
  const page = frame.contentDocument;
  const findings = [];
  const found = text => findings.push(text);
  if (frame.contentWindow.pwned !== undefined) found('a text of the input was run as a script');
  if (page.querySelector('script, img, iframe, object, embed, link, form')) found('an element that nobody wrote');
  if (page.documentElement.scrollWidth > frame.contentWindow.innerWidth) {
    found('wider than the window: ' + page.documentElement.scrollWidth + ' > ' + frame.contentWindow.innerWidth);
  }
  frame.contentWindow.performance.getEntriesByType('resource').forEach(entry => found('asked for ' + entry.name));
  headings(page, found);
  page.querySelectorAll('svg').forEach(svg => names(page, svg, found));
  const drawings = [...page.querySelectorAll('svg.pod')].filter(svg => !svg.closest('details:not([open])'));
  drawings.forEach(svg => drawing(svg, found));
  contrast(page, frame.contentWindow, found);
  return findings;
}

function headings(page, found) {
  let before = 0;
  for (const heading of page.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const level = Number(heading.tagName[1]);
    if (level > before + 1) found('heading ' + heading.textContent + ' skips a level');
    before = level;
  }
  if (page.querySelectorAll('h1').length !== 1) found('not one h1');
}

function names(page, svg, found) {
  if (svg.getAttribute('aria-hidden') === 'true') return;
  const ids = (svg.getAttribute('aria-labelledby') || '').split(' ');
  const named = ids.length === 2 && ids.every(id => page.getElementById(id) && page.getElementById(id).textContent.trim());
  if (svg.getAttribute('role') !== 'img' || !named) found('a drawing without a name');
}

const overlap = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const inside = (a, b) => a.x >= b.x - 1 && a.y >= b.y - 1 && a.x + a.width <= b.x + b.width + 1 && a.y + a.height <= b.y + b.height + 1;

function drawing(svg, found) {
  const shell = svg.querySelector('.shell').getBBox();
  const all = selector => [...svg.querySelectorAll(selector)].map(node => ({node, box: node.getBBox()}));
  const texts = all('text');
  const frames = all('.frame');
  const badges = all('.badge');
  const hatches = all('.hatch');
  if (texts.length < 2) found('an empty drawing');
  [...texts, ...frames, ...all('.wire, .dot')].forEach(part => {
    if (!inside(part.box, shell)) found('outside of the pod: ' + part.node.outerHTML);
  });
  texts.forEach((text, i) => {
    texts.slice(i + 1).forEach(other => {
      if (overlap(text.box, other.box)) found(text.node.textContent + ' overlaps ' + other.node.textContent);
    });
    const group = text.node.closest('g.box');
    if (group && !inside(text.box, group.querySelector('.frame').getBBox())) found('out of its box: ' + text.node.textContent);
    if (!text.node.classList.contains('number')) {
      badges.filter(badge => overlap(badge.box, text.box)).forEach(() => found('under a number: ' + text.node.textContent));
      hatches.filter(hatch => overlap(hatch.box, text.box)).forEach(() => found('on the hatching: ' + text.node.textContent));
    }
  });
  frames.forEach((frame, i) => frames.slice(i + 1).forEach(other => {
    if (overlap(frame.box, other.box)) found('two boxes overlap: ' + other.node.parentNode.textContent);
  }));
  svg.querySelectorAll('.wire').forEach(wire => {
    for (let at = 0; at < wire.getTotalLength(); at += 2) {
      const point = wire.getPointAtLength(at);
      const spot = {x: point.x, y: point.y, width: 0.1, height: 0.1};
      const hit = texts.find(text => overlap(spot, text.box));
      if (hit) return found('a line runs through ' + hit.node.textContent);
    }
  });
}

function channel(value) {
  return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function luminance(colour) {
  const [r, g, b] = colour.match(/[\d.]+/g).slice(0, 3).map(value => channel(Number(value) / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function groundOf(element, view) {
  if (element.tagName === 'text') {
    const box = element.getBBox();
    const under = [...element.ownerSVGElement.querySelectorAll('.shell, .frame, .badge')];
    const last = under.filter(shape => inside(box, shape.getBBox())).pop();
    return last ? view.getComputedStyle(last).fill : 'rgb(127, 127, 127)';
  }
  for (let at = element; at; at = at.parentElement) {
    const ground = view.getComputedStyle(at).backgroundColor;
    if (ground !== 'rgba(0, 0, 0, 0)') return ground;
  }
  return 'rgb(255, 255, 255)';
}

/** How many texts were measured is told, too: none would be no proof. */
function contrast(page, view, found) {
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  const known = new Map();
  let measured = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || ['title', 'desc', 'STYLE'].includes(element.tagName)) continue;
    if (element.closest('details.chapter:not([open])') && !element.closest('summary')) continue;
    const style = view.getComputedStyle(element);
    const colour = element.tagName === 'text' ? style.fill : style.color;
    const ground = groundOf(element, view);
    const key = colour + ' on ' + ground;
    measured++;
    if (!known.has(key)) known.set(key, element.textContent);
  }
  known.forEach((text, key) => {
    const value = ratio(...key.split(' on '));
    if (!(value >= 4.5)) found('contrast ' + value.toFixed(2) + ' of ' + key + ': ' + text);
  });
  if (measured < 20) found('only ' + measured + ' texts were measured');
}

async function axe(frame, source) {
  const script = frame.contentDocument.createElement('script');
  script.textContent = source;
  frame.contentDocument.head.appendChild(script);
  const result = await frame.contentWindow.axe.run(frame.contentDocument, {resultTypes: ['violations']});
  script.remove();
  if (result.passes.length < 10) return ['axe found only ' + result.passes.length + ' rules to apply'];
  return result.violations.map(violation =>
    'axe ' + violation.id + ': ' + violation.help + ': ' + violation.nodes.slice(0, 3).map(node => node.html).join(' | '));
}

function opened(page, width) {
  return new Promise(resolve => {
    const frame = document.createElement('iframe');
    frame.width = width;
    frame.height = 900;
    frame.onload = () => resolve(frame);
    frame.srcdoc = page.html;
    document.body.appendChild(frame);
  });
}

async function judgeAll(pages, source) {
  const verdicts = [];
  const night = matchMedia('(prefers-color-scheme: dark)').matches;
  for (const page of pages) {
    for (const width of night ? [1280] : [320, 1280]) { // Colours change nothing about sizes.
      const frame = await opened(page, width);
      const folded = [...frame.contentDocument.querySelectorAll('details')];
      folded.slice(0, page.unfold ? folded.length : 9).forEach(details => details.open = true);
      const findings = judge(frame).concat(page.unfold && width === 1280 ? await axe(frame, source) : []);
      verdicts.push({page: page.name, width, findings});
      frame.remove();
    }
  }
  return {night, verdicts};
}
