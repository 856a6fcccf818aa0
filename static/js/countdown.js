// The time left until a moment, by the server's clock: a wrong clock on this device changes nothing.
//
//   <b data-countdown="2026-11-30T16:00:00Z" data-countdown-now="2026-11-23T11:48:02Z">7天 04:12</b>
//
// Both are ISO moments; `now` is the server's time when the page was made. The text that the server
// wrote stays when something is missing. At the end the page is loaded again, once, so that it says
// what is true then.

const MINUTE = 60_000;
const DRIFT_MS = 2 * MINUTE; // the device's clock was changed, or it slept: ask the server again

const two = (number) => String(number).padStart(2, "0");

function words(ms) {
  const seconds = Math.ceil(ms / 1000);
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (days) return `${days}天 ${two(hours)}:${two(minutes)}`;
  return `${two(hours)}:${two(minutes)}:${two(seconds % 60)}`;
}

function run(element) {
  const until = Date.parse(element.dataset.countdown);
  const serverNow = Date.parse(element.dataset.countdownNow);
  if (Number.isNaN(until) || Number.isNaN(serverNow)) return;
  // The moment of the server's answer on the clock that nobody can set.
  const [navigation] = performance.getEntriesByType("navigation");
  const answeredAt = navigation?.responseStart ?? 0;
  const wallAtStart = Date.now() - performance.now();
  const now = () => serverNow + performance.now() - answeredAt;
  if (until <= now()) return;

  const timer = setInterval(tick, 1000);
  function tick() {
    const left = until - now();
    const drift = Math.abs(Date.now() - performance.now() - wallAtStart);
    if (left <= 0 || drift > DRIFT_MS) {
      clearInterval(timer);
      location.reload();
      return;
    }
    element.textContent = words(left);
  }
  tick();
}

document.querySelectorAll("[data-countdown]").forEach(run);
