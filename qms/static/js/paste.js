// Pasting from Word and from pages: what carries meaning stays, all else falls away. A text area
// with data-markdown gets Markdown; other text areas get plain lines. Nothing that is pasted is
// ever run: DOMParser makes a document without scripts, pictures or styles at work.
const GONE = "script, style, xml, meta, link, title, head, template, noscript, object, iframe, svg, img, del, .MsoCommentReference, .msocomanchor, [style*='mso-element:comment'], [style*='mso-hide:all']";
const BLOCKS = new Set("P DIV H1 H2 H3 H4 H5 H6 UL OL LI TABLE BLOCKQUOTE PRE SECTION ARTICLE HEADER FOOTER BODY DL DT DD HR".split(" "));
const BULLET = /^[\u00b7\u2022\u25aa\u25cf\u25cb\u25a0\u25a1\u2013\u2014\u00a7\u00a8\u00d8\u00fc\uf000-\uf0ff*+o-]$/u;
const SYMBOLS = /[\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf02d]/gu;
const RULE = /^([-_*] ?){3,}$/;

const blank = (text) => text.replace(/[\s\u00a0]+/gu, " ");
const style = (element) => (element.getAttribute?.("style") ?? "").replace(/\s+/g, "").toLowerCase();

class Writer {
  constructor(marks) {
    this.marks = marks;
    this.blocks = [];
    this.widths = [];
  }

