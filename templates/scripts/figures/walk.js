const LINES = new Set(['line', 'area', 'trail']);

// What a mouse does with a figure, for keys and fingers: the arrow keys go from mark to mark, and a tap
// points at one. Vega gets the events that a pointer would send. Says whether there are marks to go to.
export const letWalk = (svg) => {
  // A line is no mark of one value: Vega looks for the point of it that is nearest to the pointer.
  const isMark = ({ __data__: item }) => item?.tooltip != null && !LINES.has(item.mark.marktype);
  const marks = () => [...svg.querySelectorAll('path, rect, text, image')].filter(isMark);
  let current = null;
  let tapped = false;

  const send = (element, type, at) => {
    const make = type.startsWith('mouse') ? MouseEvent : PointerEvent;
    element.dispatchEvent(new make(type, { bubbles: true, ...at }));
  };
  const leave = () => {
    if (current === null) return;
    for (const type of ['pointerout', 'mouseout']) send(current, type);
    current = null;
    tapped = false;
  };
  const pointAt = (element, byFinger = false) => {
    leave();
    const box = element.getBoundingClientRect();
    const at = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 };
    for (const type of ['pointerover', 'pointermove']) send(element, type, at);
    current = element;
    tapped = byFinger;
  };

  svg.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Escape') leave();
    const all = marks();
    const mark = all[placeAfter(event.key, all.indexOf(current), all.length)];
    if (mark === undefined) return;
    event.preventDefault();
    pointAt(mark);
  });
  addEventListener('click', (event) => {
    const isTap = event.pointerType !== 'mouse' && svg.contains(event.target);
    if (isTap && isMark(event.target)) pointAt(event.target, true);
    else leave();
  });
  // A finger leaves as soon as it has tapped; what it pointed at stays.
  for (const type of ['pointerout', 'mouseout']) {
    const hold = (event) => {
      if (tapped && event.isTrusted) event.stopImmediatePropagation();
    };
    svg.addEventListener(type, hold, { capture: true });
  }
  svg.addEventListener('blur', leave);
  const follow = () => {
    if (current?.isConnected) pointAt(current, tapped);
  };
  addEventListener('scroll', follow, { passive: true });
  return marks().length > 0;
};

// Where a key leads from the mark at `here`, -1 for none, of `count`; undefined for other keys.
const placeAfter = (key, here, count) => {
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if (key === 'ArrowRight' || key === 'ArrowDown') return Math.min(here + 1, count - 1);
  if (key === 'ArrowLeft' || key === 'ArrowUp') return Math.max(here - 1, 0);
  return undefined;
};
