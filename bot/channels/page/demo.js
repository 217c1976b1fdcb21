/** The demo page: shows the widget in the page where there is room, lets people try its looks, and writes the lines to copy. */

const assistant = document.querySelector("isotretinoin-assistant");
const playground = document.getElementById("playground");
const wide = matchMedia("(min-width: 60rem)");
const snippet = document.getElementById("snippet");
/** The place a person chose; until then the page decides by the room there is. */
let chosen = "";

function settings() {
  const form = new FormData(playground);
  const colour = form.get("colour") === "own" ? document.getElementById("own-colour").value : form.get("colour");
  return {
    colour,
    theme: form.get("theme"),
    radius: form.get("radius"),
    place: chosen || (wide.matches ? "inline" : "right"),
    heading: document.getElementById("heading").value.trim(),
    country: document.getElementById("site-country").value,
  };
}

/** Return the attributes of the element for what was chosen; an empty value is one that need not be written. */
function attributes({ colour, theme, place, heading, country }) {
  return {
    heading,
    colour,
    theme,
    country,
    position: place === "left" ? "left" : "",
    inline: place === "inline",
  };
}

function show() {
  const now = settings();
  for (const [name, value] of Object.entries(attributes(now))) {
    if (value === true) assistant.setAttribute(name, "");
    else if (value) assistant.setAttribute(name, value);
    else assistant.removeAttribute(name);
  }
  if (now.radius) assistant.style.setProperty("--assistant-radius", now.radius);
  else assistant.style.removeProperty("--assistant-radius");
  playground.elements.place.value = now.place;
  document.body.dataset.place = now.place;
  snippet.textContent = linesFor(now);
}

function linesFor(now) {
  const written = Object.entries(attributes(now))
    .filter(([, value]) => value)
    .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${value.replace(/&/g, "&amp;").replace(/"/g, "&quot;")}"`))
    .join("");
  const lines = [
    `<script src="${new URL("/widget.js", location.href)}" defer></script>`,
    `<isotretinoin-assistant${written}></isotretinoin-assistant>`,
  ];
  if (now.radius) lines.push("", "/* in your stylesheet */", `isotretinoin-assistant { --assistant-radius: ${now.radius}; }`);
  return lines.join("\n");
}

playground.addEventListener("input", (event) => {
  if (event.target.name === "place") chosen = event.target.value;
  if (event.target.id === "own-colour") document.getElementById("own").checked = true;
  show();
});
playground.addEventListener("submit", (event) => event.preventDefault());
wide.addEventListener("change", show);

document.getElementById("ask").addEventListener("click", () => assistant.show());

document.getElementById("copy").addEventListener("click", async () => {
  const copied = document.getElementById("copied");
  try {
    await navigator.clipboard.writeText(snippet.textContent);
    copied.textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(snippet);
    copied.textContent = "Your browser does not let this page copy. The lines are selected: copy them with the keyboard.";
  }
});

show();
