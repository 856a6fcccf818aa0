// A picture of the face from the front camera, put into an ordinary file input.
//
//   <div data-camera>                       around all of it, inside the form
//     <input type="file" accept="image/jpeg,image/png" capture="user">   works alone, without JS
//     <div data-camera-stage hidden>        holds <video data-camera-video playsinline muted>
//                                           and <canvas data-camera-picture hidden>
//     <button type="button" data-camera-start hidden>打开摄像头</button>
//     <button type="button" data-camera-shoot hidden>拍照</button>
//     <button type="button" data-camera-again hidden>重拍</button>
//     <p data-camera-status role="status">  says what went wrong and what to do
//
// Nothing is shown before somebody asks for the camera. A browser without a camera, or one that
// may not use it, keeps the file input, and the status says why.

const WIDTH = 960;
const QUALITY = 0.92;
const FALLBACK = "也可以点「选择文件」，用手机拍一张或选一张照片。";

const REASONS = {
  NotAllowedError: "没有使用摄像头的权限，请在浏览器设置里允许后再试。",
  SecurityError: "没有使用摄像头的权限，请在浏览器设置里允许后再试。",
  NotFoundError: "没有找到摄像头。",
  OverconstrainedError: "没有找到可用的摄像头。",
  NotReadableError: "摄像头正被其他程序使用，请关闭那个程序后再试。",
  AbortError: "摄像头没有打开，请再试一次。",
};

function arm(root) {
  const part = (name) => root.querySelector(`[data-camera-${name}]`);
  const input = root.querySelector("input[type=file]");
  const [stage, video, picture, status] = ["stage", "video", "picture", "status"].map(part);
  const [start, shoot, again] = ["start", "shoot", "again"].map(part);
  let stream = null;

  function say(text) {
    status.textContent = text;
  }

  function show({ isLive = false, hasPicture = false }) {
    stage.hidden = !isLive && !hasPicture;
    video.hidden = !isLive;
    picture.hidden = !hasPicture;
    start.hidden = isLive || hasPicture;
    shoot.hidden = !isLive;
    again.hidden = !hasPicture;
  }

  function stop() {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
  }

  async function open() {
    if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) {
      say(`这个浏览器不能直接打开摄像头。${FALLBACK}`);
      input.focus();
      return;
    }
    start.disabled = true;
    say("正在打开摄像头，请在浏览器的提问里选“允许”。");
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "user", width: { ideal: WIDTH } },
        audio: false,
      });
      video.srcObject = stream;
      await video.play();
      show({ isLive: true });
      say("请正对摄像头，脸部光线均匀，然后点「拍照」。");
      shoot.focus();
    } catch (error) {
      stop();
      show({});
      say(`${REASONS[error.name] || "摄像头没有打开。"}${FALLBACK}`);
    } finally {
      start.disabled = false;
    }
  }

  function take() {
    const scale = Math.min(1, WIDTH / video.videoWidth);
    picture.width = Math.round(video.videoWidth * scale);
    picture.height = Math.round(video.videoHeight * scale);
    picture.getContext("2d").drawImage(video, 0, 0, picture.width, picture.height);
    picture.toBlob(
      (blob) => {
        if (!blob) {
          say("没有拍成，请再拍一次。");
          return;
        }
        const files = new DataTransfer();
        files.items.add(new File([blob], "camera.jpg", { type: "image/jpeg" }));
        input.files = files.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
        stop();
        show({ hasPicture: true });
        say("已拍好。不满意可以重拍。");
        again.focus();
      },
      "image/jpeg",
      QUALITY,
    );
  }

  start.addEventListener("click", open);
  shoot.addEventListener("click", take);
  again.addEventListener("click", () => {
    input.value = "";
    open();
  });
  // A file that was chosen by hand replaces what the camera took.
  input.addEventListener("change", (event) => {
    if (!event.isTrusted) return;
    stop();
    show({});
    say(input.files.length ? "已选好照片。" : "");
  });
  window.addEventListener("pagehide", () => {
    stop();
    show({ hasPicture: !picture.hidden });
  });
  show({});
}

document.querySelectorAll("[data-camera]").forEach(arm);
