// Opens what is folded before the page is printed, and folds it again afterwards.
const opened = new Set();

addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details:not([open])")) {
    opened.add(part);
    part.open = true;
  }
});

addEventListener("afterprint", () => {
  for (const part of opened) part.open = false;
  opened.clear();
});
