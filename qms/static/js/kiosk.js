// The touch screen in the hall. All it shows lies in memory, and is shown only while the server
// has confirmed it lately and the day is still the same. How long ago that was is told by
// whichever of two clocks says more: one stands still while the machine sleeps, the other can
// be set wrong or back. Which day it is and what time to show, the server alone says.
const strip = document.querySelector("[data-kiosk]");
const set = strip.dataset;
const [ASK, STALE, IDLE, WARN, SLIDE] = ["ask", "stale", "idle", "warn", "slide"].map((name) => set[name] * 1000);
const [AGAIN, PATIENCE, TICK, SOME, MOST] = [5000, 10_000, 1000, 6, 12];
const KEPT = "kiosk";

const one = (name, inside = document) => inside.querySelector(`[data-${name}]`);
const every = (name, inside = document) => [...inside.querySelectorAll(`[data-${name}]`)];
const views = Object.fromEntries(every("view").map((view) => [view.dataset.view, view]));
const [heading, field, found, hits] = [one("heading"), document.querySelector("#q"), one("found"), one("hits")];
const neutralHeading = heading.textContent;

const mark = () => ({ run: performance.now(), wall: Date.now() });
const since = (moment) => Math.max(performance.now() - moment.run, Date.now() - moment.wall);

let content = null; // what is shown: version, fields, procedures, changes, notices by slug
let coming = null; // what is being fetched, part by part
let confirmed = null; // what the server said last, and when it was asked
let why = "waiting"; // why nothing is shown
let asking = false;
let asked = { run: -Infinity, wall: -Infinity };
let touched = mark();
let turned = mark();
let slide = 0;
let place = ["neutral"]; // the view that is shown, and what of it
let behind = []; // the views one came through

// ---- what the server says

