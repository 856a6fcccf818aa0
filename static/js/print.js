// A button that prints the page. It stays hidden without JavaScript: the browser's menu prints too.
//
//   <button type="button" data-print hidden>打印</button>
//
// It may come later, with a fragment that htmx puts into the page.

function show() {
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
document.addEventListener("htmx:load", show);
show();
