// Codes to check in: the scripts make and judge them as api/meetings/passes.py does.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  code,
  imported,
  numberOf,
  spoken,
  STEP_MS,
  verdict,
} from "../../api/web/static/meetings/codes.js";

const given = JSON.parse(readFileSync(new URL("passes.json", import.meta.url)));
const key = await imported(Buffer.from(given.key, "hex").toString("base64"));
const pass = { meeting: given.meeting, number: given.number, key };
const step = Math.floor(given.at_ms / STEP_MS);
const passOf = (number) => (number === given.number ? pass : undefined);
const said = async (text, at = given.at_ms, meeting = given.meeting) =>
  (await verdict(passOf, meeting, text, at)).said;

test("a phone shows the codes that the centre takes", async () => {
  assert.equal(await code(pass, step), given.code);
  assert.equal(await spoken(pass, step), given.spoken);
});

test("the key cannot be read out of the browser", async () => {
  assert.equal(key.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("raw", key));
});

test("a desk lets in within the step and the ones beside it", async () => {
  for (const text of [given.code, given.spoken, given.spoken.replace(" ", "")]) {
    assert.equal(numberOf(text), given.number);
    for (const away of [-1, 0, 1])
      assert.equal(await said(text, given.at_ms + away * STEP_MS), "valid");
  }
});

test("a desk says why it does not let in", async () => {
  assert.equal(await said(given.code, given.at_ms + 2 * STEP_MS), "old");
  assert.equal(await said(given.code, given.at_ms - 2 * STEP_MS), "ahead");
  assert.equal(await said(given.spoken, given.at_ms + 2 * STEP_MS), "forged");
  assert.equal(await said(given.code, given.at_ms, 13), "other-meeting");
  assert.equal(await said(given.code.replace(":345:", ":344:")), "unknown");
  assert.equal(
    await said(`${given.code.slice(0, -1)}${given.code.endsWith("A") ? "B" : "A"}`),
    "forged",
  );
  assert.equal(await said("https://example.org"), "unreadable");
  const { minutes } = await verdict(passOf, given.meeting, given.code, given.at_ms + 10 * STEP_MS);
  assert.equal(minutes, 5);
});
