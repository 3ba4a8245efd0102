// Codes of passes to check in, as api/meetings/passes.py makes and checks them; needs no page.

export const STEP_MS = 30e3;
const AROUND = 1;
const MAC_BYTES = 10;
const MANY = 1000000n;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const CODE = /^QY1:(\d{1,10}):(\d{1,6}):(\d{1,12}):([A-Z2-7]{16})$/;
const SPOKEN = /^(\d{1,6})[ -]?(\d{3})[ -]?(\d{3})$/;
const HMAC = { name: "HMAC", hash: "SHA-256" };

// A key that signs and can never be read out again.
export function imported(base64) {
  const raw = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey("raw", raw, HMAC, false, ["sign"]);
}

async function mac({ meeting, number, key }, form, step) {
  const signed = new TextEncoder().encode(`${form}|${meeting}|${number}|${step}`);
  return crypto.subtle.sign("HMAC", key, signed);
}

function base32(bytes) {
  let bits = 0;
  let held = 0;
  let text = "";
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += LETTERS[(held >> bits) & 31];
      held &= (1 << bits) - 1;
    }
  }
  return text;
}

// The text in the picture; `pass` has meeting, number and key.
export async function code(pass, step) {
  const signed = new Uint8Array(await mac(pass, "code", step)).subarray(0, MAC_BYTES);
  return `QY1:${pass.meeting}:${pass.number}:${step}:${base32(signed)}`;
}

async function digits(pass, step) {
  const signed = new DataView(await mac(pass, "spoken", step));
  return String(signed.getBigUint64(0) % MANY).padStart(6, "0");
}

// The same to be read out: the person's number, and six digits.
export async function spoken(pass, step) {
  return `${pass.number} ${await digits(pass, step)}`;
}

// The number of the person that a code names, true or not; null: it is no code.
export function numberOf(text) {
  const found = CODE.exec(text);
  return found ? Number(found[2]) : SPOKEN.test(text) ? Number(SPOKEN.exec(text)[1]) : null;
}

async function stepOf(pass, text, now) {
  const found = CODE.exec(text);
  if (found) {
    const step = Number(found[3]);
    return (await code(pass, step)) === text ? step : null;
  }
  const [, , first, second] = SPOKEN.exec(text);
  for (let step = now - AROUND; step <= now + AROUND; step += 1) {
    if ((await digits(pass, step)) === first + second) return step;
  }
  return null;
}

// Whether a code lets somebody in at an instant, and how many minutes it is old or ahead.
export async function verdict(passOf, meeting, text, at) {
  const found = CODE.exec(text);
  if (found && Number(found[1]) !== meeting) return { said: "other-meeting", minutes: 0 };
  const number = numberOf(text);
  if (number === null) return { said: "unreadable", minutes: 0 };
  const pass = passOf(number);
  if (!pass) return { said: "unknown", minutes: 0 };
  const now = Math.floor(at / STEP_MS);
  const step = await stepOf(pass, text, now);
  if (step === null) return { said: "forged", minutes: 0 };
  const away = now - step;
  if (Math.abs(away) <= AROUND) return { said: "valid", minutes: 0 };
  const minutes = Math.ceil((Math.abs(away) * STEP_MS) / 60e3);
  return { said: away > 0 ? "old" : "ahead", minutes };
}
