// Reads codes with the rear camera into a text field, and submits its form.
//
//   <form data-scan>
//     <input data-scan-field>               works alone: a reader types and presses Enter
//     <button type="button" data-scan-start hidden>用摄像头扫</button>
//     <video data-scan-video playsinline muted hidden></video>
//     <p data-scan-status role="status"></p>
//
// The field has the focus when the page opens, and what stands in it is selected, so that a reader,
// which types like a keyboard, can go on. With
// `data-scan-goes-on` on the form the camera opens by itself on the next page after a scan.
// Browsers without a BarcodeDetector read QR codes with vendor/qr, loaded when it is needed.

const EVERY = 200; // milliseconds between two pictures
const KEPT = "scan-camera"; // sessionStorage: the camera was open when the page was left
const LAST = "scan-last"; // sessionStorage: what was read last, and may still be in view
const GONE_AFTER = 8; // pictures in a row without it; then it can be read once more
const FORMATS = ["qr_code", "code_128", "code_39", "ean_13"];

const REASONS = {
  NotAllowedError: "没有使用摄像头的权限，请在浏览器设置里允许后再试，或手工输入。",
  NotFoundError: "没有找到摄像头，请用扫码枪或手工输入。",
  NotReadableError: "摄像头正被其他程序使用，请关闭那个程序后再试。",
};

async function reader() {
  if ("BarcodeDetector" in window) {
    const known = await window.BarcodeDetector.getSupportedFormats();
    const formats = FORMATS.filter((format) => known.includes(format));
    if (formats.includes("qr_code")) return new window.BarcodeDetector({ formats });
  }
  const { BarcodeDetector } = await import("./vendor/qr/decode.js");
  return new BarcodeDetector({ formats: ["qr_code"] });
}

function arm(form) {
  const field = form.querySelector("[data-scan-field]");
  const start = form.querySelector("[data-scan-start]");
  const video = form.querySelector("[data-scan-video]");
  const status = form.querySelector("[data-scan-status]");
  let isSent = false;
  let unseen = 0;

  async function look(detector) {
    if (isSent) return;
    const found = await detector.detect(video).catch(() => []);
    const text = found.length ? found[0].rawValue : "";
    if (text && text !== sessionStorage.getItem(LAST) && !isSent) {
      isSent = true;
      field.value = text;
      sessionStorage.setItem(KEPT, "open");
      sessionStorage.setItem(LAST, text);
      form.querySelector("[type=submit]").click();
      return;
    }
    unseen = text ? 0 : unseen + 1;
    if (unseen >= GONE_AFTER) sessionStorage.removeItem(LAST);
    setTimeout(() => look(detector), EVERY);
  }

  async function open() {
    start.disabled = true;
    try {
      const wanted = { video: { facingMode: "environment" }, audio: false };
      video.srcObject = await navigator.mediaDevices.getUserMedia(wanted);
      video.hidden = false;
      await video.play();
      status.textContent = "把码对准画面，读到后自动提交。";
      look(await reader());
    } catch (error) {
      status.textContent = REASONS[error.name] || "摄像头没有打开，请用扫码枪或手工输入。";
      start.disabled = false;
    }
  }

  field.focus();
  field.select(); // what was refused stays to be read, and the next scan takes its place
  if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;
  start.hidden = false;
  start.addEventListener("click", () => {
    sessionStorage.removeItem(LAST); // whoever asks for it wants what is in view
    open();
  });
  if (form.hasAttribute("data-scan-goes-on") && sessionStorage.getItem(KEPT)) {
    sessionStorage.removeItem(KEPT);
    open();
  }
}

document.querySelectorAll("form[data-scan]").forEach(arm);
