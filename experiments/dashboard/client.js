// Keeps a page of the dashboard up to date: puts in what the server sends, and leaves alone what did
// not change, so that focus, scrolling, and what was opened or typed stay as they are.
const main = document.querySelector("main[data-events]");
const connection = document.querySelector("#connection");
let revision = main?.dataset.revision;
let source;

function say(text) {
  if (connection.textContent !== text) connection.textContent = text;
}

function connect() {
  const separator = main.dataset.events.includes("?") ? "&" : "?";
  source = new EventSource(
    `${main.dataset.events}${separator}revision=${encodeURIComponent(revision)}`,
  );
  source.addEventListener("open", () => say("Live."));
  source.addEventListener("news", ({ data }) => update(JSON.parse(data)));
  source.addEventListener("error", () => {
    say("The connection is lost. Trying again …");
    source.close();
    setTimeout(() => document.hidden || source.readyState !== 2 || connect(), 1000);
  });
}

function update(news) {
  revision = news.revision;
  const anchor = [...main.children].find((one) => one.getBoundingClientRect().bottom > 0);
  const before = anchor?.getBoundingClientRect().top;
  const wanted = news.order.map((id) => {
    const old = document.getElementById(id)?.closest("section");
    const text = news.sections[id];
    if (text === undefined) return old;
    const { firstElementChild: section } = new DOMParser().parseFromString(text, "text/html").body;
    if (!old) return document.importNode(section, true);
    morph(old, section);
    return old;
  });
  for (const child of [...main.children]) if (!wanted.includes(child)) child.remove();
  wanted.forEach((section, index) => {
    if (main.children[index] !== section) main.insertBefore(section, main.children[index] ?? null);
  });
  if (anchor?.isConnected) scrollBy(0, anchor.getBoundingClientRect().top - before);
  listContents();
  for (const player of main.querySelectorAll("[data-player]")) follow(player);
}

function parse(text) {
  return new DOMParser().parseFromString(text, "text/html").body.firstElementChild;
}

/** Links to the sections that there are now. */
function listContents() {
  const list = document.querySelector("nav ul");
  if (!list) return;
  const headings = [...main.querySelectorAll("h2")];
  const known = [...list.querySelectorAll("a")].map(({ textContent }) => textContent);
  if (headings.map(({ textContent }) => textContent).join("\n") === known.join("\n")) return;
  list.replaceChildren(...headings.map(({ id, textContent }) => {
    const link = Object.assign(document.createElement("a"), { href: `#${id}`, textContent });
    const item = document.createElement("li");
    item.append(link);
    return item;
  }));
}

/** Makes an element like another one, and changes only what differs. */
function morph(old, wanted) {
  if (old.isEqualNode(wanted) || old.dataset?.kept !== undefined) return;
  if (old.nodeName !== wanted.nodeName || old.nodeName === "svg") {
    old.replaceWith(document.importNode(wanted, true));
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.data = wanted.data;
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!wanted.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  [...wanted.childNodes].forEach((child, index) => {
    const same = child.id ? [...old.children].find(({ id }) => id === child.id) : undefined;
    const there = same ?? old.childNodes[index];
    if (!there) return old.append(document.importNode(child, true));
    if (same && old.childNodes[index] !== same) old.insertBefore(same, old.childNodes[index]);
    morph(there, child);
  });
  while (old.childNodes.length > wanted.childNodes.length) old.lastChild.remove();
}

/** The last picture of a map follows the run; another one stays until it is let go. */
function follow(player) {
  const range = player.querySelector("input");
  if (player.nextElementSibling.dataset.kept === undefined) range.value = range.max;
}

async function showFrame(player) {
  const range = player.querySelector("input");
  const { value } = range;
  const response = await fetch(`${player.dataset.player}&frame=${value}`);
  if (!response.ok || range.value !== value) return;
  const figure = player.nextElementSibling;
  delete figure.dataset.kept;
  morph(figure, parse(await response.text()));
  if (value !== range.max) figure.dataset.kept = "";
}

let playing;

function stop(button) {
  clearInterval(playing);
  playing = undefined;
  button.textContent = "Play";
}

function play(player, button) {
  const range = player.querySelector("input");
  if (range.value === range.max) range.value = 0;
  showFrame(player);
  button.textContent = "Stop";
  playing = setInterval(() => {
    range.value = Number(range.value) + 1;
    showFrame(player);
    if (range.value === range.max) stop(button);
  }, 500);
}

if (main) {
  main.addEventListener("input", ({ target }) => {
    const player = target.closest("[data-player]");
    if (player) showFrame(player);
  });
  main.addEventListener("click", ({ target }) => {
    const player = target.closest("[data-player]");
    if (!player || target.nodeName !== "BUTTON") return;
    if (playing === undefined) play(player, target);
    else stop(target);
  });
  connect();
  // A browser has few connections to one server: a page that nobody sees needs none.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) source.close();
    else if (source.readyState === 2) connect();
  });
}
