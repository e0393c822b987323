// The list of what a draft lacks: a link leads into the field, through folded parts. The server
// says what is missing by now each time it keeps what is typed.
const jump = (id) => {
  const place = document.getElementById(id);
  if (!place) return false;
  for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  for (const fold of place.querySelectorAll("details")) if (fold.querySelector(".is-invalid")) fold.open = true;
  const fields = "input:not([type=hidden]), textarea, select, button:not([hidden])";
  const field = place.matches(fields) ? place : (place.querySelector(".is-invalid") ?? place.querySelector(fields));
  (field ?? place).focus({ preventScroll: true });
  place.scrollIntoView({ block: place.offsetHeight > innerHeight / 2 ? "start" : "center" });
  return true;
};

const tell = (gaps) => {
  const list = document.querySelector("[data-gaps]");
  if (!list) return;
  const all = gaps.length ? gaps : [["is-now", list.dataset.none, ""]];
  list.replaceChildren(
    ...all.map(([state, words, part]) => {
      const item = document.createElement("li");
      item.className = state;
      const said = document.createElement(part ? "a" : "span");
      said.textContent = words;
      if (part) said.href = `#${part}`;
      item.append(said);
      return item;
    }),
  );
};

addEventListener("click", (event) => {
  const link = event.target.closest?.(".todo a[href^='#'], .band a[href^='#']");
  if (link && jump(link.hash.slice(1))) event.preventDefault();
});
addEventListener("qms:kept", (event) => tell(event.detail.gaps));
