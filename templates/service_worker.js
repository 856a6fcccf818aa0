// Answers while there is no network: with one page of everybody's, which is all that it keeps.
// A form that could not be sent leaves its page as it is (204), and the page is told to say so.
const CACHE = "offline-{{ version }}";
const KEPT = [{% for url in kept %}"{{ url }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const PAGE = "{{ page }}";

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(KEPT.map((url) => new Request(url, { credentials: "omit" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

function tellPages() {
  return self.clients
    .matchAll({ type: "window" })
    .then((pages) => pages.forEach((page) => page.postMessage("not-sent")));
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const path = new URL(request.url).pathname;
  if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  } else if (request.mode === "navigate") {
    event.respondWith(
      fetch(request).catch(() => tellPages().then(() => new Response(null, { status: 204 }))),
    );
  } else if (KEPT.indexOf(path) >= 0) {
    event.respondWith(fetch(request).catch(() => caches.match(path)));
  }
});
