// The fields of the tuning page: these alone hold what is tried. Of what is counted a field says
// from which number on, the limit is one less, and its line is drawn between the two.

import { unitOf } from "./figures.js";

const read = {
  span: (field) => `${span(field)}ms`,
  number: (field) => field.valueAsNumber,
  choice: (field) => field.value,
  several: (field) => [...field.querySelectorAll(":checked")].map((chosen) => chosen.value),
};

const filled = {
  span: (field, ms) => {
    field.nextElementSibling.value = unitOf(ms);
    field.valueAsNumber = ms / unitOf(ms);
  },
  number: (field, to) => {
    field.valueAsNumber = to;
  },
  choice: (field, to) => {
    field.value = to;
  },
  several: (field, to) => {
    for (const choice of field.querySelectorAll("input"))
      choice.checked = to.includes(choice.value);
  },
};

const fields = {
  limit: "limit",
  for_ms: "for",
  clear_limit: "clear",
  clear_for_ms: "clear-for",
};

const span = (field) => Math.round(field.valueAsNumber * field.nextElementSibling.value);

export class Form {
  // `own`: the keys of the rule's kind; `limited`: the form of its limits, "" where it has none.
  constructor(form, handles, { own, limited, counted }) {
    Object.assign(this, { form, own, limited, counted });
    this.levels = [...form.querySelectorAll("[data-level]")].map((set, i) => ({
      name: set.dataset.level,
      sign: Number(set.dataset.sign),
      field: (of) => set.querySelector(`[data-of="${of}"]`),
      lines: { clear: handles[2 * i], limit: handles[2 * i + 1] },
    }));
  }

  more(of) {
    return this.counted && of === "limit" ? 1 : 0;
  }

  value(level, of) {
    return level.field(of).valueAsNumber - this.more(of);
  }

  put(level, of, to) {
    level.field(of).value = to + this.more(of);
  }

  drawnAt(level, of) {
    return this.value(level, of) + (this.counted ? 0.5 : 0);
  }

  each(visit) {
    if (!this.limited) return;
    for (const level of this.levels) for (const of of ["limit", "clear"]) visit(level, of);
  }

  get unreadable() {
    const fields = [...this.form.querySelectorAll("[type=number]")];
    return fields.filter((field) => Number.isNaN(field.valueAsNumber));
  }

  // The field at a place of the request, such as `levels[0].for_ms` or `look.window`.
  at(where) {
    const [, i, key] = /^levels\[(\d+)\]\.(\w+)$/.exec(where) ?? [];
    if (key) return this.levels[i].field(fields[key]);
    const [, path] = /^look\.(.+)$/.exec(where) ?? [];
    if (!path) return null;
    const [group] = path.split(/[.[]/);
    const found = (how) => this.form.querySelector(`[data-look${how}][data-type]`);
    const field = found(`="${CSS.escape(path)}"`) ?? found(`^="${CSS.escape(group)}"`);
    return field?.querySelector("input") ?? field;
  }

  look() {
    const made = structuredClone(this.own);
    for (const field of this.form.querySelectorAll("[data-look][data-type]")) {
      const path = field.dataset.look.split(".");
      const last = path.pop();
      path.reduce((of, name) => of[name], made)[last] = read[field.dataset.type](field);
    }
    return made;
  }

  wanted() {
    const { limited } = this;
    return {
      look: this.look(),
      levels: this.levels.map((level) => ({
        level: level.name,
        limit: limited ? this.value(level, "limit") : null,
        for_ms: span(level.field("for")),
        clear_limit: limited ? this.value(level, "clear") : null,
        clear_for_ms: limited ? span(level.field("clear-for")) : 0,
      })),
    };
  }

  // An older version as the draft.
  fill(figures) {
    for (const [path, to] of Object.entries(figures.look)) {
      const field = this.form.querySelector(`[data-look="${path}"][data-type]`);
      filled[field.dataset.type](field, to);
    }
    this.levels.forEach((level, i) => {
      for (const [of, to] of Object.entries(figures.levels[i])) {
        const field = level.field(of);
        if (field) filled[field.dataset.type ?? "number"](field, to);
      }
    });
  }
}
