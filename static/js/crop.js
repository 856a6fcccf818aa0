// A frame of fixed proportions that is moved and resized over a picture.
//
//   <form data-crop="x y width" data-crop-ratio="358:441">
//     <img …>                              the picture; its natural size counts as source pixels
//     <input name="x"> <input name="y"> <input name="width">
//                                          whole source pixels, holding the server's proposal
//
// data-crop names the three inputs: left edge, top edge, width. Without JavaScript they are plain
// number fields. Here they are hidden and the frame writes them: drag to move, drag the corner or
// pinch to resize; arrow keys move (with Shift in large steps), + and - resize; two buttons too.
// A change fires `change` on the width field. A form that comes later fires `crop:new` around it.

const LEAST_SHARE = 0.12; // the narrowest frame, as a share of the widest one possible
const STEP = 0.01; // of the picture's width, for one press of a key
const ZOOM = 1.05;

const clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));

function element(tag, className, properties = {}) {
  return Object.assign(document.createElement(tag), { className, ...properties });
}

function arm(form) {
  const image = form.querySelector("img");
  const inputs = form.dataset.crop.split(" ").map((name) => form.elements[name]);
  const [w, h] = (form.dataset.cropRatio || "358:441").split(":").map(Number);
  const ratio = h / w;
  const source = { width: image.naturalWidth, height: image.naturalHeight };
  const widest = Math.min(source.width, source.height / ratio);
  let [x, y, width] = inputs.map((input) => Number(input.value) || 0);
  if (!width) {
    width = widest;
    x = (source.width - width) / 2;
    y = (source.height - width * ratio) / 2;
  }

  const stage = element("div", "crop");
  const frame = element("div", "crop-frame", { tabIndex: 0 });
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", "裁剪框，用方向键移动，用加号和减号缩放");
  const corner = element("span", "crop-corner");
  frame.append(corner);
  const tools = element("p", "crop-tools");
  const smaller = element("button", "btn line", { type: "button", textContent: "裁小一点" });
  const larger = element("button", "btn line", { type: "button", textContent: "裁大一点" });
  tools.append(smaller, larger);
  image.before(stage);
  stage.append(image, frame);
  stage.after(tools);
  for (const input of inputs) (input.closest(".field") || input).hidden = true;

  function draw() {
    width = clamp(width, widest * LEAST_SHARE, widest);
    x = clamp(x, 0, source.width - width);
    y = clamp(y, 0, source.height - width * ratio);
    const percent = (part, whole) => `${(part / whole) * 100}%`;
    frame.style.left = percent(x, source.width);
    frame.style.top = percent(y, source.height);
    frame.style.width = percent(width, source.width);
    frame.style.height = percent(width * ratio, source.height);
    // Rounded down, and the height follows from the width: never a pixel outside the picture.
    const pixels = Math.floor(width);
    inputs[2].value = pixels;
    inputs[0].value = clamp(Math.floor(x), 0, source.width - pixels);
    inputs[1].value = clamp(Math.floor(y), 0, Math.floor(source.height - Math.round(pixels * ratio)));
  }

  function changed() {
    draw();
    inputs[2].dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Resize about the middle of the frame. */
  function zoom(factor) {
    const next = clamp(width * factor, widest * LEAST_SHARE, widest);
    x += (width - next) / 2;
    y += ((width - next) * ratio) / 2;
    width = next;
    draw();
  }

  const pointers = new Map();
  let isResizing = false;

  frame.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    frame.focus({ preventScroll: true });
    frame.setPointerCapture(event.pointerId);
    isResizing = event.target === corner;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });

  frame.addEventListener("pointermove", (event) => {
    const last = pointers.get(event.pointerId);
    if (!last) return;
    const scale = source.width / image.clientWidth;
    const dx = (event.clientX - last.x) * scale;
    const dy = (event.clientY - last.y) * scale;
    const [, other] = [...pointers].find(([id]) => id !== event.pointerId) || [];
    if (other) {
      const before = Math.hypot(last.x - other.x, last.y - other.y);
      const after = Math.hypot(event.clientX - other.x, event.clientY - other.y);
      if (before > 0) zoom(after / before);
    } else if (isResizing) {
      const room = Math.min(source.width - x, (source.height - y) / ratio);
      width = clamp(width + (dx + dy / ratio) / 2, widest * LEAST_SHARE, room);
    } else {
      x += dx;
      y += dy;
    }
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    draw();
  });

  for (const name of ["pointerup", "pointercancel"]) {
    frame.addEventListener(name, (event) => {
      if (pointers.delete(event.pointerId) && !pointers.size) changed();
    });
  }

  frame.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = source.width * STEP * (event.shiftKey ? 5 : 1);
    const moves = {
      ArrowLeft: () => (x -= step),
      ArrowRight: () => (x += step),
      ArrowUp: () => (y -= step),
      ArrowDown: () => (y += step),
      "+": () => zoom(ZOOM),
      "=": () => zoom(ZOOM),
      "-": () => zoom(1 / ZOOM),
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]();
    changed();
  });

  for (const [button, factor] of [
    [smaller, 1 / ZOOM],
    [larger, ZOOM],
  ]) {
    button.addEventListener("click", () => {
      zoom(factor);
      changed();
    });
  }

  draw();
}

function armAll(root) {
  for (const form of root.querySelectorAll("form[data-crop]")) {
    const image = form.querySelector("img");
    if (!image) continue;
    if (image.complete && image.naturalWidth) arm(form);
    else image.addEventListener("load", () => arm(form), { once: true });
  }
}

armAll(document);
document.addEventListener("crop:new", (event) => armAll(event.target));
