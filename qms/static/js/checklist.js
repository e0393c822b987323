// The checklist of an audit where the network comes and goes. Every answer, dossier and picture is
// first kept on the tablet, under a name of its own, and sent when the server can be reached; it is
// forgotten only when the server has said that it has it. Sent twice it counts once, so what may
// have arrived is never changed under its name. An answer tells which answer it was given upon, so
// that the server can join what two tablets said.
const set = document.querySelector("[data-checklist]");
const words = set.dataset;
const audit = Number(words.audit);
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
const mine = async () => (await all()).filter((item) => item.audit === audit && item.user === user);
const answersTo = async (line) => (await mine()).filter((item) => item.kind === "answer" && item.line === line);
const ready = (item) => !item.refused && (item.kind !== "answer" || item.result);

// One after the other: what was read of the tablet still stands when it is written.
let last = Promise.resolve();
function inTurn(act) {
  const done = last.then(act);
  last = done.catch(() => {});
  return done;
}

// ---- the page

const formOf = (kind, line) => document.querySelector(`form[data-${kind}="${line}"]`);

function wrong(form, sentence) {
  const place = form.querySelector("[data-wrong]");
  place.textContent = sentence;
  place.hidden = !sentence;
}

function written(form) {
  return { result: form.elements.result.value, note: form.elements.note.value.trim() };
}

function write(form, { result, note }) {
  for (const radio of form.elements.result) radio.checked = radio.value === result;
  if (form.elements.note.value.trim() !== note) form.elements.note.value = note;
}

// What the server is known to have of each line: the same once more is no answer.
const known = new Map();
const same = (one, other) => one.result === other.result && one.note === other.note;

function stands(form, told) {
  known.set(form, told);
  const article = form.closest("article");
  article.querySelector("[data-stands]").textContent = told.merged || `${told.who}, ${told.at}`;
  article.querySelector("[data-finding]").hidden = !["nonconforming", "remark"].includes(told.result);
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
  const own = rows.filter((item) => item.audit === audit && item.user === user);
  const waiting = own.filter(ready).length;
  const unfinished = own.length - waiting;
  const parts = [];
  if (hindrance) parts.push(hindrance);
  if (writing) parts.push(words.writing);
  else if (waiting) parts.push(`${words.waiting} ${waiting}.`);
  else if (!unfinished) parts.push(words.allSent);
  if (unfinished) parts.push(`${words.unfinished} ${unfinished}.`);
  if (rows.some((item) => item.user !== user)) parts.push(words.other);
  if (reopens) parts.push(words.reopens);
  say(parts.join(" "));
  if (hindrance === words.signedOut) {
    const link = document.createElement("a");
    link.href = words.signIn;
    link.textContent = words.signInWords;
    set.append(" ", link);
  }
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
    user,
    audit,
    line,
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
  if (!Object.values(fields).some((value) => value.trim())) return;
  const { refused } = form.dataset;
  delete form.dataset.refused;
  form.reset();
  wrong(form, "");
  hold(form, async () => {
    try {
      await keep({ kind: "sample", token: name(), user, audit, line: Number(form.dataset.sample), fields, at: Date.now(), action: form.action });
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
    keep({ kind: "file", token: name(), user, audit, line: Number(form.dataset.file), file, title: file.name, at: Date.now(), action: form.action }),
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
    if (answer.redirected || (!json && [400, 401, 403].includes(answer.status))) throw new Away(words.signedOut);
    if (answer.status === 413) return { status: 413, told: { wrong: (await answer.text()).trim() } };
    if (!json || answer.status >= 500 || answer.status === 429) throw new Away(words.away);
    return { status: answer.status, told: await answer.json() };
  } catch (error) {
    throw error instanceof Away ? error : new Away(words.away);
  }
}

async function state() {
  const { status, told } = await ask(words.state, PATIENCE);
  if (status !== 200 || told.user !== user) throw new Away(words.signedOut);
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
  if (status !== 200) await inTurn(() => refuse(form, item, status, told.wrong));
  else if (item.kind === "answer") await inTurn(() => settle(form, item, told));
  else {
    await forget(item.token);
    enter(form, item.kind === "sample" ? "[data-samples]" : "[data-files]", told.words ?? told.name);
  }
}

async function settle(form, item, told) {
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
// file is chosen. What the audit does not take now it may take later.
async function refuse(form, item, status, sentence) {
  if (form) wrong(form, item.kind === "file" ? `${item.title}: ${sentence}` : sentence);
  if (![413, 422].includes(status)) return;
  if (item.kind === "file") await forget(item.token);
  else if (item.kind === "sample") {
    await keep({ ...item, refused: sentence });
    giveBack(form, item.token, item.fields, sentence);
  } else if ((await answersTo(item.line)).length > 1) await forget(item.token);
  else await keep({ ...item, tried: false });
}

function giveBack(form, token, fields, sentence) {
  if (!form || Object.keys(fields).some((key) => form.elements[key].value)) return;
  fill(form, fields);
  form.dataset.refused = token;
  form.closest("details").open = true;
  wrong(form, sentence);
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

// Send what waits; return what keeps it here, if anything does.
async function round() {
  try {
    const told = await state();
    const waiting = (await mine()).filter(ready);
    if (!told.open) return waiting.length ? words.over : "";
    keepPage();
    for (const { token } of waiting) await sendOne(token);
    await refresh(told.answers);
    return "";
  } catch (error) {
    if (error instanceof Away) return error.message;
    throw error;
  }
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
    await tell();
  } catch {
    // Without network or in a private window the page works while it is open.
  } finally {
    keeping = false;
  }
}

// ---- coming back: what was typed before stands in the page again, and only then is more taken up

for (const form of document.querySelectorAll("form[data-answer]")) known.set(form, written(form));

for (const item of await mine()) {
  const form = formOf(item.kind, item.line);
  if (form && item.kind === "answer") write(form, item);
  if (item.refused) giveBack(form, item.token, item.fields, item.refused);
}

for (const form of document.querySelectorAll("form[data-answer]")) {
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
