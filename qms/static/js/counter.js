// The counter without waiting: what is typed is looked for, arrows choose, what is chosen is
// reckoned at once. The server makes every page; this only asks for it and puts it in its place.
const WAIT = 180;
const input = document.getElementById("q");
const found = () => document.getElementById("counter-found");
const hits = () => [...found().querySelectorAll("a.hit")];
let waiting, asking, shown = input.value.trim();

const ask = async (address, ids) => {
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(address, { signal: asking.signal });
    if (answer.redirected || !/html/.test(answer.headers.get("Content-Type") ?? "")) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!ids.every((id) => page.getElementById(id))) return false;
    const focused = document.activeElement?.id;
    for (const id of ids) document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
    if (focused && document.getElementById(focused) !== document.activeElement) document.getElementById(focused)?.focus();
    history.replaceState(null, "", address);
    return true;
  } catch {
    return false;
  }
};

const addressOf = (form) => `${form.action}?${new URLSearchParams(new FormData(form))}`;

const look = async () => {
  const words = input.value.trim();
  if (words === shown) return;
  if (await ask(addressOf(input.form), ["counter-found"])) {
    shown = words;
    document.getElementById("served")?.remove();
  }
};

input.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, WAIT);
});

input.form.addEventListener("submit", (event) => {
  const [first] = hits();
  if (!first || shown !== input.value.trim()) return;
  event.preventDefault();
  first.click();
});

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const all = hits();
  const at = all.indexOf(document.activeElement);
  if (event.key === "Escape" && document.activeElement !== input) {
    input.focus();
    input.select();
  } else if (event.key === "ArrowDown" && (document.activeElement === input || at >= 0)) {
    (all[at + 1] ?? all[at] ?? input).focus();
  } else if (event.key === "ArrowUp" && at >= 0) {
    (all[at - 1] ?? input).focus();
  } else return;
  event.preventDefault();
});

document.addEventListener("change", async (event) => {
  const form = event.target.closest?.("#counter-case");
  if (form && !(await ask(addressOf(form), ["served"]))) form.requestSubmit();
});
