// Opens what is folded before the page is printed, and folds it again afterwards. The five
// answers (.ask) stay as they are: the parts below them tell everything in full.
const opened = new Set();

addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details:not([open], .ask details)")) {
    opened.add(part);
    part.open = true;
  }
});

addEventListener("afterprint", () => {
  for (const part of opened) part.open = false;
  opened.clear();
});
