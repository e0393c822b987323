// On each page of a static board: says when its days are over, and searches without a server.
// A plain script, so that it also runs where the folder is opened from a disk.
(() => {
  "use strict";

  // A disk shows a folder, not the page in it.
  if (location.protocol === "file:") {
    for (const link of document.querySelectorAll('a[href$="/"]')) {
      if (link.protocol === "file:") link.href += "index.html";
    }
    for (const form of document.querySelectorAll('form[action$="/"]')) form.action += "index.html";
  }

  const strip = document.querySelector("[data-board]");
  const warn = () => strip.querySelector("[hidden]")?.removeAttribute("hidden");
  const today = (zone) => new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(new Date());
  const over = (last) => Boolean(last) && today(strip.dataset.zone) > last;
  if (strip && over(strip.dataset.last)) warn();
  else if (strip && location.protocol !== "file:") {
    fetch(strip.dataset.board, { cache: "no-cache" })
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((board) => { if (board && over(board.valid_until)) warn(); })
      .catch(() => {});
  }

  const place = document.getElementById("found");
  if (!place) return;
  document.getElementById("without").remove();

  const ONCE = 30;
  const composed = (text) => text.normalize("NFC").toLowerCase();
  const words = (text) => text.replace(/[^\p{L}\p{M}\p{N}.]+/gu, " ").replace(/\.(?!\d)|(?<!\d)\./g, " ").trim();
  // As on the server: no accents, no đ, and i for the y that ends a syllable alone.
  const fold = (text) =>
    words(text.normalize("NFD").toLowerCase().replace(/\p{M}/gu, "").replace(/đ/g, "d"))
      .replace(/(?<![a-z0-9])(qu|[b-df-hj-np-tv-xz]{1,3})y(?![a-z0-9])/g, "$1i");
  const code = (text) => fold(text).replace(/[ .]/g, "");

  const [fields, lines] = self.boardIndex ?? [[], []];
  const entries = lines.map(([way, number, title, field, kind, more]) => {
    const topic = fields[field] ?? "";
    const name = ` ${fold(title)} `;
    return { way, number, title, topic, kind, name, code: code(number), exact: ` ${words(composed(title))} `,
      all: `${name}${fold(number)} ${code(number)} ${fold(topic)} ${fold(more)} ` };
  });

  const search = (typed) => {
    const asked = fold(typed).split(" ").filter(Boolean);
    const exact = words(composed(typed));
    const accented = exact.normalize("NFD") !== exact || exact.includes("đ");
    const has = (text, word, last) => text.includes(last ? ` ${word}` : ` ${word} `);
    const ranked = entries.map((entry, order) => {
      const known = asked.filter((word, at) => has(entry.all, word, at === asked.length - 1)).length;
      const named = asked.every((word, at) => has(entry.name, word, at === asked.length - 1));
      const tier = entry.code === code(typed) ? 4 : entry.name.includes(` ${asked.join(" ")}`) ? 3 : named ? 2 : 1;
      const spelt = accented && entry.exact.includes(` ${exact}`) ? 1 : 0;
      return { entry, known, rank: [known, tier, spelt, -entry.kind, -order] };
    });
    const best = Math.max(0, ...ranked.map((each) => each.known));
    if (!asked.length || best * 2 < asked.length) return { found: [], whole: true };
    const found = ranked.filter((each) => each.known === best).sort((one, other) => {
      const at = one.rank.findIndex((value, index) => value !== other.rank[index]);
      return at < 0 ? 0 : other.rank[at] - one.rank[at];
    });
    return { found: found.map((each) => each.entry), whole: best === asked.length };
  };

  const kinds = JSON.parse(place.dataset.kinds);
  const file = location.protocol === "file:" ? "index.html" : "";
  const line = (entry) => {
    const link = Object.assign(document.createElement("a"), { className: "hit fs-5", textContent: entry.title });
    link.href = entry.way + file;
    const below = Object.assign(document.createElement("div"), { className: "soft" });
    const number = Object.assign(document.createElement("span"), { className: "num", textContent: entry.number });
    below.append(number, entry.kind ? ` · ${kinds[entry.kind]}` : "", entry.topic ? ` · ${entry.topic}` : "");
    const item = document.createElement("li");
    item.append(link, below);
    return item;
  };

  const show = (typed) => {
    const { found, whole } = search(typed);
    const said = found.length ? (whole ? place.dataset.one : place.dataset.some) : place.dataset.none;
    const number = new Intl.NumberFormat("vi").format(found.length);
    place.querySelector("h2").textContent = said.replace("{num}", number).replace("{q}", () => typed);
    const list = place.querySelector("ol");
    const more = place.querySelector("button");
    list.replaceChildren(...found.slice(0, ONCE).map(line));
    list.parentElement.hidden = !found.length;
    more.parentElement.hidden = found.length <= ONCE;
    more.onclick = () => {
      list.append(...found.slice(list.children.length, list.children.length + ONCE).map(line));
      more.parentElement.hidden = found.length <= list.children.length;
    };
    document.getElementById("advice").hidden = found.length > 0;
    place.hidden = false;
  };

  const box = document.getElementById("q");
  const typed = (new URLSearchParams(location.search).get("q") ?? "").slice(0, 200).trim();
  if (typed) {
    box.value = typed;
    show(typed);
  } else {
    box.focus();
  }
})();
