// Brings figures with tooltips or inputs to life. Whatever fails, the still picture stays.
(() => {
  if (!matchMedia('(min-width: 700px)').matches) return;
  const refuse = () => Promise.reject(new Error('figures load nothing'));
  const loader = {
    load: refuse,
    sanitize: () => Promise.resolve({ href: '#' }),
    http: refuse,
    file: refuse,
  };

  const note = document.createElement('div');
  note.className = 'tooltip';
  note.hidden = true;
  document.body.append(note);

  const tooltip = (_handler, event, _item, value) => {
    note.hidden = value === null || value === undefined || value === '';
    if (note.hidden) return;
    const rows = typeof value === 'object' ? Object.entries(value) : [['', value]];
    note.replaceChildren(
      ...rows.map(([name, text]) => {
        const row = document.createElement('div');
        const [term, data] = [document.createElement('span'), document.createElement('b')];
        term.textContent = name;
        data.textContent = String(text);
        row.append(term, data);
        return row;
      }),
    );
    const box = note.getBoundingClientRect();
    const left = Math.min(event.clientX + 14, innerWidth - box.width - 8);
    const top =
      event.clientY + 18 + box.height > innerHeight
        ? event.clientY - box.height - 10
        : event.clientY + 18;
    note.style.transform = `translate(${Math.max(8, left)}px, ${Math.max(8, top)}px)`;
  };

  const bring = async (plot) => {
    const spec = JSON.parse(plot.querySelector('script[type="application/json"]').textContent);
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
    if (svg === null) return;
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', plot.dataset.live);
    plot.append(stage);
    plot.classList.add('is-live');
  };

  const start = async () => {
    // Labels are measured with the page's own font.
    await Promise.all(
      ['400', '600'].map((weight) => document.fonts.load(`${weight} 13px "Source Sans 3"`)),
    );
    for (const plot of document.querySelectorAll('.plot[data-live]')) {
      await bring(plot).catch((error) => console.warn('figure stays still:', error));
    }
  };
  start().catch(() => {});
})();