async function get(address, given = {}) {
  const url = new URL(address, location.href);
  for (const [name, value] of Object.entries(given)) url.searchParams.set(name, value);
  const answer = await fetch(url, { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

const isFresh = () => content !== null && confirmed !== null && content.version === confirmed.version
  && since(confirmed.at) < Math.min(STALE, confirmed.left * 1000);

async function ask() {
  asking = true;
  asked = mark();
  const at = asked;
  try {
    const echo = Math.random().toString(36).slice(2);
    const said = await get(set.state, { echo, shown: isFresh() ? content.version : "neutral" });
    if (said.echo !== echo) throw new Error("an answer to somebody else");
    if (said.program !== set.program && ["neutral", "start", "slides"].includes(place[0])) leave(location.href).catch(() => {});
    if (!said.open) content = null;
    else if (content?.version !== said.version) await take(said.version);
    why = said.open ? "lost" : "closed";
    confirmed = { ...said, at };
    keep();
  } catch {
    why = confirmed ? "lost" : "waiting";
  }
  asking = false;
  tick();
}

async function take(version) {
  if (coming?.version !== version) {
    coming = await get(set.content);
    if (coming.version !== version) throw new Error("it changed meanwhile");
    coming.notices = {};
    coming.taken = 0;
  }
  for (; coming.taken < coming.parts; coming.taken += 1) {
    const part = await get(set.notices.replace(/\d+(?=$|\?)/, coming.taken));
    if (part.version !== version) throw new Error("it changed meanwhile");
    Object.assign(coming.notices, part.notices);
  }
  for (const each of coming.procedures) {
    each.name = fold(each.title);
    each.words = words(`${each.title} ${each.code} ${coming.notices[each.slug]?.keys ?? ""}`);
  }
  coming.procedures = coming.procedures.filter((each) => each.slug in coming.notices);
  [content, coming] = [coming, null];
  if (place[0] !== "neutral") show(...place);
}

// The page itself is kept for a start without network; the worker hands it out.
let isKept = false;
async function keep() {
  if (isKept || !("caches" in window)) return;
  isKept = true;
  try {
    const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")];
    const mine = new Set([location.href, ...files.map((file) => file.href || file.src)]);
    const cache = await caches.open(KEPT);
    await cache.addAll(mine);
    for (const old of await cache.keys()) if (!mine.has(old.url)) await cache.delete(old);
    await navigator.serviceWorker.register(set.worker);
  } catch {
    isKept = false;
  }
}

async function leave(address) {
  const answer = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  if (answer.ok) location.replace(address);
}

// ---- finding

function fold(text) {
  return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replaceAll("đ", "d").replaceAll("y", "i");
}

function byRank(a, b) {
  const at = a.rank.findIndex((value, i) => value !== b.rank[i]);
  return at < 0 ? 0 : b.rank[at] - a.rank[at];
}

const words = (text) => fold(text).split(/[^a-z0-9.]+/).filter(Boolean);

function find(typed) {
  const wanted = words(typed);
  const whole = wanted.join(" ");
  const rated = content.procedures.map((each) => {
    const met = wanted.filter((word) => each.words.some((known) => known.startsWith(word))).length;
    const named = wanted.filter((word) => ` ${each.name}`.includes(` ${word}`)).length;
    const exact = each.name.startsWith(whole) ? 2 : each.name.includes(whole) ? 1 : 0;
    return { each, met, rank: [named, exact, -each.name.length] };
  });
  const most = Math.max(0, ...rated.map((one) => one.met));
  if (!most || most * 3 < wanted.length) return [];
  return rated.filter((one) => one.met === most).sort(byRank).map((one) => one.each);
}

function marked(title, typed) {
  const wanted = words(typed);
  return title.split(/([\p{L}\p{M}\p{N}.]+)/u).flatMap((piece) => {
    const hit = wanted.filter((word) => fold(piece).startsWith(word)).sort((a, b) => b.length - a.length)[0];
    return hit ? [element("mark", piece.slice(0, hit.length)), piece.slice(hit.length)] : [piece];
  });
}

// ---- what is seen

function element(name, ...inside) {
  const made = document.createElement(name);
  made.append(...inside);
  return made;
}

function button(go, ...inside) {
  const made = element("button", ...inside);
  made.type = "button";
  made.addEventListener("click", go);
  return made;
}

const list = (into, items) => into.replaceChildren(...items.map((item) => element("li", item)));
const notice = (each, ...title) => button(() => go("notice", each.slug), ...title);

function tiles(into, fields) {
  list(into, fields.map(({ name, count }) => {
    const number = element("b", String(count));
    number.className = "num";
    return button(() => go("field", name), name || "–", number);
  }));
}

const draw = {
  start() {
    const typed = field.value.trim();
    const all = typed ? find(typed) : [];
    hits.hidden = !typed;
    one("wipe").hidden = !field.value;
    one("fields-part").hidden = Boolean(typed);
    found.textContent = all.length ? found.dataset.words.replace("{}", all.length) : found.dataset.none;
    list(one("rows", hits), all.slice(0, MOST).map((each) => notice(each, ...marked(each.title, typed))));
    tiles(one("tiles", views.start), content.fields.slice(0, SOME));
    one("go", views.start).hidden = content.fields.length <= SOME;
    return heading.dataset.start;
  },
  fields() {
    tiles(one("tiles", views.fields), content.fields);
    return heading.dataset.fields;
  },
  field(name) {
    const inside = content.procedures.filter((each) => each.field === name);
    list(one("rows", views.field), inside.map((each) => notice(each, each.title)));
    return name;
  },
  notice(slug) {
    const { html } = content.notices[slug];
    if (views.notice.dataset.notice !== html) views.notice.innerHTML = html;
    views.notice.dataset.notice = html;
    return content.procedures.find((each) => each.slug === slug).title;
  },
  slides() {
    const shown = content.changes[slide % content.changes.length];
    one("slide-words").textContent = shown.words;
    one("slide-title").textContent = shown.title;
    one("slide-summary").textContent = shown.summary;
    return heading.dataset.slides;
  },
  neutral() {
    for (const reason of every("why")) {
      reason.hidden = reason.dataset.why !== why;
      reason.dataset.words ??= reason.textContent;
      if (confirmed) reason.textContent = reason.dataset.words.replace("{}", confirmed.time);
    }
    return neutralHeading;
  },
};

function show(view, what) {
  const gone = (view === "notice" && !(what in content.notices))
    || (view === "slides" && !content.changes.length)
    || (view === "field" && !content.fields.some((each) => each.name === what));
  if (gone) return home();
  const moved = place[0] !== view || place[1] !== what;
  place = [view, what];
  heading.textContent = draw[view](what);
  for (const [name, part] of Object.entries(views)) part.hidden = name !== view;
  one("bar").hidden = !["field", "fields", "notice"].includes(view);
  one("foot").hidden = view === "notice";
  if (moved) scrollTo(0, 0);
}

function go(...to) {
  behind.push(place);
  show(...to);
}

function home() {
  behind = [];
  field.value = "";
  views.notice.replaceChildren();
  delete views.notice.dataset.notice;
  show(isFresh() ? "start" : "neutral");
}

function forget() {
  home();
  speak();
}

function rest() {
  if (content.changes.length) show("slides");
  speak();
}

// Whoever comes next is spoken to in the language of the country.
function speak() {
  const own = one("own-language");
  if (own) leave(own.href).catch(() => {});
}

// ---- second by second

function tick() {
  const fresh = isFresh();
  if (!asking && since(asked) >= (fresh ? ASK : AGAIN)) ask();
  strip.hidden = !confirmed;
  one("as-of").hidden = !fresh;
  if (confirmed) [one("day").textContent, one("time").textContent] = [confirmed.day, confirmed.time];
  if (fresh === (place[0] === "neutral")) home();
  else if (!fresh) show("neutral");
  const still = since(touched);
  const atHome = place[0] === "start" && !field.value;
  const resting = atHome || ["neutral", "slides"].includes(place[0]);
  one("warning").hidden = resting || still < IDLE;
  if (!resting && still >= IDLE + WARN) forget();
  if (atHome && still >= IDLE) rest();
  if (place[0] === "slides" && since(turned) >= SLIDE) {
    turned = mark();
    slide += 1;
    show("slides");
  }
}

function type(key) {
  if (key === "back") field.value = field.value.slice(0, -1);
  else if (field.value.length < field.maxLength) field.value += key;
  show("start");
}

for (const kind of ["pointerdown", "keydown", "scroll", "input"]) {
  addEventListener(kind, () => { touched = mark(); }, { capture: true, passive: true });
}
for (const key of every("key")) {
  key.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps its place
  key.addEventListener("click", () => type(key.dataset.key));
}
field.addEventListener("input", () => show("start"));
one("find").addEventListener("submit", (event) => event.preventDefault());
one("wipe").addEventListener("click", home);
one("home").addEventListener("click", home);
one("back").addEventListener("click", () => show(...(behind.pop() ?? ["start"])));
one("go", views.start).addEventListener("click", () => go("fields"));
one("touch").addEventListener("click", () => {
  const { slug } = content.changes[slide % content.changes.length];
  home();
  if (slug) go("notice", slug);
});
one("leave").addEventListener("click", (event) => {
  event.preventDefault();
  leave(event.currentTarget.href).catch(() => {});
});
addEventListener("contextmenu", (event) => event.preventDefault());
addEventListener("online", () => { if (!asking) ask(); });
setInterval(tick, TICK);
ask();
