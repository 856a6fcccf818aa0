// The error summary takes the focus when a page comes back with errors, and its links put the
// focus into the field itself, not only the scroll position.
// [data-error-summary] is the summary; its links lead to #<id of the control>.

const CONTROL = "input:not([type=hidden]), select, textarea, button";

const summary = document.querySelector("[data-error-summary]");
if (summary) summary.focus();

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-error-summary] a[href^='#']");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  const control = target.matches(CONTROL) ? target : target.querySelector(CONTROL);
  if (!control) return;
  event.preventDefault();
  (control.closest(".field") || control).scrollIntoView({ block: "center" });
  control.focus({ preventScroll: true });
});
