// Boxes for the digits of a code, drawn over an ordinary input that stays what is typed into; the
// wait before the next code; and the form that goes out by itself once nothing is missing.
//
//   <div class="code-boxes"> … <input data-code-boxes="6" form="confirm"> … </div>
//   <button data-resend="42">重新获取验证码</button> <span data-resend-wait>42 秒后可以再获取</span>
//
// Without the script there is the input, and a button that sends nothing before its time.

const MARKS = /[\s\u00a0\u200e\u200f-]/g;

// Full-width digits, spaces and dashes, as people paste them.
function digitsOf(text) {
  return text
    .replace(/[\uff10-\uff19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(MARKS, "");
}

function isComplete(form, input, count) {
  if (!new RegExp(`^\\d{${count}}$`).test(input.value)) return false;
  const others = Array.from(form.elements).filter((each) => each.type === "password");
  const empty = others.find((each) => !each.value);
  if (empty) empty.focus();
  return !empty;
}

function sendBy(form) {
  const button = Array.from(form.elements).find((each) => each.type === "submit");
  if (button && !button.disabled) button.click();
}

function draw(input) {
  const count = Number(input.dataset.codeBoxes);
  const frame = input.closest(".code-boxes");
  const row = document.createElement("span");
  const cells = document.createElement("span");
  row.className = "code-row";
  cells.className = "code-cells";
  cells.setAttribute("aria-hidden", "true");
  const boxes = Array.from({ length: count }, () => cells.appendChild(document.createElement("i")));
  input.after(row);
  row.append(input, cells);
  frame.classList.add("is-drawn");

  function show() {
    const digits = digitsOf(input.value);
    boxes.forEach((box, number) => {
      box.textContent = digits[number] || "";
      const isNow = number === Math.min(digits.length, count - 1);
      box.className = isNow && document.activeElement === input ? "is-now" : "";
    });
  }
  input.addEventListener("input", () => {
    const digits = digitsOf(input.value);
    if (digits !== input.value && digits.length <= count) input.value = digits;
    show();
    if (input.form && isComplete(input.form, input, count)) sendBy(input.form);
  });
  ["focus", "blur"].forEach((name) => input.addEventListener(name, show));
  show();
}

function countDown(button) {
  let left = Number(button.dataset.resend);
  const words = button.textContent;
  const beside = button.parentNode.querySelector("[data-resend-wait]");
  if (!left) return;
  if (beside) beside.hidden = true;
  button.disabled = true;
  const until = performance.now() + left * 1000;
  function tick() {
    left = Math.ceil((until - performance.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? `${left} 秒后可以重发` : words;
    if (left > 0 && button.isConnected) setTimeout(tick, 1000);
  }
  tick();
}

// A screen reader hears only what is put into a place that was there before.
const heard = document.body.appendChild(document.createElement("p"));
heard.className = "visually-hidden";
heard.setAttribute("role", "status");

document.querySelectorAll("input[data-code-boxes]").forEach(draw);
document.querySelectorAll("button[data-resend]").forEach(countDown);
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "code-sent") return;
  document.querySelectorAll("button[data-resend]").forEach(countDown);
  heard.textContent = event.target.textContent;
});
