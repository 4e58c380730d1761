// Run inside a page: what a reader would see of it, and what is wrong with its figures.
(() => {
  const luminance = (color) => {
    const [red, green, blue] = color.match(/[\d.]+/g).slice(0, 3).map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const overlap = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;

  const svgs = [...document.querySelectorAll("svg")];
  const problems = [];
  if (svgs.length === 0) problems.push("there is no figure");
  let smallestText = Infinity;
  for (const svg of svgs) {
    const name = svg.querySelector("title")?.textContent ?? "without a title";
    const frame = svg.getBoundingClientRect();
    if (!(frame.width > 100 && frame.height > 50)) problems.push(`${name}: too small`);
    if (!svg.querySelector("desc")?.textContent) problems.push(`${name}: no description`);
    const scale = frame.width / svg.viewBox.baseVal.width;
    const paper = getComputedStyle(svg.querySelector("rect.paper")).fill;
    const shown = [...svg.querySelectorAll("text")].filter((text) => text.textContent !== "");
    const boxes = shown.map((text) => ({ text, box: text.getBoundingClientRect() }));
    for (const [index, { text, box }] of boxes.entries()) {
      const style = getComputedStyle(text);
      smallestText = Math.min(smallestText, scale * parseFloat(style.fontSize));
      const what = `${name}: "${text.textContent}"`;
      if (contrast(style.fill, paper) < 4.5) problems.push(`${what} has too little contrast`);
      const isOutside = box.left < frame.left - 1 || box.right > frame.right + 1 ||
        box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
      if (isOutside) problems.push(`${what} is cut off`);
      for (const other of boxes.slice(index + 1)) {
        if (overlap(box, other.box)) problems.push(`${what} covers "${other.text.textContent}"`);
      }
    }
  }
  return {
    problems,
    smallestText,
    figures: document.querySelectorAll("figure").length,
    scrollWidth: document.documentElement.scrollWidth,
    background: getComputedStyle(document.body ?? document.documentElement).backgroundColor,
    links: [...document.querySelectorAll("a[href]")].map(({ href }) => href).filter((href) =>
      !href.includes("#")
    ),
  };
})();
