// The time left until a moment, by the server's clock: a wrong clock on this device changes nothing.
//
//   <b data-countdown="2026-11-30T16:00:00Z" data-countdown-now="2026-11-23T11:48:02Z">7天4小时</b>
//
// Both are ISO moments; `now` is the server's time when the page was made. The text that the server
// wrote stays when something is missing. At the end the page is loaded again, once, so that it says
// what is true then; an element with `data-countdown-done` shows those words instead, because the
// answer to a form cannot be loaded again. With those words, or with `data-countdown-exact`, seconds
// are told: for what people sit out.

const MINUTE = 60000;
const DRIFT_MS = 2 * MINUTE; // the device's clock was changed, or it slept: ask the server again

const two = (number) => String(number).padStart(2, "0");

// As people say it: minutes in the last hour only.
function roughly(ms) {
  const minutes = Math.floor(ms / MINUTE);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  if (days) return hours ? `${days}天${hours}小时` : `${days}天`;
  if (hours) return `${hours}小时`;
  return minutes ? `${minutes}分钟` : "不到1分钟";
}

function exactly(ms) {
  const seconds = Math.ceil(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const ending = `${two(seconds % 60)} 秒`;
  if (hours) return `${hours} 小时 ${minutes} 分 ${ending}`;
  return minutes ? `${minutes} 分 ${ending}` : `${seconds} 秒`;
}

function run(element) {
  const until = Date.parse(element.dataset.countdown);
  const serverNow = Date.parse(element.dataset.countdownNow);
  if (Number.isNaN(until) || Number.isNaN(serverNow)) return;
  // The moment of the server's answer on the clock that nobody can set.
  const navigation = performance.getEntriesByType("navigation")[0];
  const answeredAt = navigation ? navigation.responseStart : 0;
  const wallAtStart = Date.now() - performance.now();
  const now = () => serverNow + performance.now() - answeredAt;
  if (until <= now()) return;
  const done = element.dataset.countdownDone;
  const say = done || "countdownExact" in element.dataset ? exactly : roughly;

  const timer = setInterval(tick, 1000);
  function tick() {
    const left = until - now();
    const drift = Math.abs(Date.now() - performance.now() - wallAtStart);
    if (left <= 0 || drift > DRIFT_MS) {
      clearInterval(timer);
      if (done) element.textContent = done;
      else location.reload();
      return;
    }
    element.textContent = say(left);
  }
  tick();
}

document.querySelectorAll("[data-countdown]").forEach(run);
