// Rows of an editor without a page load: the form is sent as its button would send it, and the
// part of the page that holds the rows is put in the place of the old one. Alt+↑ and Alt+↓ move
// the row that is written in; Enter goes on to the next field. [data-rows-said] says what was
// done, in the sentences of its own data. Whatever fails is left to the browser.
const ASKED = /^(?<list>.+?)(?:-(?<place>\d+))?-(?<verb>add|up|down|remove)$/;
const FIELDS = "input:not([type=hidden]), textarea, select";
const SHORT = ["text", "search", "tel", "email", "url", "number"];

const rowOf = (element) => {
  let row = element.closest("fieldset[id]");
  while (row && !row.querySelector(":scope > .split legend")) row = row.parentElement.closest("fieldset[id]");
  return row;
};
const nameOf = (row) => row?.querySelector(":scope > .split legend")?.textContent.trim() ?? "";
const button = (row, verb) => row?.querySelector(`:scope > .split button[value="${row.id}-${verb}"]`);

// Where what stood at a name stands after the change; null where it is gone.
function moved(name, { list, place, verb }) {
  if (verb === "add" || !name?.startsWith(`${list}-`)) return name;
  const [at, ...rest] = name.slice(list.length + 1).split("-");
  const [from, here] = [Number(place), Number(at)];
  const other = { up: from - 1, down: from + 1 }[verb];
  if (verb === "remove") {
    if (here === from) return null;
    return [list, here > from ? here - 1 : here, ...rest].join("-");
  }
  return [list, here === from ? other : here === other ? from : here, ...rest].join("-");
}

const folds = (part) => [...part.querySelectorAll("details")].map((fold) => [fold, fold.querySelector("[name]")?.name]);

async function answered(form, value) {
  const body = new FormData(form);
  for (const [name, given] of [...body]) if (typeof given !== "string") body.delete(name);
  body.append("do", value);
  const answer = await fetch(form.action, { method: "POST", body });
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("form[data-keep]");
}

async function change(pressed, asked, writing) {
  const form = pressed.form;
  const part = pressed.closest("section.sheet");
  const name = nameOf(rowOf(pressed));
  part.inert = true;
  const fresh = await answered(form, pressed.value).catch(() => null);
  part.inert = false;
  const place = [...form.querySelectorAll("section.sheet")].indexOf(part);
  const made = part.id ? fresh?.querySelector(`#${CSS.escape(part.id)}`) : fresh?.querySelectorAll("section.sheet")[place];
  if (!made) {
    form.requestSubmit(pressed);
    return;
  }
  const open = new Set(folds(part).filter(([fold]) => fold.open).map(([, first]) => moved(first, asked)));
  for (const [fold, first] of folds(made)) if (open.has(first)) fold.open = true;
  part.replaceWith(document.adoptNode(made));
  dispatchEvent(new CustomEvent("qms:swapped", { detail: made }));
  const at = document.getElementById((fresh.getAttribute("action") ?? "").split("#")[1] ?? "");
  const row = at && made.contains(at) ? at : null;
  focus(made, row, asked, writing && moved(writing, asked));
  say(asked.verb, asked.verb === "remove" ? name : nameOf(row));
  form.dispatchEvent(new Event("input"));
}

function focus(part, row, { list, verb }, writing) {
  const add = part.querySelector(`button[value="${CSS.escape(list)}-add"]`);
  const written = writing && part.querySelector(`[name="${CSS.escape(writing)}"]`);
  const again = { up: button(row, "up") ?? button(row, "down"), down: button(row, "down") ?? button(row, "up") }[verb];
  const place = written || again || (verb === "remove" && !row?.matches("fieldset") ? add : null) || row?.querySelector(FIELDS) || add;
  place?.focus();
}

function say(verb, row) {
  const said = document.querySelector("[data-rows-said]");
  if (said) said.textContent = (said.dataset[verb] ?? "").replace("{row}", row);
}

addEventListener("click", (event) => {
  const pressed = event.target.closest?.("form[data-keep] button[name=do]");
  const asked = pressed && ASKED.exec(pressed.value)?.groups;
  if (!asked || !pressed.closest("section.sheet")) return;
  event.preventDefault();
  change(pressed, asked);
});

addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.defaultPrevented || !field.matches?.("form[data-keep] fieldset :is(input, textarea, select)")) return;
  const verb = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  if (event.altKey && verb && !field.matches("select")) {
    event.preventDefault();
    const pressed = button(rowOf(field), verb);
    if (pressed) change(pressed, ASKED.exec(pressed.value).groups, field.name);
  } else if (event.key === "Enter" && field.matches("input") && SHORT.includes(field.type)) {
    event.preventDefault();
    const part = field.closest("section.sheet") ?? field.form;
    const all = [...part.querySelectorAll(`${FIELDS}, button[value$="-add"]`)].filter((each) => each.offsetParent);
    all[all.indexOf(field) + 1]?.focus();
  }
});
