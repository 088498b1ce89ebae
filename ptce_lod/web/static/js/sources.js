// The source of a statement at hand: its footnote beside the number, on hover, focus or tap. Without this script the number leads to it.
(() => {
  const marks = document.querySelectorAll('sup a[href^="#source-"]');
  if (!marks.length) return;
  const card = document.createElement("div");
  card.id = "source-card";
  card.className = "source-card";
  card.setAttribute("role", "tooltip");
  card.hidden = true;
  document.body.append(card);
  let shown = null;
  let waiting = 0;
  const hide = () => {
    clearTimeout(waiting);
    if (shown) shown.removeAttribute("aria-describedby");
    shown = null;
    card.hidden = true;
  };
  const show = (mark) => {
    clearTimeout(waiting);
    const note = document.getElementById(mark.hash.slice(1));
    if (!note || shown === mark) return;
    if (shown) shown.removeAttribute("aria-describedby");
    shown = mark;
    card.replaceChildren(...[...note.childNodes].map((node) => node.cloneNode(true)));
    card.hidden = false;
    mark.setAttribute("aria-describedby", card.id);
    const at = mark.getBoundingClientRect();
    const width = card.offsetWidth;
    const left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8));
    const below = at.bottom + card.offsetHeight + 12 < window.innerHeight;
    card.style.left = `${left + window.scrollX}px`;
    card.style.top = `${(below ? at.bottom + 4 : at.top - card.offsetHeight - 4) + window.scrollY}px`;
  };
  const later = () => { clearTimeout(waiting); waiting = setTimeout(hide, 300); };
  for (const mark of marks) {
    mark.addEventListener("mouseenter", () => show(mark));
    mark.addEventListener("mouseleave", later);
    mark.addEventListener("focus", () => show(mark));
    mark.addEventListener("blur", later);
    // a finger has no hover: the first tap shows, the second follows the link
    mark.addEventListener("touchstart", (event) => { if (shown !== mark) { event.preventDefault(); show(mark); } }, { passive: false });
  }
  // the pointer may go into the card, to follow its link
  card.addEventListener("mouseenter", () => clearTimeout(waiting));
  card.addEventListener("mouseleave", later);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("touchstart", (event) => { if (!card.contains(event.target) && event.target !== shown) hide(); }, { passive: true });
})();
