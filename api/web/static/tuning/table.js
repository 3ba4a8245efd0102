// What two versions of a rule would have done, side by side.

import { compared } from "./figures.js";

const ROLES = ["deputy", "officer"];

// `trial` is empty where there is none; `stations` has the options that name them.
export function tabled({ now, draft }, { stations, everywhere, levels }) {
  const cells = (row, of, digits = 0, behind = "") => {
    const figure = (outcome) => of(outcome.counts, outcome.reviewed) ?? 0;
    const texts = now ? compared(figure(now), figure(draft), digits, behind) : ["—", "—", "—"];
    [...row.querySelectorAll("td")].forEach((cell, i) => {
      cell.textContent = texts[i];
    });
  };
  const fixed = (key) => document.querySelector(`[data-row="${key}"]`);
  cells(fixed("alerts"), (counts) => counts.alerts);
  cells(fixed("hours"), (counts) => counts.hours, 2);
  for (const who of ROLES) {
    cells(fixed(`messages-${who}`), (counts) => counts.messages[who]);
    cells(fixed(`nights-${who}`), (counts) => counts.nights[who]);
  }
  const reviewed = now?.reviewed;
  document.getElementById("reviewed").hidden = !(reviewed?.true_all || reviewed?.false_all);
  for (const which of ["true", "false"]) {
    const all = `/${reviewed?.[`${which}_all`]}`;
    cells(fixed(`reviewed-${which}`), (_, of) => of[`${which}_kept`], 0, all);
  }
  for (const body of document.querySelectorAll("[data-rows]")) {
    const by = body.dataset.rows;
    const keys = now ? Object.keys({ ...now.counts[by], ...draft.counts[by] }).sort() : [];
    const alone = (by === "by_station" && !everywhere) || (by === "by_level" && levels < 2);
    body.hidden = !keys.length || alone;
    const named = {
      by_level: (key) => body.getAttribute(`data-name-${key}`),
      by_station: (key) => stations.querySelector(`[value="${key}"]`)?.textContent,
      by_month: (key) => key,
    }[by];
    const made = keys.map((key) => {
      const row = rowOf(named(key));
      cells(row, (counts) => counts[by][key]);
      return row;
    });
    body.replaceChildren(body.rows[0], ...made);
  }
}

function rowOf(name) {
  const row = document.createElement("tr");
  const head = Object.assign(document.createElement("th"), { scope: "row", textContent: name });
  const cell = () => Object.assign(document.createElement("td"), { className: "number" });
  row.append(head, cell(), cell(), cell());
  return row;
}
