// What is wider than the page scrolls; a keyboard must be able to reach it.
const wide = ".formula, .highlight pre, .table-wrapper";

function reachable() {
  for (const part of document.querySelectorAll(wide)) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
    else part.removeAttribute("tabindex");
  }
}

addEventListener("load", reachable);
addEventListener("resize", reachable);
