// Keeps what is typed into <form data-keep="name"> in this browser until the server has it, so
// that losing the session or the power loses no text. The page marks a saved form with
// data-saved="name" (any element); <template data-keep-offer> holds the sentence and the button
// shown when there is something to bring back; data-leave on the form asks before leaving.
const key = (name) => `qms:${location.pathname}:${name}`;
const skipped = new Set(["csrf_token", "password"]);

const typed = (form) =>
  [...new FormData(form)].filter(([name, value]) => !skipped.has(name) && typeof value === "string");

function bringBack(form, pairs) {
  const left = new Map();
  for (const [name, value] of pairs) left.set(name, [...(left.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || skipped.has(field.name) || ["file", "hidden", "submit"].includes(field.type)) continue;
    const values = left.get(field.name) ?? [];
    if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
    else if (values.length) field.value = values.shift();
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function offer(form, pairs) {
  const words = document.querySelector("template[data-keep-offer]");
  if (!words) return;
  const band = words.content.firstElementChild.cloneNode(true);
  band.querySelector("button")?.addEventListener("click", () => {
    bringBack(form, pairs);
    band.remove();
  });
  form.before(band);
}

for (const mark of document.querySelectorAll("[data-saved]")) localStorage.removeItem(key(mark.dataset.saved));

for (const form of document.querySelectorAll("form[data-keep]")) {
  const place = key(form.dataset.keep);
  const first = JSON.stringify(typed(form));
  const kept = localStorage.getItem(place);
  if (kept && kept !== first) offer(form, JSON.parse(kept));
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => localStorage.setItem(place, JSON.stringify(typed(form))), 500);
  });
  let sent = false;
  form.addEventListener("submit", () => {
    sent = true;
  });
  addEventListener("beforeunload", (event) => {
    if ("leave" in form.dataset && !sent && JSON.stringify(typed(form)) !== first) event.preventDefault();
  });
}
