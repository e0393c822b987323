// Fields that name a document by its code: <div data-pick="address"> round an <input>. While
// somebody types, the server is asked; what it finds is a list after the pattern of a combobox.
// data-unknown and data-none are the sentences shown under the field.
const WAIT = 200;

class Pick {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector("input[name]");
    this.said = box.querySelector(".form-text");
    this.list = document.createElement("ul");
    this.list.className = "pick-list";
    this.list.id = `${this.input.id}-list`;
    this.list.role = "listbox";
    this.list.hidden = true;
    this.list.setAttribute("aria-label", box.querySelector("label").textContent.trim());
    this.input.after(this.list);
    this.input.parentElement.classList.add("pick");
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": this.list.id, "aria-autocomplete": "list" })) this.input.setAttribute(name, value);
    for (const each of box.querySelectorAll("button, .picks")) each.hidden = true;
    this.said.setAttribute("aria-live", "polite");
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
  }

  typed() {
    clearTimeout(this.waiting);
    this.asking?.abort();
    if (!this.input.value.trim()) {
      this.close();
      this.say("", false);
      return;
    }
    this.waiting = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    const asked = this.input.value.trim();
    this.asking = new AbortController();
    try {
      const address = `${this.box.dataset.pick}&q=${encodeURIComponent(asked)}`;
      const answer = await fetch(address, { signal: this.asking.signal, headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      this.offer((await answer.json()).found, asked);
    } catch {
      // Away from the server a code can still be typed.
    }
  }

  offer(found, asked) {
    this.list.replaceChildren(...found.map((each, place) => this.option(each, place)));
    const same = found.find((each) => each.code === asked);
    this.say(same ? same.title : found.length ? this.box.dataset.unknown : this.box.dataset.none, !same);
    if (found.length && document.activeElement === this.input) this.open();
    else this.close();
  }

  option(each, place) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${place}`;
    option.role = "option";
    option.dataset.code = each.code;
    option.dataset.title = each.title;
    const code = document.createElement("span");
    code.className = "num";
    code.textContent = each.code;
    option.append(code, ` ${each.title}`);
    if (each.note) option.append(` (${each.note})`);
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.take(option);
    });
    return option;
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const shown = !this.list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.list.children.length) {
      this.open();
      this.mark(step);
    } else if (shown && (event.key === "Enter" || event.key === "Escape")) {
      if (event.key === "Enter" && this.marked) this.take(this.marked);
      this.close();
    } else return;
    event.preventDefault();
  }

  get marked() {
    return this.list.querySelector("[aria-selected=true]");
  }

  mark(step) {
    const all = [...this.list.children];
    const at = all.indexOf(this.marked);
    const next = at < 0 && step < 0 ? all.length - 1 : (at + step + all.length) % all.length;
    for (const [place, option] of all.entries()) option.setAttribute("aria-selected", String(place === next));
    all[next].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", all[next].id);
  }

  take(option) {
    this.input.value = option.dataset.code;
    this.fill(option.dataset);
    this.say(option.dataset.title, false);
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.box.closest("form")?.dispatchEvent(new Event("input"));
  }

  // The number and the name beside a chosen legal text are its own where nobody has typed others.
  fill({ code, title }) {
    const [, row] = this.input.id.match(/^(.+)-document$/) ?? [];
    for (const [name, words] of row ? [["number", code], ["name", title]] : []) {
      const field = document.getElementById(`${row}-${name}`);
      if (field && !field.value.trim()) field.value = words;
    }
  }

  say(words, missing) {
    this.said.textContent = words;
    this.said.classList.toggle("is-missing", missing);
  }

  open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.marked?.removeAttribute("aria-selected");
  }
}

const equip = (root) => {
  for (const box of root.querySelectorAll("[data-pick]")) if (!box.querySelector("[role=combobox]")) new Pick(box);
};

equip(document);
addEventListener("qms:swapped", (event) => equip(event.detail));
