// The contact sheet by keyboard. Without it the boxes, links and buttons do the same.
//
//   [data-sheet]            the form; each of its
//   [data-cell]             cells gets the focus on its box, or on its link [data-open]
//   [data-sheet-approve]    the button that A leads to; Enter then approves
//   [data-sheet-count]      how many are marked
//   [data-sheet-next]       N follows it; [data-sheet-recall]: B leads to it
//   [data-sheet-keys]       what the keys do, hidden in the markup

const form = document.querySelector("[data-sheet]");
const recall = document.querySelector("[data-sheet-recall]");

if (form) {
  const cells = [...form.querySelectorAll("[data-cell]")];
  const approve = form.querySelector("[data-sheet-approve]");
  const count = form.querySelector("[data-sheet-count]");
  const next = form.querySelector("[data-sheet-next]");

  const place = (cell) => cell.querySelector("[type=checkbox]") || cell.querySelector("[data-open]");
  const here = () => cells.indexOf(document.activeElement.closest("[data-cell]"));
  const columns = () => cells.filter((cell) => cell.offsetTop === cells[0].offsetTop).length;

  function tell() {
    const marked = form.querySelectorAll("[data-cell] input:checked").length;
    count.textContent = marked;
    approve.disabled = !marked;
  }

  function move(step) {
    const from = here();
    const to = from < 0 ? 0 : from + step;
    if (cells[to]) place(cells[to]).focus();
  }

  const KEYS = {
    ArrowLeft: () => move(-1),
    ArrowRight: () => move(1),
    ArrowUp: () => move(-columns()),
    ArrowDown: () => move(columns()),
    a: () => approve.focus(),
    b: () => recall && recall.focus(),
    n: () => next && next.click(),
    o: () => here() >= 0 && cells[here()].querySelector("[data-open]").click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const typing = "textarea, select, input:not([type=checkbox])";
    if (event.target.closest && event.target.closest(typing)) return;
    const act = KEYS[event.key] || KEYS[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
  form.addEventListener("change", tell);
  form.querySelector("[data-sheet-keys]").hidden = false;
  tell();
  place(cells[0]).focus({ preventScroll: true });
}
