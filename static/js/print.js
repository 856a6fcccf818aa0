// A button that prints the page. It stays hidden without JavaScript: the browser's menu prints too.
//
//   <button type="button" data-print hidden>打印</button>

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
