// The note beside the pointer: what a mark stands for, and its picture.
export const makeNote = () => {
  const note = document.createElement('div');
  note.className = 'tooltip';
  note.setAttribute('role', 'status');
  note.hidden = true;
  document.body.append(note);

  const row = (name, text) => {
    const line = document.createElement('div');
    const [term, data] = [document.createElement('span'), document.createElement('b')];
    term.textContent = name;
    data.textContent = String(text);
    line.append(term, data);
    return line;
  };
  const picture = (source) => {
    const image = document.createElement('img');
    image.alt = '';
    image.src = source;
    return image;
  };
  const place = (x, y) => {
    const { width, height } = note.getBoundingClientRect();
    const left = Math.min(x + 14, innerWidth - width - 8);
    const top = y + 18 + height > innerHeight ? y - height - 10 : y + 18;
    note.style.transform = `translate(${Math.max(8, left)}px, ${Math.max(8, top)}px)`;
  };

  // As Vega asks a tooltip to be: called when a pointer moves over a mark or leaves it.
  return (_handler, event, _item, value) => {
    note.hidden = value === null || value === undefined || value === '';
    if (note.hidden) return;
    const rows = typeof value === 'object' ? Object.entries(value) : [['', value]];
    note.replaceChildren(
      ...rows.map(([name, text]) => (isPicture(text) ? picture(text) : row(name, text))),
    );
    place(event.clientX, event.clientY);
  };
};

export const isPicture = (text) => /^data:image\/png;base64,[A-Za-z0-9+/]+={0,2}$/.test(text);
