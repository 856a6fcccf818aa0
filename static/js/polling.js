// A page that asks again by itself rests while nobody looks at it, and asks at once when it is seen.
//
//   <div data-poll hx-get="…" hx-trigger="every 15s, seen" hx-swap="outerHTML">
//
// htmx goes on asking in a hidden tab: its question is held back there. When the tab is shown again
// the element gets the event `seen`.

document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.target.matches("[data-poll]")) event.preventDefault();
});

// The server is told that nobody did this: such questions keep no session open.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.matches("[data-poll]")) event.detail.headers.Unattended = "1";
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  for (const element of document.querySelectorAll("[data-poll]")) {
    element.dispatchEvent(new Event("seen"));
  }
});
