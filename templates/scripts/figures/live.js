// Brings figures with tooltips, selections or inputs to life. Whatever fails, the still picture stays.
import { isPicture, makeNote } from './note.js';
import { letWalk } from './walk.js';

const refuse = () => Promise.reject(new Error('figures load nothing'));
const loader = {
  load: refuse,
  // Pictures that hold themselves are no addresses; links lead nowhere.
  sanitize: (address, { context }) => {
    if (context !== 'image') return Promise.resolve({ href: '#' });
    return isPicture(address) ? Promise.resolve({ href: address }) : refuse();
  },
  http: refuse,
  file: refuse,
};
const small = matchMedia('screen and (max-width: 699px)');

// The specification for this width of the window; null where a small one has none.
const specOf = (plot) => {
  const read = (name) => JSON.parse(plot.querySelector(name)?.textContent ?? 'null');
  if (!small.matches) return read('script:not(.narrow)');
  const changes = read('script.narrow');
  return changes === null ? null : { ...read('script:not(.narrow)'), ...changes };
};

// One sentence on what can be done with a figure that can be worked with.
const guide = (svg, walks) => {
  const brushes = svg.querySelectorAll('[class*="_brush"]');
  for (const brush of brushes) brush.closest('.mark-group').style.touchAction = 'pan-y';
  const ways = [
    ...(brushes.length > 0 ? ['Drag across a plot to mark a part of it.'] : []),
    ...(walks ? ['Point at a mark, tap it, or go from one to the next with the arrow keys.'] : []),
  ];
  const how = document.createElement('p');
  how.className = 'how';
  how.textContent = ways.join(' ');
  return how;
};

const bring = async (plot, tooltip) => {
  const spec = specOf(plot);
  if (spec === null) return null;
  const stage = document.createElement('div');
  stage.className = 'stage';
  const view = new vega.View(vega.parse(spec, null, { ast: true }), {
    renderer: 'svg',
    container: stage,
    hover: true,
    loader,
    logLevel: vega.Error,
    expr: expressionInterpreter,
  });
  view.tooltip(tooltip);
  await view.runAsync();
  const svg = stage.querySelector('svg');
  stage.removeAttribute('role');
  const walks = letWalk(svg);
  svg.setAttribute('role', walks ? 'application' : 'img');
  svg.setAttribute('aria-label', plot.dataset.live);
  if (walks) svg.setAttribute('tabindex', '0');
  if (plot.querySelector('script.narrow') !== null) stage.append(guide(svg, walks));
  plot.append(stage);
  plot.classList.add('is-live');
  return () => {
    view.finalize();
    stage.remove();
    plot.classList.remove('is-live');
  };
};

const start = async () => {
  // Labels are measured with the page's own font.
  await Promise.all(
    ['400', '600'].map((weight) => document.fonts.load(`${weight} 13px "Source Sans 3"`)),
  );
  const tooltip = makeNote();
  for (const plot of document.querySelectorAll('.plot[data-live]')) {
    const show = () =>
      bring(plot, tooltip).catch((error) => {
        console.warn('figure stays still:', error);
        return null;
      });
    let end = await show();
    small.addEventListener('change', async () => {
      end?.();
      end = await show();
    });
  }
};
start().catch(() => {});