  text(node) {
    return blank(node.data).replace(SYMBOLS, "-").replace(this.marks ? /[*`\\]/g : /(?!)/g, "\\$&");
  }

  // What stands in one line: bold and slanted words, addresses, breaks.
  inline(node) {
    if (node.nodeType === Node.TEXT_NODE) return this.text(node);
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    const said = style(node);
    if (said.includes("mso-list:ignore") || said.includes("display:none")) return "";
    if (node.nodeName === "BR") return this.marks ? "\\\n" : "\n";
    const inner = [...node.childNodes].map((each) => this.inline(each)).join("");
    if (!this.marks || !inner.trim()) return inner;
    if (node.nodeName === "A") return linked(inner, node.getAttribute("href") ?? "");
    const weight = /font-weight:([a-z]+|\d+)/.exec(said)?.[1];
    const bold = weight ? weight === "bold" || Number(weight) > 500 : /^(B|STRONG)$/.test(node.nodeName);
    const slanted = /font-style:italic/.test(said) || (/^(I|EM|CITE)$/.test(node.nodeName) && !/font-style:normal/.test(said));
    return wrapped(inner, (bold ? "**" : "") + (slanted ? "*" : ""));
  }

  line(node) {
    const said = joined(this.inline(node)).replace(/ *\n */g, "\n").trim().replace(/\\$/, "").trim();
    return this.marks && RULE.test(said) ? `\\${said}` : said;
  }

  add(text, kind = "text", indent = "") {
    if (!text) return;
    this.blocks.push({ text: text.split("\n").map((line, at) => (at && line ? indent + line : line)).join("\n"), kind });
  }

  walk(node) {
    let loose = [];
    const flush = () => {
      if (loose.length) {
        const box = node.ownerDocument.createElement("span");
        box.append(...loose);
        this.add(this.line(box));
      }
      loose = [];
    };
    for (const each of [...node.childNodes]) {
      const block = each.nodeType === Node.ELEMENT_NODE && (BLOCKS.has(each.nodeName) || each.querySelector?.("p, div, table, ul, ol, h1, h2, h3"));
      if (!block) {
        if (each.nodeType !== Node.COMMENT_NODE) loose.push(each.cloneNode(true));
        continue;
      }
      flush();
      this.block(each);
    }
    flush();
  }

  block(node) {
    const name = node.nodeName;
    const heading = /^H([1-6])$/.exec(name)?.[1] ?? (/\bMsoTitle\b/.test(node.className) ? "1" : "");
    if (name === "TABLE") this.table(node);
    else if (name === "UL" || name === "OL") this.list(node, name === "OL");
    else if (heading) this.add((this.marks ? `${"#".repeat(Number(heading))} ` : "") + this.line(node).replaceAll("**", "").replaceAll("\\\n", " "));
    else if (/mso-list:l\d/.test(style(node))) this.item(node, Number(/level(\d)/.exec(style(node))?.[1] ?? 1), marker(node));
    else if (node.querySelector("p, div, table, ul, ol, h1, h2, h3, h4, h5, h6")) this.walk(node);
    else {
      const text = this.line(node);
      const bullet = /^[-\u00b7\u2022\u25aa\u25cf\u25cb\u25a0]\s+/u.exec(text);
      if (!bullet) this.widths = [];
      this.add(bullet ? `- ${text.slice(bullet[0].length)}` : text, bullet ? "item" : "text");
    }
  }

  list(node, numbered, level = 1) {
    let count = Number(node.getAttribute("start") ?? 1);
    for (const each of node.children) {
      if (each.nodeName === "UL" || each.nodeName === "OL") this.list(each, each.nodeName === "OL", level + 1);
      if (each.nodeName !== "LI") continue;
      const inner = [...each.querySelectorAll(":scope > ul, :scope > ol")];
      for (const list of inner) list.remove();
      this.item(each, level, numbered ? `${count++}.` : "-");
      for (const list of inner) this.list(list, list.nodeName === "OL", level + 1);
    }
    if (level === 1) this.widths = [];
  }

  item(node, level, mark) {
    const indent = " ".repeat(this.widths.slice(0, level - 1).reduce((sum, width) => sum + width, 0));
    const text = this.line(node);
    if (!text) return;
    this.widths = [...this.widths.slice(0, level - 1), mark.length + 1];
    const lettered = this.marks && !/^(-|\d+\.)$/.test(mark);
    if (lettered) this.widths[level - 1] = 0;
    this.add(`${indent}${mark} ${text}`, lettered ? "text" : "item", indent + " ".repeat(mark.length + 1));
  }

  table(node) {
    const rows = grid(node).map((cells) => cells.map((cell) => this.cell(cell)));
    const columns = Math.max(...rows.map((row) => row.length), 0);
    const filled = rows.filter((row) => row.some(Boolean));
    if (columns === 1) for (const cell of node.querySelectorAll("td, th")) this.walk(cell);
    if (columns < 2 || !filled.length) return;
    const lines = filled.map((row) => Array.from({ length: columns }, (_, at) => row[at] ?? ""));
    const [head, ...rest] = lines.map((row) => (this.marks ? `| ${row.join(" | ")} |` : row.join(" | ")));
    this.add(this.marks ? [head, `|${" --- |".repeat(columns)}`, ...rest].join("\n") : [head, ...rest].join("\n"), "table");
  }

  cell(cell) {
    if (!cell) return "";
    const inner = new Writer(this.marks);
    inner.walk(cell);
    const text = inner.blocks.map((each) => each.text.replace(/\\?\n/g, " ")).join(" ");
    return text.replaceAll("|", this.marks ? "\\|" : "/").trim();
  }

  get written() {
    let text = "";
    let before = "";
    for (const { text: said, kind } of this.blocks) {
      const near = !this.marks || (kind === "item" && before === "item");
      text += (text && (near ? "\n" : "\n\n")) + said;
      before = kind;
    }
    return text;
  }
}

const joined = (text) => text.replace(/\*\*\*\*/g, "").replace(/[ \u00a0]+/gu, " ");

function wrapped(inner, mark) {
  if (!mark) return inner;
  const [, before, said, after] = /^(\s*)(.*?)(\s*)$/su.exec(inner);
  const back = [...mark].reverse().join("");
  return said.startsWith(mark) ? inner : `${before}${mark}${said}${back}${after}`;
}

const linked = (words, address) => (/^https?:\/\//.test(address) ? `[${words.trim()}](${address.replace(/[()\s]/g, encodeURIComponent)})` : words);

// The mark Word put before a paragraph of a list: a number stays, a bullet of any shape is "-".
function marker(node) {
  const put = [...node.querySelectorAll("span")].find((each) => style(each).includes("mso-list:ignore"));
  const said = blank(put?.textContent ?? "").trim();
  if (!said || BULLET.test(said) || /symbol|wingdings|courier/i.test(put?.innerHTML ?? "")) return "-";
  return /^\d+[.)]$/.test(said) ? said.replace(")", ".") : said;
}

// Cells by row and column: those that span others stand once, the rest of their room is empty.
function grid(table) {
  const rows = [];
  for (const [y, row] of [...table.rows].entries()) {
    rows[y] ??= [];
    let x = 0;
    for (const cell of row.cells) {
      while (rows[y][x] !== undefined) x += 1;
      for (let down = 0; down < Math.min(cell.rowSpan || 1, table.rows.length - y); down += 1) {
        rows[y + down] ??= [];
        for (let across = 0; across < Math.min(cell.colSpan, 60); across += 1) rows[y + down][x + across] = down || across ? null : cell;
      }
      x += Math.min(cell.colSpan, 60);
    }
  }
  return rows.map((row) => Array.from(row, (cell) => cell ?? null));
}

// Markdown (or, without marks, plain lines) of what a clipboard holds as HTML.
export function written(html, marks = true) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const gone of page.querySelectorAll(GONE)) gone.remove();
  const writer = new Writer(marks);
  writer.walk(page.body);
  return writer.written.normalize("NFC");
}

document.addEventListener("paste", (event) => {
  const area = event.target;
  const html = event.clipboardData?.getData("text/html");
  if (!html || !area.matches?.("form[data-keep] textarea")) return;
  const text = written(html, "markdown" in area.dataset);
  if (!text) return;
  event.preventDefault();
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
