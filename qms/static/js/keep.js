// Keeps what is typed into <form data-keep="name"> in this browser until the server has it, so
// that losing the session or the power loses no text. The page marks a saved form with
// data-saved="name" (any element); <template data-keep-offer> holds the sentence and the buttons
// shown when there is something to bring back; data-leave on the form asks before leaving.
// With data-keep-url the server keeps it too, for any machine: a moment after typing stops, at
// least every EVERY, and when the page is left. [data-kept] says when it did; [data-unkept]
// says data-keep-unkept when it could not.
const key = (name) => `qms:${location.pathname}:${name}`;
const skipped = new Set(["csrf_token", "password", "aside"]);
const SOON = 3_000;
const EVERY = 20_000;

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

// Rows that the page does not have are made by the server: it keeps the text and shows it.
async function reopened(form, pairs) {
  const { keepTake } = form.dataset;
  if (!keepTake) return false;
  const body = new FormData();
  for (const [name, value] of pairs) body.append(name, value);
  body.append("csrf_token", form.elements.csrf_token?.value ?? "");
  const answer = await fetch(keepTake, { method: "POST", body }).catch(() => null);
  if (answer?.ok) location.assign("?copy=1");
  return Boolean(answer?.ok);
}

function offer(form, pairs, place) {
  const words = document.querySelector("template[data-keep-offer]");
  if (!words) return;
  const band = words.content.firstElementChild.cloneNode(true);
  band.querySelector("[data-take], button")?.addEventListener("click", async () => {
    if (await reopened(form, pairs)) return;
    bringBack(form, pairs);
    band.remove();
  });
  band.querySelector("[data-drop]")?.addEventListener("click", () => {
    localStorage.removeItem(place);
    band.remove();
  });
  form.before(band);
}

class Keeping {
  constructor(form, place) {
    this.form = form;
    this.place = place;
    this.first = this.sent = JSON.stringify(typed(form));
  }

  get now() {
    return JSON.stringify(typed(this.form));
  }

  typed() {
    clearTimeout(this.here);
    clearTimeout(this.soon);
    this.here = setTimeout(() => this.keepHere(), 500);
    this.soon = setTimeout(() => this.keepThere(), SOON);
    this.late ??= setInterval(() => this.keepThere(), EVERY);
  }

  keepHere() {
    if (this.now !== this.sent) localStorage.setItem(this.place, this.now);
  }

  async keepThere() {
    const now = this.now;
    if (!("keepUrl" in this.form.dataset) || this.left || this.sending || now === this.sent) return;
    this.sending = true;
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) if (typeof value !== "string") body.delete(name);
    try {
      const answer = await fetch(this.form.dataset.keepUrl, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      this.tell(await answer.json(), now);
    } catch {
      this.keepHere();
      this.say("", this.form.dataset.keepUnkept);
    }
    this.sending = false;
  }

  tell(said, now) {
    this.sent = now;
    if (this.now === now) localStorage.removeItem(this.place);
    this.say(said.said, "");
    dispatchEvent(new CustomEvent("qms:kept", { detail: said }));
  }

  say(kept, unkept) {
    for (const [name, words] of [["data-kept", kept], ["data-unkept", unkept]]) {
      const place = this.form.querySelector(`[${name}]`);
      if (place && place.textContent !== words) place.textContent = words;
    }
  }
}

for (const mark of document.querySelectorAll("[data-saved]")) localStorage.removeItem(key(mark.dataset.saved));

for (const form of document.querySelectorAll("form[data-keep]")) {
  const keeping = new Keeping(form, key(form.dataset.keep));
  const kept = localStorage.getItem(keeping.place);
  if (kept && kept !== keeping.first) offer(form, JSON.parse(kept), keeping.place);
  form.addEventListener("input", () => keeping.typed());
  form.addEventListener("submit", () => {
    keeping.left = true;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keeping.keepThere();
  });
  addEventListener("beforeunload", (event) => {
    const now = keeping.now;
    if ("leave" in form.dataset && !keeping.left && now !== keeping.first && now !== keeping.sent) event.preventDefault();
  });
}
