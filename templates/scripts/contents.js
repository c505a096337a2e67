// Marks in the rail the section that is being read. Without it the rail is a plain list of links.
(() => {
  const links = [...document.querySelectorAll('.contents a[href^="#"]')];
  const entries = links
    .map((link) => ({
      link,
      heading: document.getElementById(decodeURIComponent(link.hash.slice(1))),
    }))
    .filter((entry) => entry.heading !== null);
  if (entries.length === 0) return;
  let waiting = false;
  const mark = () => {
    waiting = false;
    const above = entries.filter(
      (entry) => entry.heading.getBoundingClientRect().top < innerHeight * 0.3,
    );
    const current = above.at(-1);
    for (const entry of entries) {
      if (entry === current) entry.link.setAttribute('aria-current', 'location');
      else entry.link.removeAttribute('aria-current');
    }
  };
  const later = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(mark);
  };
  addEventListener('scroll', later, { passive: true });
  addEventListener('resize', later);
  mark();
})();
