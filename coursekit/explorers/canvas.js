// The browser's half of a LiveCanvas: it paints complete frames and says which one it has painted.
// The kernel sends the next frame only then, so none can queue up and none can be half of a picture.

function isDark() {
  const light = document.body.dataset.jpThemeLight; // JupyterLab tells; other pages follow the system
  return light === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : light === "false";
}

// While a control has the focus, letters are not JupyterLab's: b would put a cell below this one.
function keepFromJupyter(event) {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
  const letter = event.key.length === 1 || event.key === "Enter";
  const typed = event.key === "Enter" && event.target.closest?.(".widget-readout"); // the slider takes its number
  if (plain && letter && !typed && event.target.closest?.(".coursekit-box")) event.stopPropagation();
}

function render({ model, el }) {
  const view = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  const leaving = new AbortController(); // takes all listeners away at once
  const signal = leaving.signal;
  let shown = 0; // the number of the newest frame on the screen

  function say(type, content = {}) {
    // What cannot be sent was for a kernel or a widget that is gone.
    try { model.send({ type, view, ...content }); } catch { /* nobody is there to hear it */ }
  }
  let screen = {};
  const look = () => (screen = { ratio: window.devicePixelRatio, dark: isDark() });
  const hello = () => say("hello", { shown, ...look() });
  function screenMayHaveChanged() {
    const { ratio, dark } = screen;
    look();
    if (screen.ratio !== ratio || screen.dark !== dark) say("screen", screen);
  }

  async function paint(png, number, cssWidth) {
    const image = await createImageBitmap(new Blob([png], { type: "image/png" }));
    if (!signal.aborted && number >= shown) {
      // Setting a size wipes the canvas; painting in the same breath, nobody sees it empty.
      if (canvas.width !== image.width) canvas.width = image.width;
      if (canvas.height !== image.height) canvas.height = image.height;
      canvas.style.width = `${cssWidth}px`;
      context.drawImage(image, 0, 0);
      shown = number;
      if (number > 0) {
        // The page keeps it: saved with the notebook, it is what a page without a kernel shows.
        model.set("still", new DataView(png.buffer, png.byteOffset, png.byteLength));
        show(canvas, still);
      }
    }
    image.close();
  }

  async function receive(content, buffers) {
    const mine = content.view === view;
    // A frame for another view is better than nothing.
    if (content.type !== "frame" || (!mine && shown > 0)) return;
    // A frame that cannot be decoded is not acknowledged: the kernel sends it again.
    await paint(buffers[0], content.number, content.css_width);
    // Not after an animation frame: a hidden tab has none, and would hold up the kernel.
    if (mine) say("shown", { number: content.number });
  }

  // A picture for the time until the kernel can answer, or for a page that has none; any frame replaces it.
  let address = null;
  function paintStill() {
    const png = model.get("still");
    if (shown > 0 || !png?.byteLength) return;
    paint(png, 0, model.get("css_size")[0]);
    if (!waited) return;
    URL.revokeObjectURL(address);
    address = still.src = URL.createObjectURL(new Blob([png], { type: "image/png" }));
    show(still, canvas);
  }
  function show(this_one, not_that) {
    this_one.style.display = "block";
    not_that.style.display = "none";
    hint.style.display = this_one === still && waited ? "block" : "none";
  }
  let waited = false;
  const patience = setTimeout(() => { waited = true; if (shown === 0) paintStill(); }, 4000);

  function follow() {
    canvas.setAttribute("aria-label", model.get("label"));
    still.alt = model.get("label");
    canvas.style.opacity = model.get("greyed") ? 0.35 : 1;
  }

  // Pointer: moves are gathered, at most one message per animation frame.
  let place = null;
  function point(kind, event) {
    if (!model.get("listens")) return;
    const box = canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) * canvas.width) / box.width;
    const y = ((box.bottom - event.clientY) * canvas.height) / box.height; // from below, as figures count
    if (kind !== "move") {
      place = null;
      say("pointer", { kind, x, y });
      return;
    }
    if (place === null) requestAnimationFrame(() => {
      if (place !== null) say("pointer", { kind: "move", ...place });
      place = null;
    });
    place = { x, y };
  }

  el.classList.add("jupyter-matplotlib");
  const [width, height] = model.get("css_size");
  Object.assign(canvas, { width, height });
  Object.assign(canvas.style, { display: "block", width: `${width}px`, maxWidth: "100%", height: "auto" });
  canvas.setAttribute("role", "img");
  const still = document.createElement("img");
  Object.assign(still.style, { display: "none", width: `${width}px`, maxWidth: "100%", height: "auto" });
  const hint = document.createElement("div");
  Object.assign(hint.style, { display: "none", padding: "4px 0", opacity: 0.8 });
  hint.textContent = "A still picture: run this cell (Shift + Enter) to bring it to life.";
  el.append(canvas, still, hint);

  for (const [kind, name] of [["move", "pointermove"], ["down", "pointerdown"], ["leave", "pointerleave"]])
    canvas.addEventListener(name, (event) => point(kind, event), { signal });
  // A browser may throw a canvas's memory away; then even the newest frame has to come again.
  canvas.addEventListener("contextrestored", () => { shown = 0; hello(); }, { signal });
  // Whatever went wrong while nobody looked (sleep, a lost connection), ask when somebody looks again.
  document.addEventListener("visibilitychange", () => document.hidden || hello(), { signal });
  window.addEventListener("online", hello, { signal });
  window.addEventListener("resize", screenMayHaveChanged, { signal }); // zoom, another monitor
  window.addEventListener("pagehide", () => say("bye"), { signal });
  window.addEventListener("keydown", keepFromJupyter, { signal, capture: true });
  window.addEventListener("pageshow", (event) => event.persisted && hello(), { signal });
  const theme = new MutationObserver(screenMayHaveChanged);
  theme.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", hello, { signal });

  model.on("msg:custom", receive);
  model.on("change:still", paintStill);
  model.on("change:label change:greyed", follow);
  follow();
  paintStill();
  hello();

  return () => {
    leaving.abort();
    clearTimeout(patience);
    URL.revokeObjectURL(address);
    theme.disconnect();
    model.off("msg:custom", receive);
    model.off("change:still", paintStill);
    model.off("change:label change:greyed", follow);
    say("bye");
  };
}

export default { render };
