// On paper nothing can be opened: print what is folded away, too.
window.addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("main details")) details.open = true;
});

// The filter of terms as one types; without this the form asks the server.
const field = document.getElementById("filter");
const status = document.getElementById("filter-status");
if (field && status) {
  const sections = [...document.querySelectorAll("section.term")];
  const entries = new Map([...document.querySelectorAll("[data-term]")].map((item) => [item.dataset.term, item]));
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = sections.map((section) =>
    fold([...section.querySelectorAll("h3, .definition, .scope-note")].map((part) => part.textContent).join(" ")));
  const filter = () => {
    const wanted = fold(field.value.trim());
    let left = 0;
    sections.forEach((section, number) => {
      const is = texts[number].includes(wanted);
      left += is;
      section.classList.toggle("hide", !is);
      entries.get(section.id)?.classList.toggle("hide", !is);
    });
    for (const group of document.querySelectorAll("section.group"))
      if (group.querySelector("section.term")) group.classList.toggle("hide", !group.querySelector("section.term:not(.hide)"));
    status.textContent = !wanted ? "" : left ? `${status.dataset.some} ${left}` : status.dataset.none;
  };
  field.addEventListener("input", filter);
  // A link to a term that the filter hides shows all again.
  window.addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.closest(".hide")) { field.value = ""; filter(); target.scrollIntoView(); }
  });
}
