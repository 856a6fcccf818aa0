// Without a network: a form stays in its page and says so above its button, and pages that cannot be
// loaded are answered by /sw.js. Must stand before submit_guard.js.

const WORDS = "网络断了，填的内容还在这一页。连上网后再点一次，不会办两次。";

function sayNotSent(form) {
  const foot = document.querySelector(".foot");
  const place = foot && foot.children.length ? foot : form;
  for (const old of document.querySelectorAll("[data-not-sent]")) old.remove();
  const note = document.createElement("p");
  note.className = "note bad";
  note.dataset.notSent = "";
  note.setAttribute("role", "alert");
  note.textContent = WORDS;
  place.prepend(note);
}

document.addEventListener("submit", (event) => {
  if (navigator.onLine || event.defaultPrevented || event.target.method !== "post") return;
  event.preventDefault();
  sayNotSent(event.target);
});

window.addEventListener("online", () => {
  for (const old of document.querySelectorAll("[data-not-sent]")) old.remove();
});

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.addEventListener("message", (event) => {
    if (event.data !== "not-sent" || document.hidden) return;
    const form = document.querySelector("main form[method=post]");
    if (form) sayNotSent(form);
    document.dispatchEvent(new Event("not-sent"));
  });
  window.addEventListener("load", () => {
    navigator.serviceWorker.register("/sw.js").catch(() => {}); // a private window has none
  });
}
