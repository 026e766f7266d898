// Filters findings by severity, family and text; sorts tables by the header that is clicked. All
// content is in the page already: nothing is made of text here.
(() => {
  "use strict";
  const findings = [...document.querySelectorAll("details.finding[data-severity]")];
  const buttons = [...document.querySelectorAll("button.filter")];
  const search = document.querySelector("input[type=search]");
  const shown = document.getElementById("shown");

  const pressed = (kind) =>
    buttons.filter((b) => b.dataset.kind === kind && b.getAttribute("aria-pressed") === "true")
      .map((b) => b.dataset.value);

  const apply = () => {
    const severities = pressed("severity");
    const families = pressed("family");
    const words = search ? search.value.toLowerCase().split(/\s+/).filter(Boolean) : [];
    let count = 0;
    for (const finding of findings) {
      const text = finding.textContent.toLowerCase();
      const fits = (severities.length === 0 || severities.includes(finding.dataset.severity)) &&
        (families.length === 0 || families.includes(finding.dataset.family)) &&
        words.every((word) => text.includes(word));
      finding.hidden = !fits;
      if (fits) count += 1;
    }
    if (shown) shown.textContent = count === findings.length ? "" : `${count} of ${findings.length} shown`;
  };

  for (const button of buttons) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") === "true" ? "false" : "true");
      apply();
    });
  }
  if (search) search.addEventListener("input", apply);

  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.sort === undefined ? cell.textContent : Number(cell.dataset.sort);
  };
  for (const header of document.querySelectorAll("th button")) {
    header.addEventListener("click", () => {
      const cell = header.closest("th");
      const body = cell.closest("table").tBodies[0];
      const column = cell.cellIndex;
      const descending = cell.getAttribute("aria-sort") !== "descending";
      for (const other of cell.parentElement.cells) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const rows = [...body.rows].sort((a, b) => {
        const x = value(a, column);
        const y = value(b, column);
        const order = typeof x === "number" ? x - y : String(x).localeCompare(String(y));
        return descending ? -order : order;
      });
      body.append(...rows);
    });
  }
})();
