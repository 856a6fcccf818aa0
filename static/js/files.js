// A chosen file that is gone when its form is sent: moved, deleted or changed since, or on a stick
// that was pulled out. The browser would show an error page and forget the form. Here each file is
// read a little first; one that cannot be read is named beside its input, and nothing is sent.
// Every form with method=post. Must stand before submit_guard.js.

const WORDS = "现在读不到了，或者是空的，可能已被移动、删除或改动。请重新选择一次；其他填好的内容都还在。";
const checked = new WeakSet();

async function isReadable(file) {
  if (!file.size) return false; // what a file that is gone looks like to some browsers
  return file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
}

function say(input, file) {
  const note = document.createElement("p");
  note.className = "note bad";
  note.dataset.fileGone = "";
  note.setAttribute("role", "alert");
  note.textContent = `文件「${file.name}」${WORDS}`;
  input.before(note);
  input.value = "";
  input.focus();
}

document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    for (const old of document.querySelectorAll("[data-file-gone]")) old.remove();
    const inputs = [...form.elements].filter((each) => each.type === "file" && each.files.length);
    if (checked.delete(form) || !inputs.length || !form.requestSubmit) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    for (const input of inputs) {
      for (const file of input.files) {
        if (!(await isReadable(file))) {
          say(input, file);
          return;
        }
      }
    }
    checked.add(form);
    form.requestSubmit(event.submitter);
  },
  true, // before whatever else listens
);
