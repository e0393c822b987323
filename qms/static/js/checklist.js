// The checklist of an audit where the network comes and goes. Every answer, dossier and picture is
// first kept on the tablet, under a name of its own, and sent when the server can be reached; it is
// forgotten only when the server has said that it has it. Sent twice it counts once, so what may
// have arrived is never changed under its name. An answer tells which answer it was given upon, so
// that the server can join what two tablets said. What the server takes no more, such as an answer
// to a line dropped meanwhile, is listed with its reason, to be copied and discarded. On the list of
// audits the same is done for every audit of which this tablet still keeps something.
const set = document.querySelector("[data-checklist]");
const words = set.dataset;
const audit = Number(words.audit ?? 0);
const user = Number(words.user);
const EVERY = 20_000;
const SOON = 1_200;
const PATIENCE = 15_000;
const PATIENCE_WITH_FILES = 120_000;
const KEPT = "audits";
const here = location.pathname;

const name = () => crypto.randomUUID?.() ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}`;

// ---- what is kept on the tablet

const store = new Promise((resolve, reject) => {
  const opening = indexedDB.open("qms-audits", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("waiting", { keyPath: "token" });
  opening.onsuccess = () => resolve(opening.result);
  opening.onerror = () => reject(opening.error);
});

async function kept(mode, act) {
  const rows = (await store).transaction("waiting", mode).objectStore("waiting");
  const asked = act(rows);
  return new Promise((resolve, reject) => {
    rows.transaction.oncomplete = () => resolve(asked.result);
    rows.transaction.onabort = rows.transaction.onerror = () => reject(rows.transaction.error);
  });
}

// Files go last: one that a weak network does not carry holds up no words.
const order = (a, b) => (a.kind === "file") - (b.kind === "file") || a.at - b.at;
const keep = (item) => kept("readwrite", (rows) => rows.put(item));
const forget = (token) => kept("readwrite", (rows) => rows.delete(token));
const all = async () => (await kept("readonly", (rows) => rows.getAll())).sort(order);
const mine = async () => (await all()).filter((item) => item.user === user);
const answersTo = async (line) => (await mine()).filter((item) => item.kind === "answer" && item.line === line && !item.barred);
const ready = (item) => !item.barred && !item.refused && (item.kind !== "answer" || item.result);

// One after the other: what was read of the tablet still stands when it is written.
let last = Promise.resolve();
function inTurn(act) {
  const done = last.then(act);
  last = done.catch(() => {});
  return done;
}

// ---- the page

const formOf = (kind, line) => document.querySelector(`form[data-${kind}="${line}"]`);
const answerForms = [...document.querySelectorAll("form[data-answer]")];

function put(place, sentence) {
  place.textContent = sentence;
  place.hidden = !sentence;
}

// Say what is wrong below each box it is about, else below the form.
function wrong(form, sentence, fields = {}) {
  const boxes = [...form.querySelectorAll("[data-wrong-of]")];
  for (const place of boxes) {
    const box = form.elements[place.dataset.wrongOf];
    put(place, fields[box.name] ?? "");
    box.setAttribute("aria-invalid", box.name in fields);
  }
  const told = boxes.some((place) => !place.hidden);
  put(form.querySelector("[data-wrong]"), told ? "" : sentence);
}

function written(form) {
  return { result: form.elements.result.value, note: form.elements.note.value.trim() };
}

function write(form, { result, note }) {
  for (const radio of form.elements.result) radio.checked = radio.value === result;
  if (form.elements.note.value.trim() !== note) form.elements.note.value = note;
}

const radioOf = (form, result) => [...form.elements.result].find((radio) => radio.value === result);
const wordsOf = (form, result) => radioOf(form, result)?.labels[0].textContent ?? "";
const standing = (form) => form.closest("article").querySelector("[data-stands]");

// What the server is known to have of each line, and how it is shown: the same once more is no answer.
const known = new Map();
const shown = new Map();
const same = (one, other) => one.result === other.result && one.note === other.note;

function given(form) {
  const chosen = [...form.elements.result].find((radio) => radio.defaultChecked);
  return { result: chosen?.value ?? "", note: form.elements.note.defaultValue.trim() };
}

function chip(form, result, beside) {
  const state = document.createElement("span");
  state.className = `st ${radioOf(form, result).dataset.look}`;
  state.textContent = wordsOf(form, result);
  const soft = document.createElement("span");
  soft.className = "soft";
  soft.textContent = beside;
  return [state, " ", soft];
}

function stands(form, told) {
  known.set(form, told);
  shown.set(form, chip(form, told.result, told.merged || `${told.who}, ${told.at}`));
  const article = form.closest("article");
  article.querySelector("[data-finding]").hidden = !["nonconforming", "remark"].includes(told.result);
  for (const button of article.querySelectorAll("[data-unanswered]")) button.hidden = true;
}

// Each line shows what stands at the server, or what is kept here and still waits; both are counted.
function mark(items) {
  let done = 0;
  let unsent = 0;
  for (const form of answerForms) {
    const line = Number(form.dataset.answer);
    const waits = items.findLast((item) => item.kind === "answer" && item.line === line && ready(item));
    standing(form).replaceChildren(...(waits ? chip(form, waits.result, words.unsent) : shown.get(form)));
    done += Boolean(waits || known.get(form).result);
    unsent += Boolean(waits);
  }
  const place = document.querySelector("[data-progress]");
  if (!place || !answerForms.length) return;
  place.textContent = words.progressWords.replace("{done}", done) + (unsent ? ` · ${words.unsent}: ${unsent}` : "");
}

function show(form, told) {
  form.elements.basis.value = told.answer;
  write(form, told);
  stands(form, told);
}

function fill(form, fields) {
  for (const [key, value] of Object.entries(fields)) form.elements[key].value = value;
}

let writing = 0;
let hindrance = "";
let reopens = false;

function say(sentence) {
  if (set.textContent !== sentence) set.textContent = sentence;
  set.hidden = false;
}

async function tell() {
  const rows = await all();
  const own = rows.filter((item) => item.user === user);
  mark(own);
  list(own.filter((item) => item.barred));
  if (!answerForms.length && !rows.length) {
    set.hidden = true;
    return;
  }
  const waiting = own.filter(ready).length;
  const barred = own.filter((item) => item.barred).length;
  const unfinished = own.length - waiting - barred;
  const parts = [];
  if (hindrance) parts.push(hindrance);
  if (writing) parts.push(words.writing);
  else if (waiting) parts.push(`${words.waiting} ${waiting}.`);
  else if (!own.length) parts.push(words.allSent);
  if (unfinished) parts.push(`${words.unfinished} ${unfinished}.`);
  if (barred) parts.push(`${words.barredCount} ${barred}.`);
  if (own.length < rows.length) parts.push(words.other);
  if (reopens) parts.push(words.reopens);
  say(parts.join(" "));
  if (hindrance === words.signedOut) {
    const link = document.createElement("a");
    link.href = words.signIn;
    link.textContent = words.signInWords;
    set.append(" ", link);
  }
}

// ---- what the server takes no more

const panel = document.querySelector("[data-barred]");

function list(items) {
  const entries = panel.querySelector("ul");
  const names = (rows) => rows.map((item) => `${item.token} ${item.barred}`).join();
  if (entries.dataset.names === names(items)) return;
  entries.dataset.names = names(items);
  entries.replaceChildren(...items.map(entry));
  panel.hidden = !items.length;
}

function entry(item) {
  const made = panel.querySelector("template").content.firstElementChild.cloneNode(true);
  const part = (name) => made.querySelector(`[data-${name}]`);
  part("about").textContent = item.about;
  part("why").textContent = item.barred;
  const box = part("text");
  box.value = item.text;
  box.rows = Math.min(item.text.split("\n").length + 1, 8);
  part("copy").addEventListener("click", async () => {
    box.select();
    await navigator.clipboard?.writeText(item.text).catch(() => {});
  });
  if (item.kind === "file") {
    part("copy").hidden = true;
    part("save").hidden = false;
    part("save").href = URL.createObjectURL(item.file);
    part("save").download = item.title;
  }
  part("discard").addEventListener("click", () => discard(item));
  return made;
}

async function discard({ token, line }) {
  await inTurn(() => forget(token));
  const form = formOf("answer", line);
  if (form && !(await answersTo(line)).length) write(form, known.get(form));
  if (form) wrong(form, "");
  await tell();
}

// Of answers to one line the last holds what the boxes hold.
async function bar(item, sentence) {
  if (item.barred === sentence) return;
  for (const each of await mine()) {
    if (item.kind === "answer" && each.kind === "answer" && each.line === item.line && each.at < item.at) await forget(each.token);
  }
  await keep({ ...item, barred: sentence });
}

// ---- taking up what is typed

// Until it is kept the page says that it is being written, never that all was sent.
async function hold(form, act) {
  writing += 1;
  say(words.writing);
  try {
    await inTurn(act);
  } catch {
    wrong(form, words.full);
  } finally {
    writing -= 1;
  }
  await tell();
}

const typed = new Set();
let soon;

function take(form, wait) {
  if (!typed.has(form)) {
    typed.add(form);
    hold(form, () => takeAnswer(form));
  }
  clearTimeout(soon);
  soon = setTimeout(() => last.then(send), wait);
}

const where = (form, line) => ({
  user,
  audit,
  line,
  about: `${document.querySelector("h1").textContent.trim()} · ${form.closest("article").querySelector("strong").textContent}`,
});

async function takeAnswer(form) {
  typed.delete(form);
  const line = Number(form.dataset.answer);
  const { result, note } = written(form);
  const before = await answersTo(line);
  const open = before.find((item) => !item.tried);
  wrong(form, "");
  if (!before.length && same({ result, note }, known.get(form))) return;
  if (!result && !note) {
    if (open) await forget(open.token);
    return;
  }
  await keep({
    kind: "answer",
    token: open?.token ?? name(),
    ...where(form, line),
    text: [wordsOf(form, result), note].filter(Boolean).join("\n"),
    result,
    note,
    basis: before.at(-1)?.basis ?? form.elements.basis.value,
    said: new Date().toISOString(),
    at: open?.at ?? Date.now(),
    action: form.action,
  });
}

function takeSample(form) {
  const fields = Object.fromEntries([...new FormData(form)].filter(([key]) => !["csrf_token", "token"].includes(key)));
  const missing = [...form.elements].filter((box) => box.required && !box.value.trim());
  if (missing.length) {
    wrong(form, "", Object.fromEntries(missing.map((box) => [box.name, words.missing])));
    missing[0].focus();
    return;
  }
  const boxes = [...form.elements].filter((box) => box.name in fields && box.value);
  const text = boxes.map((box) => `${box.labels[0].textContent}: ${box.value}`).join("\n");
  const { refused } = form.dataset;
  delete form.dataset.refused;
  form.reset();
  wrong(form, "");
  hold(form, async () => {
    try {
      await keep({ kind: "sample", token: name(), ...where(form, Number(form.dataset.sample)), text, fields, at: Date.now(), action: form.action });
      if (refused) await forget(refused);
    } catch (error) {
      fill(form, fields);
      throw error;
    }
  }).then(send);
}

function takeFile(form) {
  const file = form.elements.file.files[0];
  if (!file) return;
  form.reset();
  wrong(form, "");
  hold(form, () =>
    keep({ kind: "file", token: name(), ...where(form, Number(form.dataset.file)), text: file.name, file, title: file.name, at: Date.now(), action: form.action }),
  ).then(send);
}

// ---- sending

let csrf = "";
let sending = false;
let again = false;
let keeping = false;

class Away extends Error {}

async function ask(address, patience, sent = {}) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout(patience), ...sent });
    const json = answer.headers.get("Content-Type")?.includes("json");
    if (answer.redirected || (!json && [400, 401].includes(answer.status))) throw new Away(words.signedOut);
    if (!json && [403, 413].includes(answer.status)) return { status: answer.status, told: { wrong: (await answer.text()).trim() } };
    if (!json || answer.status >= 500 || answer.status === 429) throw new Away(words.away);
    return { status: answer.status, told: await answer.json() };
  } catch (error) {
    throw error instanceof Away ? error : new Away(words.away);
  }
}

async function state(address) {
  const { status, told } = await ask(address, PATIENCE);
  if (status !== 403 && told.user !== user) throw new Away(words.signedOut);
  csrf = told.token;
  return told;
}

function body(item) {
  const made = new FormData();
  made.append("csrf_token", csrf);
  made.append("token", item.token);
  if (item.kind === "answer") for (const key of ["result", "note", "basis", "said"]) made.append(key, item[key]);
  if (item.kind === "sample") for (const [key, value] of Object.entries(item.fields)) made.append(key, value);
  if (item.kind === "file") made.append("file", item.file, item.title);
  return made;
}

// From now on the server may have it: what is typed later is another answer.
const setOut = (token) =>
  inTurn(async () => {
    const item = (await mine()).find((each) => each.token === token);
    if (item) await keep({ ...item, tried: true });
    return item;
  });

async function sendOne(token) {
  const item = await setOut(token);
  if (!item) return;
  const patience = item.kind === "file" ? PATIENCE_WITH_FILES : PATIENCE;
  const { status, told } = await ask(item.action, patience, { method: "POST", body: body(item) });
  const form = formOf(item.kind, item.line);
  if (status !== 200) await inTurn(() => refuse(form, item, status, told));
  else if (item.kind === "answer") await inTurn(() => settle(form, item, told));
  else {
    await forget(item.token);
    enter(form, item.kind === "sample" ? "[data-samples]" : "[data-files]", told.words ?? told.name);
  }
}

async function settle(form, item, told) {
  if (item.audit === audit) answered[item.line] = { ...told, merged: "" };
  const later = (await answersTo(item.line)).filter((each) => each.token !== item.token);
  // Typed meanwhile it was given upon this answer, unless that holds words of another tablet.
  if (!told.merged) for (const each of later) await keep({ ...each, basis: told.answer });
  await forget(item.token);
  if (!form) return;
  if (!later.length && !typed.has(form)) return show(form, told);
  if (!told.merged) form.elements.basis.value = told.answer;
  stands(form, told);
}

function enter(form, list, sentence) {
  const entry = document.createElement("li");
  entry.textContent = sentence;
  form?.closest("article").querySelector(list).append(entry);
}

// An answer that was refused waits to be mended, a dossier stands in its boxes again, and another
// file is chosen. What cannot be mended here is barred; when the page is opened again it is tried anew.
async function refuse(form, item, status, { wrong: sentence, fields }) {
  if (form) wrong(form, item.kind === "file" ? `${item.title}: ${sentence}` : sentence);
  if (![413, 422].includes(status)) {
    turnedDown.add(item.token);
    await bar(item, sentence);
  } else if (item.kind === "file") await forget(item.token);
  else if (item.kind === "sample") {
    const back = { ...item, refused: sentence, wrongs: fields };
    await keep(back);
    giveBack(form, back);
  } else if ((await answersTo(item.line)).length > 1) await forget(item.token);
  else await keep({ ...item, tried: false, refused: sentence });
}

function giveBack(form, { token, fields, refused, wrongs }) {
  if (!form || Object.keys(fields).some((key) => form.elements[key].value)) return;
  fill(form, fields);
  form.dataset.refused = token;
  form.closest("details").open = true;
  wrong(form, refused, wrongs);
}

async function send() {
  again = true;
  if (sending) return;
  sending = true;
  try {
    // Asked for while one round goes on, another follows it, also where that one failed.
    while (again) {
      again = false;
      hindrance = await round();
      await tell();
    }
  } finally {
    sending = false;
  }
}

// Send what waits, of this audit and of others; return what keeps it here, if anything does.
async function round() {
  try {
    const places = new Map((await mine()).map((item) => [item.audit, item.action.replace(/\/\d+\/\w+$/, "/state")]));
    if (words.state) places.set(audit, words.state);
    let hinders = "";
    for (const [number, address] of places) hinders = (await exchange(number, address)) || hinders;
    return hinders;
  } catch (error) {
    if (error instanceof Away) return error.message;
    throw error;
  }
}

async function exchange(number, address) {
  const told = await state(address);
  for (const { token } of await of(number)) await inTurn(() => judge(token, told));
  const here = number === audit;
  if (!told.open) return here ? told.wrong : "";
  if (here) keepPage();
  if (here) answered = told.answers;
  for (const { token } of (await of(number)).filter(ready)) await sendOne(token);
  if (here) await refresh(told.answers);
  if (here) await remember();
  return "";
}

const of = async (number) => (await mine()).filter((item) => item.audit === number);
const turnedDown = new Set();

// What the audit does not take now it may take later: another look when the server says it does.
async function judge(token, told) {
  const item = (await mine()).find((each) => each.token === token);
  if (!item) return;
  if (!told.open) await bar(item, told.wrong);
  else if (!told.lines.includes(item.line)) await bar(item, words.noLine);
  else if (item.barred && !turnedDown.has(token)) await keep({ ...item, barred: "" });
}

// What was answered by now is kept beside the page, which without network opens as it was once.
let answered = {};
let remembered = "";

async function remember() {
  const now = JSON.stringify({ user, answers: answered });
  if (!reopens || now === remembered) return;
  await (await caches.open(KEPT)).put(words.state, new Response(now));
  remembered = now;
}

async function recall() {
  const found = "caches" in window && words.state && (await caches.match(words.state, { cacheName: KEPT }));
  const told = found ? await found.json() : {};
  if (told.user === user) await refresh(told.answers);
}

// What others answered meanwhile is shown where nothing of one's own is being written.
async function refresh(answers) {
  const busy = new Set((await mine()).filter((item) => item.kind === "answer").map((item) => item.line));
  for (const [line, told] of Object.entries(answers)) {
    const form = formOf("answer", line);
    if (!form || busy.has(Number(line)) || typed.has(form) || form.contains(document.activeElement)) continue;
    if (Number(form.elements.basis.value || 0) < told.answer) show(form, told);
  }
}

// The page can be opened without network once its files are kept and the worker is at work.
async function keepPage() {
  if (reopens || keeping || !("caches" in window) || !("serviceWorker" in navigator)) return;
  keeping = true;
  try {
    const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")];
    const cache = await caches.open(KEPT);
    await cache.addAll([here, ...files.map((file) => file.href || file.src)]);
    await navigator.serviceWorker.register(words.worker);
    await navigator.serviceWorker.ready;
    reopens = true;
    await remember();
    await tell();
  } catch {
    // Without network or in a private window the page works while it is open.
  } finally {
    keeping = false;
  }
}

// ---- coming back: what was typed before stands in the page again, and only then is more taken up

for (const form of answerForms) {
  known.set(form, given(form));
  shown.set(form, [...standing(form).childNodes]);
  write(form, given(form));
}
await recall();

for (const item of await mine()) {
  const form = formOf(item.kind, item.line);
  if (!form || item.barred) continue;
  if (item.kind === "answer") write(form, item);
  if (item.kind === "answer") wrong(form, item.refused ?? "");
  else if (item.refused) giveBack(form, item);
}

for (const form of answerForms) {
  form.addEventListener("input", (event) => take(form, event.target.type === "radio" ? 0 : SOON));
  form.addEventListener("change", () => take(form, 0));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take(form, 0);
  });
}

for (const form of document.querySelectorAll("form[data-sample]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    takeSample(form);
  });
}

for (const form of document.querySelectorAll("form[data-file]")) {
  for (const happens of ["change", "submit"]) {
    form.addEventListener(happens, (event) => {
      event.preventDefault();
      takeFile(form);
    });
  }
}

for (const button of document.querySelectorAll("[data-without-script]")) button.hidden = true;
addEventListener("online", send);
setInterval(send, EVERY);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") send();
});
await tell();
await send();
