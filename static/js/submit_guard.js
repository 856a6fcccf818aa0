// A form that is on its way cannot be sent again: a second submission is dropped and its buttons
// are disabled until the next page is there, or until it is clear that none comes. The server takes
// a second submission for the same one anyway; this spares the confusion.
// Every form with method=post, except those that htmx sends and [data-no-guard].

const GIVE_UP_MS = 20000;
const sending = new Set();

function buttonsOf(form) {
  return [...form.elements].filter((element) => element.matches("button:not([type=button])"));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target) return;
  if (form.matches("[hx-post], [data-hx-post], [data-no-guard]")) return;
  if (sending.has(form)) {
    event.preventDefault();
    return;
  }
  sending.add(form);
  // After this event: a disabled button would not send its name and value.
  setTimeout(() => {
    for (const button of buttonsOf(form)) button.disabled = true;
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
  });
  setTimeout(release, GIVE_UP_MS);
});

function release() {
  for (const form of sending) {
    for (const button of buttonsOf(form)) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  }
  sending.clear();
}

// It could not be sent (offline.js).
document.addEventListener("not-sent", release);

// Back from the next page, out of the browser's memory: everything as it was.
window.addEventListener("pageshow", release);
