// The page's program: asking figures, finding them, and working with the tables. Nothing is loaded and nothing is sent.
"use strict";

const byId = (id) => document.getElementById(id);

// Returns what an object has of its own under a name that may be anything.
const valueIn = (object, name) => (Object.hasOwn(object ?? {}, name) ? object[name] : undefined);

// Returns an element with attributes and children; children are elements or texts.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== ""));
  return element;
}

// What the page knows beside what it shows. It is packed, and unpacked when it is first needed.
let unpacking;
function known() {
  unpacking ??= unpack(byId("known").content.textContent);
  return unpacking;
}

async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}
