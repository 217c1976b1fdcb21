/** Defines <isotretinoin-assistant>, served by the place this script came from. */

import { elementFor } from "./element.tsx";

const NAME = "isotretinoin-assistant";
const script = document.currentScript;
const home = new URL(".", script instanceof HTMLScriptElement ? script.src : location.href).href;

if (!customElements.get(NAME)) customElements.define(NAME, elementFor(home));
